"""Days of a person: what the system will do by itself, and why points will fall."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from jifen.office.casework.event_calendar import list_person_entries
from jifen.office.casework.renewal.forecast import LineItemChange, RenewalFactChange
from jifen.office.registry.models import Permit
from jifen.policy.text import Text
from tests.world.year import END, FILED, City

pytestmark = pytest.mark.django_db
ITSELF = "居住证自动签注（不需要办理）"
OPEN = "可以续签积分"


def _said(city: City) -> list[str]:
    return [day.words.zh for day in list_person_entries(city.person, FILED)]


def test_what_the_system_will_not_look_at_again_is_not_endorsed_by_itself(city: City) -> None:
    city.first()
    before = _said(city)
    assert ITSELF in before
    assert OPEN in before
    Permit.objects.update(look_on=None)
    after = _said(city)
    assert ITSELF not in after
    assert any(words.startswith("居住证签注开始办理") for words in after)
    assert OPEN not in after, "nobody knows yet when it is endorsed"


def test_a_fall_is_explained_by_what_is_known_before_and_after(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.first()
    facts = (
        RenewalFactChange(Text("年龄", "age"), (56, 56), (57, 57)),
        RenewalFactChange(Text("缴费月数", "months"), (84, 90), (84, 84)),
        RenewalFactChange(Text("纳税", "tax"), (1, 1), (0, 5)),
        RenewalFactChange(Text("学历", "education"), None, (1, 1)),
        RenewalFactChange(Text("职称", "title"), (1, 1), None),
    )
    fall = LineItemChange(END, "age", Text("年龄", "age"), Decimal(30), Decimal(28), facts)
    rise = LineItemChange(END, "tax", Text("纳税", "tax"), Decimal(0), Decimal(10), facts)
    monkeypatch.setattr(
        "jifen.office.casework.event_calendar.forecast_renewal",
        lambda *_: SimpleNamespace(later=(fall, rise)),
    )
    falls = [words for words in _said(city) if "降为" in words]
    assert falls == ["年龄由 30 分降为 28 分（年龄 56→57）"]
