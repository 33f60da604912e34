"""One population under one policy: who reaches the line, why, and who is near; the line for a
quota; several policies side by side.
"""

from jifen.lab.analysis.quota import QuotaResult, line_for_quota
from jifen.lab.analysis.run import RunResult, analyse
from jifen.lab.analysis.side_by_side import SideBySide, side_by_side

__all__ = ["QuotaResult", "RunResult", "SideBySide", "analyse", "line_for_quota", "side_by_side"]
