"""The models of casework."""

from jifen.office.casework.models.application import OPEN, Application, Event, Lane, State
from jifen.office.casework.models.correction import Correction, CorrectionItem
from jifen.office.casework.models.decision import Decision, Outcome
from jifen.office.casework.models.gates import Expedite, Gate, GateState, RegisterCheck
from jifen.office.casework.models.items import FILLED, Edit, Finding, Item
from jifen.office.casework.models.materials import Material, MaterialVersion, Review
from jifen.office.casework.models.points import PointsPeriod
from jifen.office.casework.models.post_decision import FalseRecord, Recheck
from jifen.office.casework.models.workbook import Workbook

__all__ = [
    "FILLED",
    "OPEN",
    "Application",
    "Correction",
    "CorrectionItem",
    "Decision",
    "Edit",
    "Event",
    "Expedite",
    "FalseRecord",
    "Finding",
    "Gate",
    "GateState",
    "Item",
    "Lane",
    "Material",
    "MaterialVersion",
    "Outcome",
    "PointsPeriod",
    "Recheck",
    "RegisterCheck",
    "Review",
    "State",
    "Workbook",
]
