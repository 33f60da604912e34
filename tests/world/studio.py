"""A policy studio in small: its people, a draft of Shanghai's measure, a few synthetic people."""

from datetime import date
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.actions.adoptions import Proposed, propose_adoption
from jifen.office.workshop.actions.drafts import begin_draft, save_cells
from jifen.office.workshop.actions.effects import judge_case, order_population
from jifen.office.workshop.models import Adoption, Draft, Population, Revision, Run
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.office.workshop.simulation.due import draw_due, simulate_due
from tests.world.office import staff

ON, SINCE = date(2026, 11, 30), date(2027, 1, 1)
"""The day that the draft is simulated on, and the first day of its version."""
TODAY = "jifen.office.workshop.actions.adoptions.today"
"""What an adoption takes for today: tests hold it, so that the first day stays ahead."""
MASTER = "indicators.education.choice.points.master"
BACHELOR = "indicators.education.choice.points.bachelor_with_degree"
DOCTOR = "indicators.education.choice.points.doctor"
EACH = "indicators.insurance_years.per_unit.each"


class Studio:
    """The studio of Shanghai, with a draft that starts from the measure of 2018."""

    def __init__(self, start: tuple[str, str] = ("shanghai", "2018")) -> None:
        self.drafter = staff("drafter", "policy_drafter")
        self.drafter2 = staff("drafter2", "policy_drafter")
        self.reviewer = staff("policy reviewer", "policy_reviewer")
        self.approver = staff("approver", "policy_approver")
        self.moderator = staff("moderator", "policy_moderator")
        self.draft: Draft = begin_draft(self.drafter, "shanghai", "2027 年调整", start, ON)

    @property
    def key(self) -> UUID:
        """The key of the draft."""
        return self.draft.key

    def hand(self, user: User | None = None, act: str = "see") -> DraftInHand:
        """The draft, in the hands of the drafter or somebody else."""
        return access_draft(user or self.drafter, self.key, act)

    def head(self) -> Revision:
        """The newest revision."""
        return revision_of(self.hand().draft)

    def save(self, cells: dict[str, Any], user: User | None = None) -> Revision:
        """Change cells of the newest revision."""
        hand = self.hand(user, "edit")
        return save_cells(hand, cells, hand.draft.head).revision

    def population(self, people: int = 2_000, seed: int = 7) -> Population:
        """Synthetic people, drawn."""
        made = order_population(self.drafter, "shanghai", "shanghai", people, seed)
        draw_due(timezone.now())
        return Population.objects.get(pk=made.pk)

    def accept_cases(self) -> None:
        """Judge every worked case that the newest revision changes as intended."""
        hand, revision = self.hand(act="judge"), self.head()
        for case in measure_at(self.draft, revision, SINCE).changed_cases:
            judge_case(hand, revision, case.id, case.after.describe_outcome().en, intended=True)

    def propose(self, user: User | None = None, **other: Any) -> Adoption:
        """Propose the newest revision as the version 2027."""
        wanted: dict[str, Any] = {
            "version": "2027",
            "since": SINCE,
            "title_zh": "上海市居住证积分管理办法（2027）",
            "title_en": "Shanghai residence-permit points, 2027",
            "reason": "试行调整，未征求意见",
        }
        with patch(TODAY, return_value=ON):
            return propose_adoption(self.hand(user, "propose"), Proposed(**(wanted | other)))


def simulated(run: Run) -> Run:
    """The run as it is when all that waits was computed."""
    while simulate_due(timezone.now()):
        pass
    return Run.objects.get(pk=run.pk)
