"""The lab as a library: people of any dataframe or file, questions about them, answers that show
themselves in a notebook. `jifen lab` asks the same questions."""

from jifen.lab.library.batch_scorer import SentScorer
from jifen.lab.library.estimates import (
    ask_fairness,
    ask_rake,
    ask_uncertainty,
    ask_years,
    open_people_for_fairness,
    open_people_for_raking,
)
from jifen.lab.library.people import Population, open_people
from jifen.lab.library.questions import ask_quota, ask_reform, ask_run, ask_sweep
from jifen.lab.library.results import Result

__all__ = [
    "Population",
    "Result",
    "SentScorer",
    "ask_fairness",
    "ask_quota",
    "ask_rake",
    "ask_reform",
    "ask_run",
    "ask_sweep",
    "ask_uncertainty",
    "ask_years",
    "open_people",
    "open_people_for_fairness",
    "open_people_for_raking",
]
