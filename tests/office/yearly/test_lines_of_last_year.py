"""What a renewal will give is compared with the lines of the last decision."""

import json
from decimal import Decimal

import pytest

from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.casework.renewal.forecast import forecast_renewal
from tests.world.year import FILED, City

pytestmark = pytest.mark.django_db


def test_a_line_that_was_open_in_the_last_decision_gave_nothing(city: City) -> None:
    city.first()
    decision = Decision.objects.get()
    result = json.loads(decision.result)
    age = next(line for line in result["lines"] if line["id"] == "age")
    assert Decimal(str(age["points"])) == 30
    age["points"] = None
    decision.result = json.dumps(result)
    decision.save(update_fields=("result",))
    found = forecast_renewal(PointsPeriod.objects.get(), FILED)
    assert found is not None
    (change,) = (change for change in found.changes if change.line == "age")
    assert [float(change.before), float(change.after)] == [0, 30]
    assert not change.is_loss
