"""The models of the registry."""

from jifen.office.registry.models.people import Person
from jifen.office.registry.models.permits import Permit, PermitEvent
from jifen.office.registry.models.registers import RegisterEntry
from jifen.office.registry.models.ties import ActivationCode, TieContest
from jifen.office.registry.models.units import (
    Invitation,
    Mandate,
    Membership,
    Unit,
    UnitState,
    UnitVersion,
)

__all__ = [
    "ActivationCode",
    "Invitation",
    "Mandate",
    "Membership",
    "Permit",
    "PermitEvent",
    "Person",
    "RegisterEntry",
    "TieContest",
    "Unit",
    "UnitState",
    "UnitVersion",
]
