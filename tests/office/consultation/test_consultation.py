"""A consultation from its proposal to the signed summary: by whom, when, and what is refused."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User
from jifen.office.audit.models import Entry
from jifen.office.consultation.access import access_consultation, public_consultation
from jifen.office.consultation.actions import (
    answers,
    confirmations,
    hearings,
    moderation,
    publication,
)
from jifen.office.consultation.actions.comments import TypedComment, post_comment, support_comment
from jifen.office.consultation.actions.confirmations import confirm_link
from jifen.office.consultation.actions.links import make_token
from jifen.office.consultation.actions.signing import sign_answers
from jifen.office.consultation.actions.voices import MOST_COMMENTS_A_DAY, voice_of
from jifen.office.consultation.faults import ConsultationFault, NoSuchConsultation
from jifen.office.consultation.models import (
    Attachment,
    Comment,
    Consultation,
    Mail,
    Moderation,
    Support,
)
from jifen.office.consultation.queries import sorted_comments
from jifen.office.documents import content_files
from jifen.office.documents.models import Document
from jifen.office.uploads.fault import UploadFault
from jifen.office.workshop.faults import StudioFault
from tests.world.consultation import (
    AFTER,
    EDUCATION,
    LAST,
    ON,
    Consulted,
    hold_day,
    mailed_links,
    parts_of,
    voice,
)
from tests.world.office import photo, staff, user
from tests.world.studio import BACHELOR, TODAY

pytestmark = pytest.mark.django_db


def _is_refused(code: str, zh: str, en: str) -> Any:
    return pytest.raises(ConsultationFault, match=code, check=lambda fault: _says(fault, zh, en))


def _says(fault: Any, zh: str, en: str) -> bool:
    assert zh in fault.words.zh, fault.words.zh
    assert en in fault.words.en, fault.words.en
    return True


def test_two_people_open_a_window_in_working_days() -> None:
    world = Consulted()
    row = world.opened()
    assert (row.state, row.opens_on, row.last_day) == ("open", ON, LAST)
    assert row.against == "2018"
    assert public_consultation(row.key) == row
    acts = list(Entry.objects.order_by("number").values_list("act", flat=True))
    assert acts[-2:] == ["consultation.proposed", "consultation.opened"]


def test_nobody_outside_sees_what_is_only_proposed_or_refused() -> None:
    world = Consulted()
    row = world.propose()
    with pytest.raises(NoSuchConsultation):
        public_consultation(row.key)
    with pytest.raises(NoSuchConsultation):
        access_consultation(staff("elsewhere", "policy_approver", city="chengdu"), row.key)
    hand = world.hand(world.studio.approver)
    with _is_refused("JF-D003", "没有写理由", "There is no reason"):
        publication.refuse_consultation(hand, " ")
    publication.refuse_consultation(hand, "先补数据")
    with pytest.raises(NoSuchConsultation):
        public_consultation(row.key)


def test_nobody_opens_what_they_proposed() -> None:
    world = Consulted()
    both = staff("both", "policy_drafter")
    StaffRole.objects.create(
        user=both, role="policy_approver", city="shanghai", since=date(2020, 1, 1)
    )
    row = world.propose(both)
    with _is_refused("JF-D001", "同一个人", "One person would both propose and approve"):
        publication.open_consultation(world.hand(both))
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=row.pk).update(
            state="open", decided_by=both, opens_on=ON, last_day=LAST
        )


@pytest.mark.parametrize(
    ("other", "zh", "en"),
    [
        ({"working_days": 0}, "不是 1 至 250 个工作日", "not between 1 and 250 working days"),
        ({"working_days": 251}, "不是 1 至 250 个工作日", "not between 1 and 250 working days"),
        ({"explanation": " "}, "没有写起草说明", "There is no explanation"),
    ],
)
def test_a_proposal_that_lacks_something_says_what(other: dict[str, Any], zh: str, en: str) -> None:
    with _is_refused("JF-D002", zh, en):
        Consulted().propose(**other)
    assert not Consultation.objects.exists()


def test_a_draft_with_errors_is_not_published_and_one_at_a_time() -> None:
    world = Consulted({BACHELOR: "x"})
    with _is_refused("JF-D002", "草案还有错误", "The draft has errors"):
        world.propose()
    world.studio.save({BACHELOR: "95"})
    world.propose()
    with _is_refused("JF-D002", "已有一次未办结", "an unfinished consultation"):
        world.propose()


def test_roles_do_their_own_and_are_told_of_the_rest() -> None:
    world = Consulted()
    with _is_refused("JF-D001", "您的岗位不能", "Your role does not"):
        world.propose(world.studio.moderator)
    world.opened()
    with _is_refused("JF-D001", "您的岗位不能", "Your role does not"):
        moderation.hide_comment(world.hand(world.studio.drafter), 1, "insult", "")
    with _is_refused("JF-D001", "现在所处的阶段", "in this state"):
        answers.hand_in_answers(world.hand(world.studio.reviewer))


def test_who_signed_in_is_shown_at_once_and_an_address_after_its_link() -> None:
    world = Consulted()
    world.opened()
    first = world.comment(user("citizen"))
    assert (first.state, first.number) == ("shown", 1)
    waiting = world.comment("li@example.com", "请同时提高学士。", name="李先生")
    assert (waiting.state, waiting.number) == ("waiting", None)
    [link] = mailed_links()
    confirm_link(*parts_of(link))
    shown = Comment.objects.get(pk=waiting.pk)
    assert (shown.state, shown.number) == ("shown", 2)
    assert mail.outbox[0].to == ["li@example.com"]
    with _is_refused("JF-D014", "已经用过", "used already"):
        confirm_link(*parts_of(link))
    assert world.row.numbered == 2


def test_an_address_is_sealed_in_the_database() -> None:
    world = Consulted()
    world.opened()
    row = world.comment("li@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM consultation_comment WHERE id = %s", [row.pk])
        [stored] = cursor.fetchone()
    assert "li@example" not in stored
    assert stored.startswith("k")


@pytest.mark.parametrize("wrong", ["comment", "token", "kind"])
def test_a_link_that_is_none_of_ours_confirms_nothing(wrong: str) -> None:
    world = Consulted()
    world.opened()
    row = world.comment("li@example.com")
    kind = "leave" if wrong == "kind" else "comment"
    token = "0" * 40 if wrong == "token" else make_token("support", row.key)
    with _is_refused("JF-D014", "链接不完整", "The link is incomplete"):
        confirm_link(kind, row.key, token)


def test_a_link_ends_after_three_days() -> None:
    world = Consulted()
    world.opened()
    row = world.comment("li@example.com")
    late = timezone.now() - timedelta(days=confirmations.DAYS, minutes=1)
    Comment.objects.filter(pk=row.pk).update(posted_at=late)
    with _is_refused("JF-D014", "链接已过期", "The link has expired (3 days)"):
        confirm_link("comment", row.key, make_token("comment", row.key))


def test_after_the_last_day_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Consulted()
    world.opened()
    hold_day(monkeypatch, LAST)
    world.comment(user("citizen"))
    hold_day(monkeypatch, AFTER)
    late = user("late")
    with _is_refused("JF-D010", "已于 2026-12-14 结束", "ended on 2026-12-14"):
        world.comment(late)
    with _is_refused("JF-D010", "已于 2026-12-14 结束", "ended on 2026-12-14"):
        support_comment(world.row, 1, voice(late))


def test_one_that_was_withdrawn_takes_nothing_and_stays_to_be_read() -> None:
    world = Consulted()
    row = world.opened()
    publication.withdraw_consultation(world.hand(world.studio.approver), "方案另行研究")
    with _is_refused("JF-D010", "没有开放", "is not open"):
        world.comment(user("citizen"))
    assert public_consultation(row.key).reason == "方案另行研究"


@pytest.mark.parametrize(
    ("typed", "code", "zh", "en"),
    [
        ({"words": " \r\n "}, "JF-D011", "没有写意见", "There are no words"),
        ({"words": "长" * 4_001}, "JF-D011", "意见有 4001 字", "has 4001 characters"),
        ({"name": "名" * 41}, "JF-D011", "署名超过 40", "more than 40 characters"),
        ({"place": "indicator:none"}, "JF-D011", "没有这一条", "There is no such article"),
        ({"reply_to": 9}, "JF-D011", "要回复的意见没有显示", "that this replies to is not shown"),
    ],
)
def test_what_cannot_be_a_comment_is_told(
    typed: dict[str, Any], code: str, zh: str, en: str
) -> None:
    world = Consulted()
    world.opened()
    with _is_refused(code, zh, en):
        world.comment(user("citizen"), **typed)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("address", ["", "no address", "a@b", f"{'a' * 250}@example.com"])
def test_an_address_that_is_none(address: str) -> None:
    with _is_refused("JF-D012", "没有填写可用的邮箱", "no usable e-mail address"):
        voice_of(None, address, "zh")


def test_nobody_is_sent_more_than_five_links_a_day() -> None:
    world = Consulted()
    world.opened()
    for number in range(5):
        world.comment("Li@example.com", f"意见{number}")
    with _is_refused("JF-D012", "今天提交得太多", "at most 5 a day"):
        world.comment("li@EXAMPLE.com", "再来")
    world.comment("wang@example.com", "另一个人")
    assert Mail.objects.count() == 6


def test_the_same_comment_twice_is_one_and_an_account_has_its_bound() -> None:
    world = Consulted()
    world.opened()
    citizen = user("citizen")
    assert world.comment(citizen).pk == world.comment(citizen).pk
    for number in range(1, MOST_COMMENTS_A_DAY):
        world.comment(citizen, f"意见{number}")
    with _is_refused("JF-D012", "今天提交得太多", "at most 30 a day"):
        world.comment(citizen, "再来")


def test_a_reply_to_a_reply_stands_under_the_same_comment() -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    world.comment(user("two"), "同意", reply_to=1)
    reply = world.comment(user("three"), "也同意", reply_to=2)
    assert reply.reply_to is not None
    assert (reply.reply_to.number, reply.place) == (1, EDUCATION)


def test_support_is_once_a_person() -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    citizen = user("two")
    support_comment(world.row, 1, voice(citizen))
    with _is_refused("JF-D013", "已经支持过", "support this comment already"):
        support_comment(world.row, 1, voice(citizen))
    support_comment(world.row, 1, voice("li@example.com"))
    support_comment(world.row, 1, voice("LI@example.com"))
    assert Support.objects.count() == 2
    link = mailed_links()[-1]
    confirm_link(*parts_of(link))
    with _is_refused("JF-D014", "已经用过", "used already"):
        confirm_link(*parts_of(link))
    [group] = sorted_comments(world.row)
    assert group.comments[0].support == 2  # type: ignore[attr-defined] # counted by the query
    with _is_refused("JF-D013", "没有显示", "cannot be supported"):
        support_comment(world.row, 7, voice(citizen))


def test_a_moderator_hides_with_a_ground_and_shows_again_with_words() -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"), "电话 13800000000")
    hand = world.hand(world.studio.moderator)
    with _is_refused("JF-D020", "没有选择隐藏的理由", "No ground for hiding"):
        moderation.hide_comment(hand, 1, "dislike", "")
    moderation.hide_comment(hand, 1, "personal_data", "含电话")
    with _is_refused("JF-D020", "已被他人处理", "has dealt with"):
        moderation.hide_comment(world.hand(world.studio.moderator), 1, "insult", "")
    with _is_refused("JF-D020", "没有写说明", "There are no words"):
        moderation.restore_comment(hand, 1, "")
    moderation.restore_comment(hand, 1, "已核实为公开电话")
    assert [m.act for m in Moderation.objects.all()] == ["hide", "restore"]
    assert Comment.objects.get().state == "shown"
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Moderation.objects.all().delete()


def test_attachments_need_an_account_and_a_moderator() -> None:
    world = Consulted()
    world.opened()
    typed, one = TypedComment("见附件", EDUCATION), user("one")
    with _is_refused("JF-D015", "没有登录", "Attachments need an account"):
        post_comment(world.row, voice("li@example.com"), typed, [("a.jpg", photo())])
    with _is_refused("JF-D015", "附件超过 3 个", "more than 3 attachments"):
        post_comment(world.row, voice(one), typed, [("a.jpg", photo())] * 4)
    with pytest.raises(UploadFault, match="JF-U003"):
        post_comment(world.row, voice(one), typed, [("a.html", b"<html>")])
    assert not Comment.objects.exists()
    post_comment(world.row, voice(one), typed, [("a.jpg", photo())])
    attachment = Attachment.objects.get()
    assert attachment.released_at is None
    hand = world.hand(world.studio.moderator)
    moderation.release_attachment(hand, attachment.pk)
    with _is_refused("JF-D020", "已被他人处理", "has dealt with"):
        moderation.release_attachment(hand, attachment.pk)


def test_a_full_disk_at_an_attachment_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Consulted()
    world.opened()
    plain, written = content_files.write_whole, list[str]()

    def full(store: Any, place: str, content: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(place)
        plain(store, place, content)

    monkeypatch.setattr(content_files, "write_whole", full)
    files = [("a.jpg", photo("#111111")), ("b.jpg", photo("#123457"))]
    with pytest.raises(UploadFault, match="JF-U012"):
        post_comment(world.row, voice(user("one")), TypedComment("见附件"), files)
    assert not Comment.objects.exists()
    assert not Document.objects.exists()
    assert world.row.numbered == 0


def test_a_hearing_has_its_day_and_its_minutes_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Consulted()
    world.opened()
    hand = world.hand(world.studio.drafter)
    with _is_refused("JF-D021", "没有写听证会的地点", "no place of the hearing"):
        hearings.hold_hearing(hand, LAST, time(14), " ")
    with _is_refused("JF-D021", "日期或时间无法识别", "The day or the time"):
        hearings.hold_hearing(hand, date(2026, 11, 1), time(14), "第一会议室")
    row = hearings.hold_hearing(hand, LAST, time(14), "第一会议室")
    with _is_refused("JF-D021", "没有写听证会记录", "There are no minutes"):
        hearings.write_minutes(hand, row.pk, "到会 12 人。")
    hold_day(monkeypatch, LAST)
    hearings.write_minutes(hand, row.pk, "到会 12 人。")
    with _is_refused("JF-D001", "现在所处的阶段", "in this state"):
        hearings.write_minutes(hand, row.pk, "改写")


def test_every_comment_is_answered_before_somebody_else_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Consulted()
    world.opened()
    for name in ("one", "two", "three"):
        world.comment(user(name), f"{name} 的意见")
    hold_day(monkeypatch, AFTER)
    hand = world.hand(world.studio.reviewer)
    for numbers, verdict, reason, code, zh, en in (
        ([1], "maybe", "理由", "JF-D022", "没有选择处理结果", "Nothing was chosen"),
        ([1], "not", " ", "JF-D022", "没有写答复的理由", "There is no reason"),
        ([], "not", "理由", "JF-D022", "没有选择要答复的意见", "No comment was chosen"),
        ([8], "not", "理由", "JF-D022", "没有选择要答复的意见", "No comment was chosen"),
    ):
        with _is_refused(code, zh, en):
            answers.answer_comments(hand, numbers, verdict, reason)
    with _is_refused("JF-D022", "草案没有第 9 稿", "no revision 9"):
        world.answer(1, revision=9)
    world.answer(1, 2, revision=2)
    with _is_refused("JF-D022", "还有 1 条意见没有答复", "without an answer (1)"):
        answers.hand_in_answers(hand)
    world.answer(3, verdict="not", reason="与目标不符。")
    answers.hand_in_answers(hand)
    with _is_refused("JF-D003", "没有写理由", "There is no reason"):
        answers.send_back_answers(world.hand(world.studio.approver), "")
    answers.send_back_answers(world.hand(world.studio.approver), "第 3 条再斟酌")
    answers.hand_in_answers(world.hand(world.studio.reviewer))
    summary = sign_answers(world.hand(world.studio.approver))
    assert world.row.state == "answered"
    assert bytes(summary.pdf).startswith(b"%PDF")
    assert Comment.objects.get(number=2).answer_id == Comment.objects.get(number=1).answer_id


def test_whoever_handed_in_does_not_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Consulted()
    world.opened()
    both = staff("both", "policy_drafter")
    StaffRole.objects.create(
        user=both, role="policy_approver", city="shanghai", since=date(2020, 1, 1)
    )
    hold_day(monkeypatch, AFTER)
    answers.hand_in_answers(world.hand(both))
    with _is_refused("JF-D001", "同一个人", "both hand in and sign"):
        sign_answers(world.hand(both))


def test_a_comment_shown_again_after_the_answers_keeps_them_from_being_signed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Consulted()
    world.opened()
    world.comment(user("one"))
    moderation.hide_comment(world.hand(world.studio.moderator), 1, "off_topic", "")
    hold_day(monkeypatch, AFTER)
    answers.hand_in_answers(world.hand(world.studio.reviewer))
    moderation.restore_comment(world.hand(world.studio.moderator), 1, "与草案有关")
    with _is_refused("JF-D022", "还有 1 条意见没有答复", "without an answer (1)"):
        sign_answers(world.hand(world.studio.approver))


def test_an_adoption_waits_for_the_answers_and_then_needs_no_other_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TODAY, lambda: ON)
    world = Consulted()
    world.studio.accept_cases()
    with pytest.raises(StudioFault, match="JF-I022"):
        world.studio.propose(reason="")
    world.opened()
    with _is_refused("JF-D030", "还没有办结（2027 年调整）", "is not finished (2027"):
        world.studio.propose()
    hold_day(monkeypatch, AFTER)
    world.signed()
    assert world.studio.propose(reason="").state == "proposed"


def test_somebody_who_did_nothing_wrong_may_not_be_named(django_user_model: type[User]) -> None:
    """The log names accounts, and nobody who wrote by e-mail."""
    world = Consulted()
    world.opened()
    world.comment("li@example.com")
    entry = Entry.objects.order_by("number").last()
    assert entry is not None
    assert (entry.act, entry.actor) == ("consultation.commented", "visitor")
    assert "li@" not in str(entry.details)
    assert django_user_model.objects.filter(email="li@example.com").count() == 0
