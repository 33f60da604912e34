"""One population under one policy: who reaches the line, why, and who is near; the line for a
quota; several policies side by side.
"""

from jifen.lab.analysis.quota import QuotaResult, find_threshold_for_quota
from jifen.lab.analysis.run import RunResult, analyse_people
from jifen.lab.analysis.side_by_side import SideBySide, compare_side_by_side

__all__ = [
    "QuotaResult",
    "RunResult",
    "SideBySide",
    "analyse_people",
    "compare_side_by_side",
    "find_threshold_for_quota",
]
