"""Every operation called with what it documents, and with what it must refuse."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from jifen.office.api import tokens
from jifen.office.api.site import api
from tests.hypothesis_profiles import each
from tests.office.city import Office

pytestmark = pytest.mark.django_db
SCHEMA: Any = schemathesis.openapi.from_dict(api.get_openapi_schema())
SCHEMA.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _connection_kept() -> Iterator[None]:
    """The connection holds the transaction of the test: requests do not close it (as with Django's
    own test client)."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@SCHEMA.parametrize()  # type: ignore[untyped-decorator] # carries no types
@each(15, 200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_is_answered_otherwise_than_documented(case: Any, db: None) -> None:
    del db
    from jifen.office.registry.models import Unit

    if not Unit.objects.exists():
        Office()
    unit = Unit.objects.get()
    member = unit.memberships.first()
    assert member
    _, secret = tokens.make(member.user, unit, "schema", ["read", "write"])
    case.call_and_validate(
        headers={"Authorization": f"Bearer {secret}"},
        checks=[not_a_server_error, response_schema_conformance, status_code_conformance],
    )
