"""The status of a result: its state, the number that may be shown, and its texts.

Every page, command, list, message and API answer takes these from here. None of them compares
points with a threshold or writes an outcome text of its own.
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
