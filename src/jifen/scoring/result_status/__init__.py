"""What a result amounts to: one state, the number that may be shown, and the words for it.

Every page, command, list, message and program reads a result through this package. None of them
compares points with a line or words an outcome by itself.
"""

from jifen.scoring.result_status.derivation import derive_status
from jifen.scoring.result_status.model import Decider, ResultStatus, State
from jifen.scoring.result_status.outcome_texts import (
    describe_decided_outcome,
    describe_future_outcome,
    describe_outcome,
    describe_published_outcome,
    describe_renewal_risk,
)
from jifen.scoring.result_status.serialization import result_to_dict, status_to_dict
from jifen.scoring.result_status.status_texts import StatusTexts, describe_status
from jifen.scoring.result_status.stored_results import derive_stored_status

__all__ = [
    "Decider",
    "ResultStatus",
    "State",
    "StatusTexts",
    "derive_status",
    "derive_stored_status",
    "describe_decided_outcome",
    "describe_future_outcome",
    "describe_outcome",
    "describe_published_outcome",
    "describe_renewal_risk",
    "describe_status",
    "result_to_dict",
    "status_to_dict",
]
