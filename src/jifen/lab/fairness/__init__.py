"""Whom a measure reaches, and what that costs: shares and ratios by group, the spread of points,
places at school, by district."""

from jifen.lab.fairness.costs_file import Costs, SchoolStage, find_costs_file, load_costs
from jifen.lab.fairness.groups import FairGroup, FairGrouping, Ratio
from jifen.lab.fairness.measure import FairnessResult, measure_fairness

__all__ = [
    "Costs",
    "FairGroup",
    "FairGrouping",
    "FairnessResult",
    "Ratio",
    "SchoolStage",
    "find_costs_file",
    "load_costs",
    "measure_fairness",
]
