"""Nobody has asked the public pages yet when a test begins."""

import pytest

from jifen.office.web.budget import BUDGETS


@pytest.fixture(autouse=True)
def empty_budgets() -> None:
    """Else the tests of one minute would count together."""
    for budget in BUDGETS:
        budget.empty()
