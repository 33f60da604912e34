"""What the log says of every act: who did what to which case, on whose behalf, with what."""

from typing import Any

import pytest

from jifen.office.audit.models import Entry
from jifen.office.audit.verification import verify_log
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    expedited_lane,
    materials,
    post_decision,
    registers,
    review,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.models import Application, Event, MaterialVersion
from jifen.office.registry.actions import members
from jifen.office.registry.models import RegisterEntry
from tests.world.office import Office, person, photo, unit, user

pytestmark = pytest.mark.django_db
ASKED = [
    RequestedItem("fact", "education", "not_matching"),
    RequestedItem("material", "permit", "expired"),
]


@pytest.fixture
def office() -> Office:
    return Office()


def _last(act: str) -> Entry:
    """The last entry of an act."""
    return Entry.objects.filter(act=f"case.{act}").order_by("-number")[0]


def _said(act: str) -> tuple[str, str, dict[str, Any]]:
    """Actor, on whose behalf, and details of the last entry of an act."""
    entry = _last(act)
    return entry.actor, entry.on_behalf_of, entry.details


def _by(someone: Any) -> str:
    return f"user:{someone.pk}"


def test_every_entry_names_the_case_and_its_city(office: Office) -> None:
    application = office.decided(office.submitted())
    rows = Entry.objects.filter(act__startswith="case.")
    assert set(rows.values_list("subject", "city")) == {
        (f"application:{application.pk}", "shanghai")
    }
    assert verify_log()[1] == []


def test_what_the_applicant_does_is_done_for_the_employer(office: Office) -> None:
    application = office.submitted()
    employer = f"unit:{office.unit.pk}"
    operator, own = _by(office.operator), _by(office.person_user)
    assert _said("opened") == (operator, employer, {})
    assert _said("consented") == (own, employer, {})
    assert _said("submitted") == (operator, employer, {"number": application.number})
    version = MaterialVersion.objects.latest("pk")
    details = {"material": version.material.kind, "sha256": [version.document.sha256]}
    assert _said("uploaded") == (operator, employer, details)


def test_what_a_draft_loses_and_chooses_is_recorded(office: Office) -> None:
    case = office.draft()
    (version,) = materials.upload_files(case, "diploma", [("a.jpg", photo("red"))])
    materials.drop_version(case, version)
    assert _said("dropped")[2] == {"material": "diploma"}
    drafts.choose_renewal(case, automatically=True)
    assert _said("renewal_chosen")[2] == {"by_itself": True}
    assert Application.objects.get().renews_itself
    post_decision.withdraw_case(case, "另行申请")
    assert _said("withdrawn") == (_by(office.operator), f"unit:{office.unit.pk}", {})
    assert Event.objects.get(act="withdrawn").words == {"zh": "另行申请", "en": "另行申请"}


def test_an_agency_acts_for_an_employer_and_both_are_named(office: Office) -> None:
    agent = user("agent")
    agency = unit(9, agent, kind="agency")
    members.grant_mandate(office.admin, office.unit, agency)
    somebody = person(2, "李雷")
    drafts.open_draft(agent, "shanghai", somebody, unit=office.unit, agency=agency)
    behalf = f"agency:{agency.pk} for unit:{office.unit.pk}"
    assert _said("opened") == (_by(agent), behalf, {})
    assert Event.objects.get(act="opened").as_role == "agency"


def test_somebody_who_files_themself_acts_for_nobody_else(office: Office) -> None:
    drafts.open_draft(office.person_user, "chengdu", office.person, unit=None, district="wuhou")
    assert _said("opened") == (_by(office.person_user), "person", {})


def test_what_staff_do_is_done_for_nobody(office: Office) -> None:
    application = office.submitted()
    clerk = access_case(office.clerk, application.key)
    review.take_gate(clerk, "office")
    assert _said("taken") == (_by(office.clerk), "", {"gate": "office"})
    review.release_gate(clerk, "office")
    assert _said("released") == (_by(office.clerk), "", {"gate": "office"})
    review.record_finding(
        clerk, FactFinding("education", "corrected", ["college"], "not_matching", "不符")
    )
    details = {"fact": "education", "finding": "corrected", "reason": "not_matching"}
    assert _said("found") == (_by(office.clerk), "", details)
    assert (
        list(Event.objects.filter(by=office.clerk).values_list("as_role", "internal"))
        == [("clerk", True)] * 3
    )


def test_a_correction_names_what_was_asked_and_which_it_was(office: Office) -> None:
    application = office.submitted()
    corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    items = ["fact:education", "material:permit"]
    assert _said("correction_asked") == (_by(office.clerk), "", {"items": items})
    assert not Event.objects.get(act="correction_asked").internal
    corrections.resubmit_case(access_case(office.operator, application.key))
    assert _said("resubmitted")[2] == {"correction": 1}


def test_what_lapses_does_so_by_the_system(office: Office) -> None:
    application = office.submitted()
    made = corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    corrections.lapse_overdue_cases(made.due_on.replace(year=made.due_on.year + 1))
    assert _said("lapsed") == ("system", "", {})
    event = Event.objects.get(act="lapsed")
    assert (event.by, event.as_role, event.internal) == (None, "system", False)
    corrections.reverse_lapse(access_case(office.supervisor, application.key), "本人住院")
    assert _said("lapse_reversed") == (_by(office.supervisor), "", {})
    assert Event.objects.get(act="lapse_reversed").words["zh"] == "本人住院"


