"""Today's rules and a reform on the same people: who gains, who loses, who crosses the line."""

from jifen.lab.reforms.compare import ReformResult, compare_reforms
from jifen.lab.reforms.reform_loading import load_reform

__all__ = ["ReformResult", "compare_reforms", "load_reform"]
