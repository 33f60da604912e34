"""What the studio keeps: editions as they were seen, drafts and their revisions, populations and
the figures of drafts."""

from jifen.office.workshop.models.adoptions import Adoption, AdoptionState
from jifen.office.workshop.models.drafts import (
    CaseFinding,
    Draft,
    DraftState,
    MeasureText,
    Revision,
)
from jifen.office.workshop.models.editions import PolicyEdition
from jifen.office.workshop.models.effects import (
    Label,
    Population,
    PopulationState,
    Run,
    RunState,
    SamplePerson,
)
from jifen.office.workshop.models.studies import Study, StudyKind

__all__ = [
    "Adoption",
    "AdoptionState",
    "CaseFinding",
    "Draft",
    "DraftState",
    "Label",
    "MeasureText",
    "PolicyEdition",
    "Population",
    "PopulationState",
    "Revision",
    "Run",
    "RunState",
    "SamplePerson",
    "Study",
    "StudyKind",
]
