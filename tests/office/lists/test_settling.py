"""Who may still settle: not by a decision that is gone, and never without a slip in hand."""

from datetime import date

import pytest
from django.utils import timezone

from jifen.office.casework.models import Decision
from jifen.office.lists.actions import entry_acts
from jifen.office.lists.faults import ListFault
from tests.world.town import Town, through

MONDAY, FORMAL = date(2024, 3, 4), date(2024, 3, 8)


@pytest.mark.parametrize("gone", ["revoked_at", "void_at"])
def test_nobody_settles_by_a_decision_that_is_revoked_or_replaced(town: Town, gone: str) -> None:
    entry = town.listed()
    through(MONDAY, FORMAL)
    Decision.objects.filter(listing=entry).update(**{gone: timezone.now()})
    with pytest.raises(ListFault, match="JF-Q016"):
        entry_acts.settle_entry(town.clerk, entry, FORMAL)
    through(date(2024, 3, 9), date(2024, 3, 11))
    entry.refresh_from_db()
    assert (entry.state, entry.why) == ("removed", "decision_revoked")
