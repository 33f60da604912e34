"""Limits of a case: what is allowed at the limit, and refused one beyond it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from jifen.office.audit.models import Entry
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    corrections,
    drafts,
    materials,
    post_decision,
    review,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.actions.materials import MOST_VERSIONS
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import (
    Application,
    Correction,
    FalseRecord,
    Gate,
    Material,
    MaterialVersion,
)
from tests.world.office import Office, person, photo, tell, user
from tests.world.town import Town, facts_of
from tests.world.year import set_day

pytestmark = pytest.mark.django_db
ASKED = [RequestedItem("fact", "education", "not_matching", "与学信网不一致")]


@pytest.fixture
def office() -> Office:
    return Office()


# Corrections


def test_there_are_three_corrections_and_no_fourth(office: Office) -> None:
    application = office.submitted()
    assert process_of(application).correction.most_rounds == 3
    for _ in range(3):
        corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
        corrections.resubmit_case(access_case(office.operator, application.key))
    with pytest.raises(CaseFault, match="At most 3 corrections here") as caught:
        corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    assert caught.value.code == "JF-K042"
    rows = Correction.objects.values_list("number", "state")
    assert list(rows) == [(1, "answered"), (2, "answered"), (3, "answered")]
    assert Application.objects.get().state == "review"


@pytest.mark.parametrize(
    ("item", "code", "place"),
    [
        (RequestedItem("fact", "no-such-fact", "not_matching"), "JF-K041", "no-such-fact"),
        (RequestedItem("material", "education", "not_matching"), "JF-K041", "education"),
        (RequestedItem("fact", "education", ""), "JF-K043", "education"),
        (RequestedItem("fact", "education", "conditions"), "JF-K043", "education"),
        (RequestedItem("fact", "serious_crime", "not_matching"), "JF-K003", "serious_crime"),
    ],
)
def test_an_item_that_cannot_be_asked_for_is_named(
    office: Office, item: RequestedItem, code: str, place: str
) -> None:
    application = office.submitted()
    with pytest.raises(CaseFault) as caught:
        corrections.ask_correction(access_case(office.clerk, application.key), [*ASKED, item])
    assert (caught.value.code, caught.value.place) == (code, place)
    assert not Correction.objects.exists()


def test_a_correction_names_at_least_one_item(office: Office) -> None:
    application = office.submitted()
    with pytest.raises(CaseFault, match="at least one item") as caught:
        corrections.ask_correction(access_case(office.clerk, application.key), [])
    assert caught.value.code == "JF-K040"


def test_a_department_asks_for_what_is_its_own(office: Office) -> None:
    application = office.submitted()
    crime = [RequestedItem("fact", "serious_crime", "not_matching")]
    with pytest.raises(NotAllowed):
        corrections.ask_correction(access_case(office.police, application.key), ASKED)
    made = corrections.ask_correction(access_case(office.police, application.key), crime, "请说明")
    assert (made.gate, made.asked_by, made.words) == ("police", office.police, "请说明")
    corrections.resubmit_case(access_case(office.operator, application.key))
    gates = dict(application.gates.values_list("gate", "holder__username"))
    assert gates == {"office": None, "police": "police"}
    assert dict(application.gates.values_list("gate", "returned")) == {
        "office": False,
        "police": True,
    }


def test_whoever_asked_has_the_case_for_two_hours_after_the_answer(office: Office) -> None:
    application = office.submitted()
    corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    before = timezone.now()
    corrections.resubmit_case(access_case(office.operator, application.key))
    until = Gate.objects.get(gate="office").held_until
    assert until is not None
    assert before + timedelta(hours=2) <= until <= timezone.now() + timedelta(hours=2)


def test_words_are_kept_as_long_as_there_is_room_for_them(office: Office) -> None:
    application = office.submitted()
    item = RequestedItem("fact", "education", "not_matching", "项" * 2001)
    made = corrections.ask_correction(
        access_case(office.clerk, application.key), [item], "总" * 2001
    )
    assert len(made.words) == 2000
    assert len(made.items.get().words) == 2000


def test_a_correction_lapses_the_day_after_its_last(office: Office) -> None:
    application = office.submitted()
    made = corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    for day in (made.due_on - timedelta(days=1), made.due_on):
        assert corrections.lapse_overdue_cases(day) == 0
    assert corrections.lapse_overdue_cases(made.due_on + timedelta(days=1)) == 1
    assert corrections.lapse_overdue_cases(made.due_on + timedelta(days=2)) == 0, "it lapses once"
    lapsed = Application.objects.get()
    assert (lapsed.state, Correction.objects.get().state) == ("lapsed", "lapsed")
    assert lapsed.lapsed_at is not None
    words = lapsed.events.get(act="lapsed").words
    assert f"The correction was due on {made.due_on}" in words["en"]


def test_a_lapse_is_not_taken_back_while_another_case_is_open(office: Office) -> None:
    application = office.submitted()
    made = corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    corrections.lapse_overdue_cases(made.due_on + timedelta(days=1))
    lead = access_case(office.supervisor, application.key)
    other = office.draft()
    with pytest.raises(CaseFault, match="Another application of this person is open") as caught:
        corrections.reverse_lapse(lead, "本人住院")
    assert caught.value.code == "JF-K045"
    post_decision.withdraw_case(other)
    corrections.reverse_lapse(lead, "本人住院")
    again = Application.objects.get(pk=application.pk)
    assert (again.state, again.lapsed_at) == ("correction", None)
    correction = Correction.objects.get()
    assert (correction.state, correction.ended_at) == ("open", None)


def test_the_days_of_a_correction_begin_anew_when_a_lapse_is_taken_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = office.submitted()
    made = corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    corrections.lapse_overdue_cases(made.due_on + timedelta(days=1))
    set_day(monkeypatch, date(2025, 6, 5))
    corrections.reverse_lapse(access_case(office.supervisor, application.key), "本人住院")
    assert Correction.objects.get().due_on == date(2025, 6, 19)


def test_a_withdrawn_case_has_no_open_correction(office: Office) -> None:
    application = office.submitted()
    corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    post_decision.withdraw_case(access_case(office.operator, application.key), "另行申请")
    correction = Correction.objects.get()
    assert correction.state == "ended"
    assert correction.ended_at is not None


# Documents


def _pages(count: int, first: int = 0) -> list[tuple[str, bytes]]:
    """So many different pictures."""
    return [
        (f"{number}.jpg", photo(f"rgb({number * 8 % 256},{number * 5 % 256},0)"))
        for number in range(first, first + count)
    ]


def test_thirty_files_of_a_kind_are_taken_and_one_more_is_not(office: Office) -> None:
    case = office.draft()
    assert MOST_VERSIONS == 30
    assert len(materials.upload_files(case, "diploma", _pages(29))) == 29
    with pytest.raises(CaseFault, match="At most 30 files per material") as caught:
        materials.upload_files(case, "diploma", _pages(2, 29))
    assert (caught.value.code, caught.value.place) == ("JF-K010", "diploma")
    assert MaterialVersion.objects.count() == 29, "of a refused upload nothing is kept"
    materials.upload_files(case, "diploma", _pages(1, 29))
    assert MaterialVersion.objects.count() == 30
    materials.upload_files(case, "degree", _pages(1))


def test_the_same_file_twice_is_one_and_a_dropped_one_is_taken_again(office: Office) -> None:
    case = office.draft()
    (first,) = materials.upload_files(case, "diploma", _pages(1))
    (again,) = materials.upload_files(case, "diploma", _pages(1))
    assert first == again
    materials.drop_version(case, first)
    assert "diploma" in {
        wanted.material.id for wanted in materials.list_missing_materials(case.application)
    }
    (anew,) = materials.upload_files(case, "diploma", _pages(1))
    assert (anew.number, anew.document.sha256) == (2, first.document.sha256)
    assert "diploma" not in {
        wanted.material.id for wanted in materials.list_missing_materials(case.application)
    }


def test_a_document_of_another_case_is_not_dropped(office: Office) -> None:
    case = office.draft()
    (theirs,) = materials.upload_files(case, "diploma", _pages(1))
    other = drafts.open_draft(office.operator, "shanghai", person(2, "李雷"), unit=office.unit)
    with pytest.raises(CaseFault, match="no such document") as caught:
        materials.drop_version(other, theirs)
    assert caught.value.code == "JF-K011"
    theirs.refresh_from_db()
    assert theirs.dropped_at is None


def test_a_document_that_a_clerk_looked_at_stays(office: Office) -> None:
    application = office.submitted()
    version = MaterialVersion.objects.get(material__kind="diploma")
    found = FactFinding("education", "confirmed", documents=[version.pk])
    review.record_finding(access_case(office.clerk, application.key), found)
    corrections.ask_correction(
        access_case(office.clerk, application.key),
        [RequestedItem("material", "diploma", "unreadable")],
    )
    with pytest.raises(CaseFault, match="has been reviewed and stays") as caught:
        materials.drop_version(access_case(office.operator, application.key), version)
    assert caught.value.code == "JF-K012"


def test_in_a_correction_what_proves_an_asked_fact_is_open_and_nothing_else(
    office: Office,
) -> None:
    application = office.submitted()
    corrections.ask_correction(access_case(office.clerk, application.key), ASKED)
    operator = access_case(office.operator, application.key)
    materials.upload_files(operator, "degree", _pages(1))
    version = MaterialVersion.objects.get(material__kind="permit")
    for act in (
        lambda: materials.upload_files(operator, "permit", _pages(1)),
        lambda: materials.drop_version(operator, version),
    ):
        with pytest.raises(CaseFault, match="does not ask for this document") as caught:
            act()
        assert (caught.value.code, caught.value.place) == ("JF-K013", "permit")


def test_a_kind_of_document_that_there_is_not_is_refused(office: Office) -> None:
    with pytest.raises(CaseFault, match="no such kind of document") as caught:
        materials.upload_files(office.draft(), "horoscope", _pages(1))
    assert (caught.value.code, caught.value.place) == ("JF-K011", "horoscope")
    assert not Material.objects.exists()


# Holding a gate


def test_a_gate_is_held_until_its_time_is_over(office: Office) -> None:
    application = office.submitted()
    before = timezone.now()
    review.take_gate(access_case(office.clerk, application.key), "office")
    row = Gate.objects.get(gate="office")
    assert row.held_until is not None
    half = timedelta(minutes=30)
    assert before + half <= row.held_until <= timezone.now() + half
    other = access_case(office.clerk2, application.key)
    with pytest.raises(CaseFault) as caught:
        review.take_gate(other, "office")
    assert caught.value.code == "JF-K030"
    assert timezone.localtime(row.held_until).strftime("%H:%M") in caught.value.words.en
    Gate.objects.filter(pk=row.pk).update(held_until=timezone.now())
    review.take_gate(other, "office")
    assert Gate.objects.get(pk=row.pk).holder == office.clerk2


def test_a_gate_is_let_go_by_its_holder_only(office: Office) -> None:
    application = office.submitted()
    review.take_gate(access_case(office.clerk, application.key), "office")
    review.release_gate(access_case(office.clerk2, application.key), "office")
    assert Gate.objects.get(gate="office").holder == office.clerk
    review.release_gate(access_case(office.clerk, application.key), "office")
    row = Gate.objects.get(gate="office")
    assert (row.holder, row.held_until) == (None, None)


@pytest.mark.parametrize("gate", ["police", "no-such-gate"])
def test_a_gate_that_is_not_ones_own_is_not_taken(office: Office, gate: str) -> None:
    application = office.submitted()
    with pytest.raises(NotAllowed, match="This gate is not yours"):
        review.take_gate(access_case(office.clerk, application.key), gate)


def test_a_gate_that_is_passed_is_not_taken(office: Office) -> None:
    application = office.reviewed(office.submitted())
    with pytest.raises(NotAllowed, match="This gate is not yours"):
        review.take_gate(access_case(office.clerk, application.key), "office")


# Days after a decision


def test_a_recheck_and_a_hearing_have_their_working_days(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_day(monkeypatch, date(2025, 6, 3))
    application = office.decided(office.submitted())
    recheck = post_decision.ask_recheck(
        access_case(office.person_user, application.key), [{"line": "education", "words": "理由"}]
    )
    assert recheck.due_on == date(2025, 7, 1)  # twenty
    record = post_decision.report_false_material(
        access_case(office.senior, application.key), "education", "假证"
    )
    assert record.hearing_until is None, "nobody was told yet"
    set_day(monkeypatch, date(2025, 6, 4))
    assert tell(record).hearing_until == date(2025, 6, 18)  # ten, from the telling


def test_a_recheck_is_asked_for_with_a_reason_and_once(office: Office) -> None:
    application = office.decided(office.submitted())
    mine = access_case(office.person_user, application.key)
    for reasons in ([], [{"line": "education", "words": " "}]):
        with pytest.raises(CaseFault, match="Give a reason") as caught:
            post_decision.ask_recheck(mine, reasons)
        assert caught.value.code == "JF-K061"
    told = {"line": "education", "words": "理由"}
    recheck = post_decision.ask_recheck(mine, [{"line": "age", "words": ""}, told])
    assert recheck.reasons == [told]
    with pytest.raises(CaseFault, match="A recheck is under way") as again:
        post_decision.ask_recheck(mine, [told])
    assert again.value.code == "JF-K062"
    post_decision.decide_recheck(access_case(office.senior2, application.key), "维持")
    post_decision.ask_recheck(mine, [told])


@pytest.mark.parametrize(
    ("effective", "expires"),
    [(date(2025, 6, 3), date(2030, 6, 3)), (date(2028, 2, 29), date(2033, 2, 28))],
)
def test_a_finding_of_false_material_stands_for_five_years(
    office: Office, effective: date, expires: date
) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.senior, application.key), "education", "假证"
    )
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "认可"
    )
    record.refresh_from_db()
    lead = access_case(office.senior2, application.key)
    post_decision.decide_false_material(lead, record, stands=True, words="成立", on=effective)
    stored = FalseRecord.objects.get()
    assert (stored.effective_on, stored.expires_on) == (effective, expires)
    assert (stored.decided_by, stored.decision_words) == (office.senior2, "成立")
    with pytest.raises(CaseFault, match="Nothing waits for a decision") as caught:
        post_decision.decide_false_material(lead, stored, stands=True, words="成立")
    assert caught.value.code == "JF-K066"
    with pytest.raises(CaseFault, match="Nothing waits for an answer"):
        post_decision.answer_false_material(
            access_case(office.person_user, application.key), stored, "不"
        )


def test_a_record_of_another_case_is_neither_answered_nor_decided(office: Office) -> None:
    application = office.decided(office.submitted())
    record = post_decision.report_false_material(
        access_case(office.senior, application.key), "education", "假证"
    )
    elsewhere = FalseRecord(pk=record.pk, application_id=application.pk + 1, state="hearing")
    mine = access_case(office.person_user, application.key)
    with pytest.raises(CaseFault, match="Nothing waits for an answer"):
        post_decision.answer_false_material(mine, elsewhere, "不")
    senior = access_case(office.senior2, application.key)
    with pytest.raises(CaseFault, match="Nothing waits for a decision"):
        post_decision.decide_false_material(senior, elsewhere, stands=True, words="成立")


@pytest.mark.parametrize("words", ["", "  "])
def test_what_is_done_to_somebody_has_a_reason(office: Office, words: str) -> None:
    application = office.decided(office.submitted())
    senior = access_case(office.senior2, application.key)
    entries = Entry.objects.count()
    with pytest.raises(CaseFault, match="Say why") as caught:
        post_decision.decide_recheck(senior, words)
    assert caught.value.code == "JF-K063"
    with pytest.raises(CaseFault, match="Say what was found") as caught:
        post_decision.report_false_material(senior, "education", words)
    assert caught.value.code == "JF-K065"
    assert Entry.objects.count() == entries


# Filing again


@pytest.mark.parametrize(("on", "again"), [(date(2024, 4, 14), False), (date(2024, 4, 15), True)])
def test_in_chengdu_nobody_files_twice_within_a_month(on: date, *, again: bool) -> None:
    town = Town()
    decision = town.decided(facts_of("2024", "33"), date(2024, 3, 15))
    somebody = decision.application.person
    somebody.user = user("somebody")
    somebody.save()
    case = drafts.open_draft(somebody.user, "chengdu", somebody, unit=None, district="wuhou", on=on)
    faults = submission.list_filing_faults(case.application, process_of(case.application))
    assert ("JF-K027" not in {fault.code for fault in faults}) == again
