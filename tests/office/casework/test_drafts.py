"""Drafts: what stands in the way of filing, and two people who type at once."""

from datetime import date

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import corrections, decisions, drafts, submission
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Application, Decision, Edit, Item
from jifen.office.casework.queries import Desk, count_by_stage, list_queue
from jifen.office.registry.models import Unit
from jifen.office.waiting.models import WaitKind
from tests.world.office import GOOD, Office, today, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def _lacking(application: Application) -> list[tuple[str, str]]:
    application = Application.objects.get(pk=application.pk)
    faults = submission.list_filing_faults(application, process_of(application))
    return [(fault.code, fault.place) for fault in faults]


def test_a_complete_draft_lacks_nothing(office: Office) -> None:
    assert _lacking(office.with_documents(office.draft()).application) == []


def test_every_document_that_is_missing_is_named(office: Office) -> None:
    case = office.draft()
    lacking = _lacking(case.application)
    assert {code for code, _ in lacking} == {"JF-K022"}
    assert {"permit", "diploma", "degree", "contract"} <= {place for _, place in lacking}
    with pytest.raises(CaseFault, match="Not uploaded yet"):
        submission.submit_case(case, "k")
    assert Application.objects.get().state == "draft"


def test_consent_district_and_a_confirmed_employer_are_needed(office: Office) -> None:
    case = office.with_documents(office.draft())
    Application.objects.update(consent_at=None, district="")
    Unit.objects.update(state="submitted")
    assert _lacking(case.application) == [
        ("JF-K026", ""),
        ("JF-K023", "consent"),
        ("JF-K024", "district"),
    ]


def test_in_shanghai_nobody_files_without_an_employer(office: Office) -> None:
    case = office.with_documents(office.draft())
    Application.objects.update(unit=None)
    assert _lacking(case.application) == [("JF-K025", "")]


def test_the_score_on_the_day_of_filing_is_kept(office: Office) -> None:
    application = office.submitted()
    assert Application.objects.get().estimate["total"] == 166
    assert (application.submit_key, application.state) == (f"key-{application.pk}", "review")
    assert application.policy_version == "2018"
    assert set(application.checks.values_list("state", flat=True)) == {"due"}
    assert application.checks.count() == 5


def test_nobody_is_in_conflict_with_what_they_typed_themselves(office: Office) -> None:
    case = office.draft()
    seen = Application.objects.get().revision
    first = drafts.save_draft(case, typed({"education": "master"}), seen)
    again = drafts.save_draft(case, typed({"education": "doctor"}), seen)
    assert (first.conflicts, again.conflicts) == ((), ())
    assert (first.revision, again.revision) == (seen + 1, seen + 2)
    assert Item.objects.get(fact="education").given == ["doctor"]


def test_what_only_the_other_changed_is_theirs_without_a_conflict(office: Office) -> None:
    case = office.draft()
    seen = Application.objects.get().revision
    drafts.save_draft(
        access_case(office.admin, case.application.key), typed({"education": "master"}), seen
    )
    saved = drafts.save_draft(
        case, typed({"education": GOOD["education"], "title": "level_3"}), seen
    )
    assert saved.conflicts == ()
    assert Item.objects.get(fact="education").given == ["master"]
    assert Item.objects.get(fact="title").given == ["level_3"]


def test_what_was_typed_as_it_stands_is_no_edit(office: Office) -> None:
    case = office.draft()
    before = Edit.objects.count(), Application.objects.get().revision
    drafts.save_draft(case, typed({"education": GOOD["education"]}), 99)
    assert (Edit.objects.count(), Application.objects.get().revision) == before
    drafts.save_draft(case, typed({"education": "master"}), 99)
    edit = Edit.objects.latest("pk")
    assert (edit.fact, edit.typed, edit.by) == ("education", {"text": "master"}, office.operator)
    assert edit.revision == before[1] + 1


def test_a_family_of_twelve_is_kept_whole_and_of_thirteen_in_part(office: Office) -> None:
    case = office.draft()
    family = [{"name": str(number), "relation": "child"} for number in range(13)]
    drafts.set_family(case, family)
    assert Application.objects.get().family == family[:12]


def test_consent_is_given_once(office: Office) -> None:
    office.draft()
    before = Application.objects.get().consent_at
    drafts.give_consent(access_case(office.person_user, Application.objects.get().key))
    assert Application.objects.get().consent_at == before


def test_where_no_measure_is_in_force_nothing_is_begun(office: Office) -> None:
    with pytest.raises(CaseFault, match="No measure is in force on 1990-01-01") as caught:
        drafts.open_draft(
            office.operator, "shanghai", office.person, unit=office.unit, on=date(1990, 1, 1)
        )
    assert caught.value.code == "JF-K002"


# Desks


@pytest.mark.parametrize(("district", "sees"), [("", 1), ("pudong", 1), ("xuhui", 0)])
def test_a_desk_has_the_cases_of_its_district_or_of_the_whole_city(
    office: Office, district: str, sees: int
) -> None:
    application = office.reviewed(office.submitted())
    desk = Desk("shanghai", district, "")
    assert len(list_queue(office.supervisor, desk, today(), WaitKind.DECISION)) == sees
    many = {row["state"]: row["many"] for row in count_by_stage(desk, today())}
    assert many == {"review": 0, "correction": 0, "deciding": sees, "countersign": 0}
    assert list_queue(office.operator, desk, today(), WaitKind.DECISION) == []
    assert list_queue(office.person_user, desk, today(), WaitKind.DECISION) == []
    corrections.ask_correction(
        access_case(office.clerk, application.key),
        [RequestedItem("fact", "education", "unreadable")],
    )
    assert list_queue(office.clerk, desk, today()) == [], "while the applicant acts nothing waits"
    corrections.resubmit_case(access_case(office.operator, application.key))
    assert len(list_queue(office.clerk, desk, today())) == sees
    assert list_queue(office.operator, desk, today()) == []


# Replays


def test_a_replay_says_whether_the_measure_was_edited_since(office: Office) -> None:
    office.decided(office.submitted())
    decision = Decision.objects.get()
    assert not decisions.replay_decision(decision).policy_changed
    decision.policy_hash = "sha256:other"
    replay = decisions.replay_decision(decision)
    assert (replay.policy_changed, replay.same) == (True, True)
    decision.result = decision.result.replace("166", "167")
    assert not decisions.replay_decision(decision).same
