"""The mechanisms: a new one is a file of its own here and one line in this list."""

from jifen.policy.mechanisms.accrual import ACCRUAL
from jifen.policy.mechanisms.base import Mechanism, MechanismDeclaration
from jifen.policy.mechanisms.choice import CHOICE
from jifen.policy.mechanisms.condition import CONDITION
from jifen.policy.mechanisms.each_record import EACH_RECORD
from jifen.policy.mechanisms.first_of import FIRST_OF
from jifen.policy.mechanisms.multiplier import MULTIPLIER
from jifen.policy.mechanisms.per_unit import PER_UNIT
from jifen.policy.mechanisms.scale import SCALE
from jifen.policy.mechanisms.sum_of import SUM_OF
from jifen.policy.mechanisms.table import TABLE
from jifen.policy.mechanisms.tiers import TIERS
from jifen.policy.mechanisms.veto import VETO

MECHANISMS: dict[str, MechanismDeclaration] = {
    declared.key: declared
    for declared in (
        SCALE,
        CHOICE,
        TABLE,
        PER_UNIT,
        ACCRUAL,
        TIERS,
        FIRST_OF,
        SUM_OF,
        EACH_RECORD,
        CONDITION,
        MULTIPLIER,
        VETO,
    )
}

__all__ = ["MECHANISMS", "Mechanism", "MechanismDeclaration"]
