"""Years ahead: people age, months accrue, windows slide, cohorts come and go; who reaches the line
in each year under each policy, by a dated file of assumptions."""

from jifen.lab.years.assumptions import Assumptions
from jifen.lab.years.project import project
from jifen.lab.years.read import assumptions_of, load_assumptions, read_assumptions, shipped
from jifen.lab.years.results import YearsResult

__all__ = [
    "Assumptions",
    "YearsResult",
    "assumptions_of",
    "load_assumptions",
    "project",
    "read_assumptions",
    "shipped",
]