def test_a_decision_is_named_by_number_and_outcome(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(access_case(office.clerk, application.key))
    decisions.send_back(access_case(office.senior, application.key), "再核实", ("education",))
    assert _said("proposed") == (_by(office.clerk), "", {"decision": 1, "outcome": "reached"})
    assert _said("sent_back") == (_by(office.senior), "", {"facts": ["education"]})
    assert list_open_facts(application, "office") == ["education"]
    office.decided(Application.objects.get(), education="none")
    assert _said("proposed")[2] == {"decision": 2, "outcome": "below"}
    assert _said("decided") == (_by(office.senior), "", {"decision": 2, "outcome": "below"})
    internal = dict(Event.objects.values_list("act", "internal"))
    assert internal["proposed"], "a proposal is not told before it is signed"
    assert internal["sent_back"]
    assert not internal["decided"]
    assert Event.objects.get(act="decided").words == {
        "details": {"decision": 2, "outcome": "below"}
    }


def test_a_lane_names_its_ground_and_what_was_said_to_it(office: Office) -> None:
    application = office.submitted()
    request = expedited_lane.ask_expedite(
        access_case(office.operator, application.key), "illness", "住院"
    )
    assert _said("expedite_asked")[2] == {"ground": "illness"}
    lead = access_case(office.supervisor, application.key)
    expedited_lane.decide_expedite(lead, request, approve=False, words="材料不足")
    details = {"ground": "illness", "approved": False}
    assert _said("expedite_decided") == (_by(office.supervisor), "", details)
    assert Event.objects.get(act="expedite_decided").words["zh"] == "材料不足"


def test_an_employer_is_changed_from_one_to_another(office: Office) -> None:
    application = office.submitted()
    other = unit(2)
    lead = access_case(office.supervisor, application.key)
    post_decision.change_employer(lead, other, "换工作")
    details = {"from": office.unit.pk, "to": other.pk}
    assert _said("employer_changed") == (_by(office.supervisor), "", details)
    left = Application.objects.get()
    assert (left.unit, left.agency, left.consent_at) == (other, None, None)
    drafts.give_consent(access_case(office.person_user, application.key))
    assert _said("consented")[1] == f"unit:{other.pk}"
    agreed = Application.objects.get().consent_at
    assert agreed is not None
    post_decision.change_employer(lead, other, "同一单位")
    assert Application.objects.get().consent_at == agreed, "the same employer changes nothing"


@pytest.mark.parametrize(("kind", "city"), [("agency", "shanghai"), ("employer", "chengdu")])
def test_a_case_goes_to_no_agency_and_no_employer_of_another_city(
    office: Office, kind: str, city: str
) -> None:
    application = office.submitted()
    other = unit(2, kind=kind, city=city)
    with pytest.raises(Exception, match="JF-K060: This is no employer of the city"):
        post_decision.change_employer(access_case(office.supervisor, application.key), other, "x")
    assert Application.objects.get().unit == office.unit


def test_a_recheck_names_its_lines_and_its_outcome(office: Office) -> None:
    application = office.decided(office.submitted())
    lines = [{"line": "education", "words": "理由"}, {"line": "age", "words": "理由"}]
    post_decision.ask_recheck(access_case(office.person_user, application.key), lines)
    employer = f"unit:{office.unit.pk}"
    asked = {"lines": ["education", "age"]}
    assert _said("recheck_asked") == (_by(office.person_user), employer, asked)
    senior = access_case(office.senior2, application.key)
    post_decision.decide_recheck(senior, "证书不符", {"education": "college"})
    details = {"outcome": "changed", "lines": ["education"]}
    assert _said("recheck_decided") == (_by(office.senior2), "", details)
    post_decision.ask_recheck(access_case(office.person_user, application.key), lines[:1])
    post_decision.decide_recheck(access_case(office.supervisor, application.key), "维持")
    assert _said("recheck_decided")[2] == {"outcome": "upheld", "lines": []}


def test_false_material_is_found_answered_and_decided(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.clerk, application.key), "education", "假证"
    )
    details = {"fact": "education", "record": record.pk, "told_by": "account"}
    assert _said("false_found") == (_by(office.clerk), "", details)
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "认可"
    )
    assert _said("false_answered")[0] == _by(office.person_user)
    record.refresh_from_db()
    assert (record.answer, record.answered_at is not None) == ("认可", True)
    senior = access_case(office.senior, application.key)
    post_decision.decide_false_material(senior, record, stands=True, words="成立")
    assert _said("false_decided") == (_by(office.senior), "", {"stands": True})
    assert Event.objects.get(act="false_decided").words["en"] == "成立"


def test_what_a_register_confirms_is_the_systems(office: Office) -> None:
    application = office.submitted()
    RegisterEntry.objects.create(
        register="household",
        city="shanghai",
        key_index=office.person.identity_index,
        facts={"birth_date": "1990-01-01", "permit_valid": False},
        as_of=application.on,
    )
    assert registers.ask_due_registers() == 5
    details = {"register": "household", "facts": ["birth_date"]}
    assert _said("register_answered") == ("system", "", details)
    item = application.items.get(fact="birth_date")
    assert (item.finding, item.source, item.found_by) == ("confirmed", "register:household", None)
    differs = application.items.get(fact="permit_valid")
    assert differs.finding == "open"
    assert differs.conflict == [
        {"source": "register:household", "value": False, "as_of": str(application.on)}
    ]
