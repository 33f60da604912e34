"""Years ahead: people age, months accrue, windows slide, cohorts come and go; who reaches the line
in each year under each policy, by a dated file of assumptions."""

from jifen.lab.years.assumptions import Assumptions
from jifen.lab.years.assumptions_file import (
    find_assumptions_file,
    load_assumptions,
    read_assumptions,
    shipped_assumptions_file,
)
from jifen.lab.years.projection import project_years
from jifen.lab.years.results import YearsResult

__all__ = [
    "Assumptions",
    "YearsResult",
    "find_assumptions_file",
    "load_assumptions",
    "project_years",
    "read_assumptions",
    "shipped_assumptions_file",
]
