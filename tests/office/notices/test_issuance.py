"""Papers follow from decisions, once each, and are revoked when they hold no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from jifen.office.audit.models import Entry
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import post_decision
from jifen.office.casework.actions.corrections import RequestedItem, ask_correction
from jifen.office.casework.models import Decision, PointsPeriod
from jifen.office.casework.retention import ExpiredCase, remove_case
from jifen.office.notices.actions import events, printing, renewals
from jifen.office.notices.content.layout import format_day
from jifen.office.notices.models import Notice, Revocation, Series, Sheet
from jifen.office.registry.actions import permits
from tests.world.office import Office, today


def kinds() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("kind", flat=True))


def test_a_decision_brings_one_notice_however_often_it_is_looked_at(db: None) -> None:
    del db
    office = Office()
    office.decided(office.submitted())
    for _ in range(3):
        events.issue_for_case_events()
        printing.print_due_notices()
    assert kinds() == ["receipt", "notice"]
    notice = Notice.objects.get(kind="notice")
    assert notice.result == "reached"
    assert notice.sheet.pages == 1
    assert Entry.objects.filter(act="notice.issued").count() == 2


def test_a_refusal_says_which_condition_and_what_can_be_done(db: None) -> None:
    del db
    office = Office()
    office.decided(office.submitted(), permit_valid=False)
    events.issue_for_case_events()
    refusal = Notice.objects.get(kind="refusal")
    said = "".join(refusal.content["paragraphs"])
    assert "未满足“持有有效的《上海市居住证》”（第二条）" in said
    assert "20 个工作日内在系统中申请复核" in said
    assert "六十日内依法申请行政复议" in said
    assert refusal.until is None


def test_a_request_for_corrections_becomes_a_paper_item_by_item(db: None) -> None:
    del db
    office = Office()
    application = office.submitted()
    case = access_case(office.clerk, application.key, "ask_correction")
    ask_correction(case, [RequestedItem("fact", "education", "not_matching", "请补学位证")])
    events.issue_for_case_events()
    paper = Notice.objects.get(kind="correction")
    assert paper.content["table"]["rows"] == [["学历学位", "与填报内容不一致", "请补学位证"]]


def test_a_recheck_that_changes_the_decision_brings_a_new_version_and_ends_the_old(
    db: None,
) -> None:
    del db
    office = Office()
    application = office.decided(office.submitted())
    events.issue_for_case_events()
    first = Notice.objects.get(kind="notice")
    own = access_case(office.person_user, application.key, "ask_recheck")
    post_decision.ask_recheck(own, [{"line": "education", "words": "应为硕士"}])
    lead = access_case(office.senior2, application.key, "decide_recheck")
    post_decision.decide_recheck(lead, "证书为硕士", {"education": "master"})
    events.issue_for_case_events()
    second = Notice.objects.get(kind="notice", version=2)
    assert second.replaces == first
    assert second.number != first.number
    assert first.revocation.why == "replaced"
    assert not Revocation.objects.filter(notice=second).exists()
    assert first.content["table"]["foot"][2] == "166"  # what was given out stays what it was


def test_a_revoked_decision_revokes_its_notice_and_says_so_on_a_paper(db: None) -> None:
    del db
    office = Office()
    application = office.decided(office.submitted())
    events.issue_for_case_events()
    case = access_case(office.supervisor, application.key, "find_false")
    record = post_decision.report_false_material(case, "education", "学位证书系伪造")
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "没有"
    )
    lead = access_case(office.senior2, application.key, "decide_false")
    post_decision.decide_false_material(lead, record, stands=True, words="学位证书系伪造")
    events.issue_for_case_events()
    assert Notice.objects.get(kind="notice").revocation.why == "revoked"
    paper = Notice.objects.get(kind="revocation")
    assert "学位证书系伪造" in "".join(paper.content["paragraphs"])


def test_a_revocation_printed_later_says_the_day_of_the_revocation(db: None) -> None:
    del db
    office = Office()
    application = office.decided(office.submitted())
    events.issue_for_case_events()
    case = access_case(office.supervisor, application.key, "find_false")
    record = post_decision.report_false_material(case, "education", "学位证书系伪造")
    post_decision.answer_false_material(
        access_case(office.person_user, application.key), record, "没有"
    )
    lead = access_case(office.senior2, application.key, "decide_false")
    post_decision.decide_false_material(lead, record, stands=True, words="学位证书系伪造")
    earlier = today() - timedelta(days=3)  # the worker was away since
    Decision.objects.update(revoked_at=timezone.now() - timedelta(days=3))
    events.issue_for_case_events()
    paper = Notice.objects.get(kind="revocation")
    assert f"自 {format_day(earlier)} 起失效" in "".join(paper.content["paragraphs"])
    assert paper.issued_on == today()
    assert Notice.objects.get(kind="notice").revocation.on == earlier


def test_a_cancelled_permit_ends_the_notice_on_that_day(db: None) -> None:
    del db
    office = Office()
    permit = permits.issue_permit(
        None,
        office.person,
        "shanghai",
        permits.RegisteredHome("pudong", "own_home"),
        registered_on=today() - timedelta(days=400),
        ground="stable_job",
        on=today() - timedelta(days=30),
    )
    office.decided(office.submitted())
    events.issue_for_case_events()
    notice = Notice.objects.get(kind="notice")
    assert notice.until == permit.valid_until
    permits.cancel_permit(office.clerk, permit, today(), "moved away")
    events.revoke_for_permit_events()
    assert notice.revocation.on == today()
    assert notice.revocation.why == "permit"


def test_a_renewal_is_announced_once_before_the_points_end(db: None) -> None:
    del db
    office = Office()
    office.decided(office.submitted())
    period = PointsPeriod.objects.get()
    end = today() + timedelta(days=200)
    PointsPeriod.objects.filter(pk=period.pk).update(until=end)
    assert renewals.announce_renewals(end - timedelta(days=90)) == 0
    assert renewals.announce_renewals(end - timedelta(days=40)) == 1
    assert renewals.announce_renewals(end - timedelta(days=39)) == 0
    assert str(end.year) in "".join(Notice.objects.get(kind="renewal").content["paragraphs"])


def test_what_was_issued_cannot_be_changed_or_deleted(db: None) -> None:
    del db
    office = Office()
    office.submitted()
    events.issue_for_case_events()
    for change in (
        lambda: Notice.objects.update(number="X"),
        lambda: Notice.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_case_past_its_years_takes_its_papers_along(
    django_capture_on_commit_callbacks: Any, db: None
) -> None:
    del db
    office = Office()
    application = office.decided(office.submitted())
    events.issue_for_case_events()
    printing.print_due_notices()
    places = [printing.get_sheet_path(s.sha256) for s in Sheet.objects.all()]
    assert all(printing.get_sheet_storage().exists(place) for place in places)
    with django_capture_on_commit_callbacks(execute=True):
        remove_case(ExpiredCase(application, "application", today()))
    assert not Notice.objects.exists()
    assert not any(printing.get_sheet_storage().exists(place) for place in places)
    assert Series.objects.get(kind="notice").last == 1  # its number is never given out again
