"""Every operation called with what it documents, and with what it must refuse."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from jifen.office.api import tokens
from jifen.office.api.site import api
from tests.hypothesis_profiles import each
from tests.world.office import Office

pytestmark = pytest.mark.django_db
SCHEMA: Any = schemathesis.openapi.from_dict(api.get_openapi_schema())


def _with_address(app: Any) -> Any:
    """Requests come from an address, as behind any server: reads are logged with it."""

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        return app(environ | {"REMOTE_ADDR": "127.0.0.1"}, start_response)

    return answer


SCHEMA.app = _with_address(get_wsgi_application())
OPERATIONS = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}
CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance]


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


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_no_request_is_answered_otherwise_than_documented(label: str, mode: Any, db: None) -> None:
    del db
    office = Office()
    _, secret = tokens.create_token(office.admin, office.unit, "schema", ["read", "write"])
    headers = {"Authorization": f"Bearer {secret}"}

    @each(8, 200, suppress_health_check=[HealthCheck.filter_too_much])
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()
