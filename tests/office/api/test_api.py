"""An employer's own system files by the API: the same rules, doors and words as the pages."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from jifen.office.api import tokens
from jifen.office.api.site import api
from jifen.office.audit.models import Access, Entry
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.models import Application
from jifen.office.registry.models import Membership
from tests.world.office import GOOD, Office, identity, photo, unit, user
from tests.world.program import Program

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def program(office: Office) -> Program:
    return Program(office)


def _new(number: int = 5, **facts: Any) -> dict[str, Any]:
    who = {"name": "王小明", "identity_number": identity(number)}
    return who | {"facts": GOOD | facts}


def test_a_case_is_filed_from_beginning_to_receipt(office: Office, program: Program) -> None:
    made = program.call("post", "/applications", _new())
    assert made.status_code == 201
    key = made.json()["key"]
    assert {f["place"] for f in made.json()["lacking"]} >= {"consent", "diploma"}
    for want in program.call("get", f"/applications/{key}/documents").json():
        sent = program.client.post(
            f"/api/v1/applications/{key}/documents/{want['id']}",
            {"file": SimpleUploadedFile("x.jpg", photo())},
            headers={"Authorization": f"Bearer {program.secret}"},
        )
        assert sent.status_code == 201, sent.content
    filed = program.call("post", f"/applications/{key}/submit")
    assert (filed.status_code, filed.json()["state"]) == (200, "review")
    number = filed.json()["number"]
    assert program.call("post", f"/applications/{key}/submit").json()["number"] == number
    acts = [e["act"] for e in program.call("get", f"/applications/{key}/events").json()]
    assert acts[0] == "opened"
    assert acts[-1] == "submitted"
    ask_due_registers()
    office.decided(Application.objects.get(key=key))
    decision = program.call("get", f"/applications/{key}").json()["decision"]
    assert (decision["outcome"], decision["total"]) == ("reached", 166.0)
    assert decision["result"]["schema"] == "jifen.assessment.v1"


def test_the_same_key_gives_the_same_answer_and_makes_one_case(program: Program) -> None:
    first = program.call("post", "/applications", _new(), **{"Idempotency-Key": "k1"})
    again = program.call("post", "/applications", _new(), **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert Application.objects.count() == 1
    other = program.call("post", "/applications", _new(6), **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "JF-A001")


def test_faults_are_problems_with_a_code_a_place_and_words(program: Program) -> None:
    bad = _new() | {"identity_number": "310101199001019999"}
    answer = program.call("post", "/applications", bad)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["place"]) == ("JF-G022", "identity")
    assert "310101199001019999" not in answer.content.decode()
    unknown = program.call("post", "/applications", _new() | {"facts": {"educaton": "master"}})
    assert (unknown.status_code, unknown.json()["place"]) == (422, "educaton")
    assert Application.objects.count() == 0
    english = program.call("post", "/applications", bad, **{"Accept-Language": "en"})
    assert "identity number is wrong" in english.json()["title"]
    missing = program.call("post", "/applications", {"name": "x"})
    assert (missing.status_code, missing.json()["place"]) == (422, "body.identity_number")


def test_a_token_opens_its_unit_only_while_its_maker_belongs_to_it(
    office: Office, program: Program
) -> None:
    key = program.call("post", "/applications", _new()).json()["key"]
    stranger = user("stranger")
    other = unit(2, stranger)
    _, secret = tokens.create_token(stranger, other, "x", ["read", "write"])
    theirs = {"Authorization": f"Bearer {secret}"}
    assert program.client.get(f"/api/v1/applications/{key}", headers=theirs).status_code == 404
    Membership.objects.create(unit=other, user=office.operator, role="operator")
    office.operator.__dict__.pop("_units", None)
    _, both = tokens.create_token(office.operator, other, "x", ["read"])
    mine = {"Authorization": f"Bearer {both}"}
    assert program.client.get(f"/api/v1/applications/{key}", headers=mine).status_code == 404
    Membership.objects.filter(unit=office.unit, user=office.operator).delete()
    assert program.call("get", "/applications").status_code == 401


def test_scopes_and_ended_tokens(office: Office) -> None:
    reader = Program(office, ("read",))
    assert reader.call("get", "/applications").status_code == 200
    refused = reader.call("post", "/applications", _new())
    assert (refused.status_code, refused.json()["code"]) == (401, "JF-A008")
    assert refused.json()["title"].startswith("没有有效的令牌。")
    tokens.end_token(office.operator, reader.token)
    assert reader.call("get", "/applications").status_code == 401
    assert Entry.objects.filter(act="token.ended").count() == 1


def test_every_operation_wants_a_token() -> None:
    for path, acts in api.get_openapi_schema()["paths"].items():
        address = path.replace("{key}", "1b87eb3d-19d6-4702-8149-464e1fa8b845")
        address = address.replace("{kind}", "diploma").replace("{number}", "1")
        address = address.replace("{notice}", "1b87eb3d-19d6-4702-8149-464e1fa8b845")
        address = address.replace("{points}", "1")
        for method in acts:
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 401, (method, path)


def test_pages_of_a_list_hold_each_case_once(office: Office, program: Program) -> None:
    for number in range(5):
        program.call("post", "/applications", _new(number + 20))
    seen: list[str] = []
    after = ""
    while True:
        page = program.call("get", f"/applications?limit=2&after={after}").json()
        seen += [item["key"] for item in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert program.call("get", "/applications?after=x").status_code == 422


def test_what_somebody_else_changed_is_not_overwritten(office: Office, program: Program) -> None:
    shown = program.call("post", "/applications", _new()).json()
    from jifen.office.casework.access import access_case
    from jifen.office.casework.actions import drafts

    case = access_case(office.admin, shown["key"])
    drafts.save_draft(case, {"education": drafts.FieldInput({"text": "doctor"}, ["doctor"])}, 999)
    path = f"/applications/{shown['key']}/facts?revision={shown['revision']}"
    answer = program.call("patch", path, {"facts": {"education": "college", "title": "senior"}})
    assert answer.json()["conflicts"] == [{"fact": "education", "by": "admin"}]


def test_the_document_is_the_committed_one() -> None:
    made = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"
    assert DOCUMENT.read_text(encoding="utf-8") == made, "write it anew: python tools/openapi.py"


@pytest.mark.django_db(transaction=True)
def test_the_same_key_ten_times_at_once_is_one_case_and_ten_equal_answers() -> None:
    office = Office()
    secret = Program(office).secret
    together = threading.Barrier(10)

    def send(_: int) -> tuple[int, str]:
        together.wait()
        try:
            answer = Client().post(
                "/api/v1/applications",
                _new(),
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k-1"},
            )
            return answer.status_code, answer.content.decode()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))
    assert len(set(answers)) == 1, answers
    assert answers[0][0] == 201
    assert Application.objects.count() == 1


def test_a_key_whose_request_failed_is_free_again(office: Office, program: Program) -> None:
    del office
    wrong = program.call(
        "post", "/applications", _new() | {"name": ""}, **{"Idempotency-Key": "k-2"}
    )
    assert wrong.status_code == 422
    right = program.call("post", "/applications", _new(), **{"Idempotency-Key": "k-2"})
    assert right.status_code == 201


def test_a_case_that_is_read_is_in_the_log_with_the_address(
    office: Office, program: Program
) -> None:
    case = office.draft().application
    assert program.call("get", f"/applications/{case.key}").status_code == 200
    (look,) = Access.objects.filter(act="read", subject=f"application:{case.pk}")
    told = (look.actor, look.source, look.city, look.details)
    by_api = {"what": "case by API"}
    assert told == (f"user:{office.operator.pk}", "127.0.0.1", "shanghai", by_api)
