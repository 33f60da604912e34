"""Synthetic people: drawn from a dated, cited margins file, with dependence between the facts.

They are for trying policies where no register may be used. They are labelled as synthetic in the
file and in a column, and what the margins file only assumes says so.
"""

from jifen.lab.people.check import check_population
from jifen.lab.people.draw import draw_people, generate_batches
from jifen.lab.people.margins_file import Margins, load_margins, read_margins

__all__ = [
    "Margins",
    "check_population",
    "draw_people",
    "generate_batches",
    "load_margins",
    "read_margins",
]
