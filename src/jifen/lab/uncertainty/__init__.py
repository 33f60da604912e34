"""The people at the line as a range over all that is not sure, and what widens it most."""

from jifen.lab.uncertainty.headline import HeadlineRange, UncertainPart, measure_uncertainty

__all__ = ["HeadlineRange", "UncertainPart", "measure_uncertainty"]
