"""A client built from docs/openapi.json alone does what the pages do: files, corrects, renews."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from jifen.office.api.case_descriptions import OFFERED_ACTS, PERSONAL_ACTS, RENEW
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections
from jifen.office.casework.actions.registers import ask_due_registers
from jifen.office.casework.models import Application, PointsPeriod
from jifen.office.casework.rules import APPLICANT, TABLE
from jifen.office.notices.actions import events, printing
from tests.world.document_client import DocumentClient, Refused
from tests.world.office import GOOD, Office, identity, photo
from tests.world.program import Program
from tests.world.year import set_day

pytestmark = pytest.mark.django_db
DOCUMENT = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text("utf-8"))
DAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_day(monkeypatch, DAY)


@pytest.fixture
def office(db: None) -> Office:
    del db
    return Office()


@pytest.fixture
def client(office: Office) -> DocumentClient:
    return DocumentClient(DOCUMENT, Program(office).secret)


def _file(client: DocumentClient, **facts: Any) -> dict[str, Any]:
    body = {"name": "王小明", "identity_number": identity(1), "facts": GOOD | facts}
    key = client.call("begin_application", body)["key"]
    for wanted in client.call("list_documents", key=key):
        client.call("upload", key=key, kind=wanted["id"], file=("x.jpg", photo()))
    filed: dict[str, Any] = client.call("submit", key=key)
    return filed


def _ask(office: Office, key: str) -> None:
    ask_due_registers()
    items = [
        corrections.RequestedItem("fact", "education", "not_matching", "与学信网不一致"),
        corrections.RequestedItem("material", "diploma", "unreadable", "请重新扫描"),
    ]
    case = access_case(office.clerk, key, "ask_correction")
    corrections.ask_correction(case, items, "请在期限内补正")


def test_a_case_is_filed_corrected_renewed_and_its_notice_fetched(
    office: Office, client: DocumentClient
) -> None:
    filed = _file(client)
    key = filed["key"]
    assert (filed["state"], filed["acts"]) == ("review", ["ask_expedite", "withdraw"])
    _ask(office, key)
    shown = client.call("show_application", key=key)
    assert {"edit", "upload", "resubmit"} <= set(shown["acts"])
    client.call("edit", {"facts": {"education": "bachelor_with_degree"}}, key=key)
    client.call("upload", key=key, kind="diploma", file=("new.jpg", photo("red")))
    item = shown["correction"]["items"][1]
    answers = {"answers": [{"id": item["id"], "words": "已重新扫描"}]}
    back = client.call("resubmit", answers, key=key)
    assert (back["state"], back["correction"]) == ("review", None)
    (ended,) = client.call("list_corrections", key=key)
    assert (ended["state"], ended["items"][1]["answer"]) == ("answered", "已重新扫描")
    office.decided(Application.objects.get(key=key))
    events.issue_for_case_events()
    printing.print_due_notices()
    (paper,) = [p for p in client.call("list_notices", key=key) if p["kind"] == "notice"]
    assert paper["ready"]
    assert client.call("fetch_notice", key=key, notice=paper["key"]).startswith(b"%PDF-")
    PointsPeriod.objects.update(until=DAY + timedelta(days=20))
    decided = client.call("show_application", key=key)
    assert {"renew", "ask_recheck"} <= set(decided["acts"])
    (points,) = client.call("list_points")["items"]
    assert (points["id"], points["case"]) == (decided["points"]["id"], key)
    renewal = client.call("renew", points=points["id"])
    assert (renewal["kind"], renewal["state"]) == ("renewal", "draft")
    chosen = client.call("choose_renewal", {"automatically": True}, key=renewal["key"])
    assert chosen["lacking"] == []
    assert client.call("submit", key=renewal["key"])["number"].startswith(filed["number"][:2])
    assert "renew" not in client.call("show_application", key=key)["acts"]


def test_a_correction_says_what_is_asked_why_and_until_when(
    office: Office, client: DocumentClient
) -> None:
    key = _file(client)["key"]
    _ask(office, key)
    correction = client.call("show_application", key=key)["correction"]
    assert (correction["state"], correction["words"]) == ("open", "请在期限内补正")
    assert correction["due_on"] == "2026-03-16", "ten working days after 2 March"
    fact, document = correction["items"]
    assert (fact["kind"], fact["key"], fact["reason"]) == ("fact", "education", "not_matching")
    assert (fact["zh"], fact["reason_zh"], fact["words"]) == (
        "学历学位",
        "与填报内容不一致",
        "与学信网不一致",
    )
    assert fact["before"] == GOOD["education"]
    assert "diploma" in fact["documents"]
    assert document["documents"] == ["diploma"]


def test_facts_are_read_back_with_what_may_be_changed(
    office: Office, client: DocumentClient
) -> None:
    body = {"name": "王小明", "identity_number": identity(1), "facts": GOOD}
    key = client.call("begin_application", body)["key"]
    shown = client.call("show_facts", key=key)
    assert shown["facts"] == json.loads(json.dumps(GOOD))
    assert all(item["may_change"] for item in shown["items"])
    said = client.call("edit", {"facts": {"insured_months": "many"}}, key=key)
    (fault,) = said["faults"]
    assert (fault["code"], fault["place"]) == ("JF-F003", "insured_months")
    client.call("edit", {"facts": {"insured_months": GOOD["insured_months"]}}, key=key)
    for wanted in client.call("list_documents", key=key):
        client.call("upload", key=key, kind=wanted["id"], file=("x.jpg", photo()))
    client.call("submit", key=key)
    _ask(office, key)
    items = client.call("show_facts", key=key)["items"]
    assert [item["fact"] for item in items if item["may_change"]] == ["education"]


def test_a_change_of_what_is_not_asked_is_refused_and_nothing_is_changed(
    office: Office, client: DocumentClient
) -> None:
    key = _file(client)["key"]
    _ask(office, key)
    facts = {"education": "doctor", "title": "senior", "insured_months": 1}
    with pytest.raises(Refused) as refused:
        client.call("edit", {"facts": facts}, key=key)
    problem = refused.value.problem
    assert (problem["status"], problem["code"]) == (422, "JF-K014")
    assert [fault["place"] for fault in problem["faults"]] == ["insured_months", "title"]
    assert "不在这次补正的范围内，没有改动" in problem["title"]
    assert client.call("show_facts", key=key)["facts"]["education"] == GOOD["education"]


def test_a_correction_with_nothing_changed_is_not_sent_by_accident(
    office: Office, client: DocumentClient
) -> None:
    key = _file(client)["key"]
    _ask(office, key)
    with pytest.raises(Refused) as refused:
        client.call("resubmit", key=key)
    assert (refused.value.problem["code"], refused.value.problem["place"]) == ("JF-A014", "anyway")
    assert "没有改动，还没有提交" in refused.value.problem["title"]
    with pytest.raises(Refused) as unknown:
        client.call("resubmit", {"answers": [{"id": 0, "words": "x"}]}, key=key)
    assert (unknown.value.problem["code"], unknown.value.problem["place"]) == (
        "JF-A015",
        "answers.0",
    )
    assert "没有这一项" in unknown.value.problem["title"]
    assert client.call("resubmit", {"anyway": True}, key=key)["state"] == "review"


def test_everything_that_is_wrong_is_told_at_once_in_the_language_asked(office: Office) -> None:
    client = DocumentClient(DOCUMENT, Program(office).secret, "de, en;q=0.8, zh;q=0.3")
    body = {"name": "王小明", "identity_number": "310101199001019999"}
    with pytest.raises(Refused) as refused:
        client.call("begin_application", {**body, "facts": {"shoe": 1, "educaton": "x"}})
    faults = refused.value.problem["faults"]
    assert [(f["code"], f["place"]) for f in faults] == [
        ("JF-G022", "identity"),
        ("JF-A003", "shoe"),
        ("JF-A003", "educaton"),
    ]
    assert faults[2]["title"] == "There is no fact 'educaton'. Write 'education'."
    right = {"name": "王小明", "identity_number": identity(1)}
    key = client.call("begin_application", right)["key"]
    lacking = client.call("show_application", key=key)["lacking"]
    with pytest.raises(Refused) as missing:
        client.call("submit", key=key)
    told = missing.value.problem["faults"]
    assert [(f["code"], f["place"], f["title"]) for f in told] == [
        (f["code"], f["place"], f["en"]) for f in lacking
    ]
    assert len(told) > 5


def test_expedite_and_recheck_are_asked_and_followed(
    office: Office, client: DocumentClient
) -> None:
    key = _file(client)["key"]
    grounds = client.call("list_expedites", key=key)["grounds"]
    assert grounds[0]["evidence_zh"] == "入学登记通知或学校证明"
    asked = {"ground": grounds[0]["id"], "words": "九月入学"}
    assert client.call("ask_expedite", asked, key=key)["approved"] is None
    (row,) = client.call("list_expedites", key=key)["requests"]
    assert (row["ground"], row["words"]) == ("school_enrolment", "九月入学")
    office.decided(Application.objects.get(key=key))
    reasons = [{"line": "education", "words": "学位没有计入"}]
    recheck = client.call("ask_recheck", {"reasons": reasons}, key=key)
    assert (recheck["state"], recheck["reasons"]) == ("open", reasons)
    assert client.call("list_rechecks", key=key) == [recheck]


def test_a_file_is_taken_back(client: DocumentClient) -> None:
    body = {"name": "王小明", "identity_number": identity(1), "facts": GOOD}
    key = client.call("begin_application", body)["key"]
    sent = client.call("upload", key=key, kind="diploma", file=("x.jpg", photo()))
    client.call("drop_document", key=key, kind="diploma", number=sent["number"])
    (diploma,) = [d for d in client.call("list_documents", key=key) if d["id"] == "diploma"]
    assert diploma["versions"] == []


def test_each_act_is_an_operation_of_the_document() -> None:
    operations = {
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    }
    assert operations >= OFFERED_ACTS | {RENEW}
    acts_of_employers = {rule.act for rule in TABLE if APPLICANT in rule.sides}
    assert acts_of_employers - PERSONAL_ACTS == OFFERED_ACTS
