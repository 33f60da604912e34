"""What leaves the office: the signed summary, open data, notices by mail, and pages by who asks."""

import json
import re
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2 import PdfDocument

from jifen.office.accounts.models import Role
from jifen.office.consultation.actions import moderation, publication
from jifen.office.consultation.actions.announcements import announce_due, mail_announcements
from jifen.office.consultation.actions.confirmations import confirm_link, leave_notices
from jifen.office.consultation.actions.links import make_token
from jifen.office.consultation.actions.subscriptions import subscribe
from jifen.office.consultation.faults import ConsultationFault
from jifen.office.consultation.jobs import announce_consultations, send_due_mails
from jifen.office.consultation.models import (
    Announcement,
    Consultation,
    ConsultationState,
    Mail,
    Subscriber,
)
from jifen.office.consultation.places import published_policy
from jifen.office.consultation.rules import ACTS, STEPS, find_steps
from jifen.office.messages.channels import SendResult
from jifen.office.notices.keys import load_notice_keys
from jifen.office.web.consultation import published
from jifen.office.web.consultation.published import show_comments
from jifen.office.workshop.access import access_adoption
from jifen.office.workshop.actions.adoptions import decide_adoption, withdraw_adoption
from jifen.office.workshop.editions_in_force import forget_editions
from jifen.office.workshop.models import Run
from jifen.statements.consultation import KIND, check_consultation, is_consultation
from jifen.statements.faults import StatementFault
from jifen.statements.jws import sign_claims
from jifen.statements.keys import name_key
from tests.hypothesis_profiles import each
from tests.world.consultation import AFTER, ON, Consulted, hold_day, mailed_links, parts_of, voice
from tests.world.office import user
from tests.world.seals import validate_seal
from tests.world.studio import MASTER, TODAY, simulated

pytestmark = pytest.mark.django_db


def _answered(monkeypatch: pytest.MonkeyPatch) -> Consulted:
    """Three comments, one hidden, all others answered and signed."""
    world = Consulted()
    world.opened()
    world.comment(user("one"), "支持 😀 提高", name="李护士")
    world.comment(user("two"), "=1+1", place="indicator:education#1")
    world.comment(user("three"), "卖药")
    moderation.hide_comment(world.hand(world.studio.moderator), 3, "advertising", "")
    hold_day(monkeypatch, AFTER)
    world.answer(1, 2, revision=2)
    world.signed()
    return world


def test_the_summary_is_sealed_and_its_statement_holds_offline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = _answered(monkeypatch)
    summary = world.row.summary
    pdf = bytes(summary.pdf)
    assert sha256(pdf).hexdigest() == summary.pdf_sha256
    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[0]
    status = validate_seal(signature)
    assert (status.intact, status.valid) == (True, True)
    text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(pdf))
    for words in (
        "公开征求意见汇总",
        "李护士",
        "采纳",
        "有道理",
        "已隐藏：广告或刷屏",
        "支持 □ 提高",
    ):
        assert words in text.replace("\r\n", ""), words
    assert "卖药" not in text
    keys = {name_key(key): key for key in load_notice_keys().public()}
    document = summary.document.encode()
    verdict = check_consultation(summary.statement, keys, document)
    assert verdict.state == "genuine"
    assert verdict.consultation is not None
    assert (verdict.consultation.comments, verdict.consultation.city) == (3, "shanghai")
    assert is_consultation(summary.statement, keys)
    other = document.replace("提高".encode(), "降低".encode())
    assert check_consultation(summary.statement, keys, other).state == "other_bytes"
    assert check_consultation(summary.statement, {}, document).state == "unknown_key"
    head, claims, mark = summary.statement.split(".")
    forged = ".".join((head, claims, mark[:-4] + ("AAAA" if mark[-4:] != "AAAA" else "BBBB")))
    assert check_consultation(forged, keys).state == "forged"


def test_a_statement_without_its_claims_is_told() -> None:
    keys = load_notice_keys()
    text = sign_claims({"city": "shanghai"}, keys, KIND)
    with pytest.raises(StatementFault, match="JF-V006") as caught:
        check_consultation(text, {name_key(key): key for key in keys.public()})
    assert "征求意见签名的格式不认识" in caught.value.words.zh
    assert "is of a kind that is not known here" in caught.value.words.en


def test_open_data_has_no_personal_data_and_is_what_was_signed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = _answered(monkeypatch)
    client = Client()
    answer = client.get(reverse("consultation_json", args=[world.row.key]))
    assert answer.content == world.row.summary.document.encode()
    document = json.loads(answer.content)
    first, second, third = document["comments"]
    assert (first["name"], first["verdict"], first["revision"]) == ("李护士", "adopted", 2)
    assert second["place_zh"].startswith("教育背景：")
    assert (third["words"], third["hidden"]) == ("", "广告或刷屏")
    table = client.get(reverse("consultation_csv", args=[world.row.key])).content.decode(
        "utf-8-sig"
    )
    assert "'=1+1" in table
    for secret in ("user", "email", "address", "13"):
        assert secret not in table.replace("2026-11-30", "").split("\n")[0]


def test_effect_says_what_people_they_are_and_hides_small_groups() -> None:
    world = Consulted()
    run = _run(world)
    row = world.propose()
    assert row.run_id == run.pk
    publication.open_consultation(world.hand(world.studio.approver))
    words = Client().get(reverse("consultation", args=[row.key])).content.decode()
    assert "合成人口，非真实数据" in words
    assert "少于 5 人的组和数不显示" in words
    figures = json.loads(run.figures)["lab"]["groups"]
    small = [g for groups in figures.values() for g in groups if 0 < g["people"] < 5]
    assert small
    assert all(f'<td class="num">{g["people"]}</td>' not in words for g in small)


def _run(world: Consulted) -> Run:
    from jifen.office.workshop.actions.effects import request_run

    studio = world.studio
    run = request_run(studio.hand(), studio.head(), studio.population(200))
    assert run is not None
    return simulated(run)


def test_score_me_is_there_while_the_window_is_open_and_says_that_it_is_a_draft(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Consulted()
    row, client = world.opened(), Client()
    address = reverse("consultation_score", args=[row.key])
    facts = {"birth_date": "1990-05-01", "education": "master", "study_mode": "full_time"}
    answer = client.post(address, facts | {"act": "score"})
    words = answer.content.decode()
    assert "草案，不是现行办法" in words
    assert "（征求意见稿）" in words
    assert "105" in words
    assert not answer.cookies
    hold_day(monkeypatch, AFTER)
    assert client.post(address, facts).status_code == 410
    assert "只有在征求意见期间才能按草案测算" in client.get(address).content.decode()


def test_subscribers_confirm_are_told_of_each_step_once_and_leave_with_one_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any
) -> None:
    settings.JIFEN_EDITIONS = str(tmp_path)
    monkeypatch.setattr(TODAY, lambda: ON)
    forget_editions()
    for address in ("a@example.com", "b@example.com", "c@example.com"):
        subscribe("shanghai", voice(address))
    links = mailed_links()
    for link in links[:2]:
        confirm_link(*parts_of(link))
    with pytest.raises(ConsultationFault, match="JF-D014"):
        confirm_link(*parts_of(links[0]))
    subscribe("shanghai", voice("A@example.com"))
    assert Mail.objects.filter(kind="confirm_subscriber").count() == 3
    mail.outbox.clear()
    world = Consulted()
    world.studio.accept_cases()
    world.opened()
    _work()
    _work()
    assert sorted(one.to[0] for one in mail.outbox) == ["a@example.com", "b@example.com"]
    assert mail.outbox[0].subject == "开始征求意见：2027 年调整"
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    gone = Subscriber.objects.get(pk=min(s.pk for s in Subscriber.objects.all()))
    path = headers["List-Unsubscribe"].strip("<>")
    key = gone.key
    leave_notices(key, make_token("leave", key))
    leave_notices(key, make_token("leave", key))
    assert (Subscriber.objects.get(pk=gone.pk).email, "/consultations/leave/" in path) == ("", True)
    with pytest.raises(ConsultationFault, match="JF-D014"):
        leave_notices(key, make_token("subscriber", key))
    mail.outbox.clear()
    hold_day(monkeypatch, AFTER)
    after = timezone.now().replace(year=2026, month=12, day=15, hour=12)
    announce_due(after)
    mail_announcements(timezone.now())
    world.signed()
    row = world.studio.propose(reason="")
    decide_adoption(access_adoption(world.studio.approver, row.key, "decide"), adopt=True)
    _work()
    withdraw_adoption(access_adoption(world.studio.approver, row.key, "withdraw"), "补充论证")
    _work()
    _work()
    said = [one.subject for one in mail.outbox]
    assert said == [
        "征求意见结束：2027 年调整",
        "意见已答复：2027 年调整",
        "新版本已批准：2027",
        "版本已撤回：2027",
    ]
    assert {one.to[0] for one in mail.outbox} == {"b@example.com"}
    forget_editions()


def _work() -> None:
    announce_consultations(timezone.now())
    send_due_mails(timezone.now() + timedelta(seconds=1))


def test_a_mail_server_that_does_not_answer_is_tried_again_and_a_refusal_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = Consulted()
    world.opened()
    world.comment("li@example.com")
    said = ["unsure", "refused"]

    class Server:
        def send(self, message: Any) -> SendResult:
            return SendResult(said.pop(0))

    monkeypatch.setattr("jifen.office.consultation.jobs.get_channel", lambda _: Server())
    send_due_mails(timezone.now())
    row = Mail.objects.get()
    assert (row.state, row.attempts, row.lease_until) == ("due", 1, None)
    assert send_due_mails(timezone.now()) == 0
    send_due_mails(row.due_at)
    assert Mail.objects.get().state == "failed"


def test_the_unsubscribe_of_a_mail_program_needs_no_cookie() -> None:
    subscribe("shanghai", voice("a@example.com"))
    row = Subscriber.objects.get()
    address = reverse("consultation_leave", args=[row.key, make_token("leave", row.key)])
    client = Client(enforce_csrf_checks=True)
    assert "退订" in client.get(address).content.decode()
    assert Subscriber.objects.get().state == "waiting"
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscriber.objects.get().state == "left"


def test_too_many_posts_from_one_network_are_told_and_what_was_typed_stays() -> None:
    world = Consulted()
    row, client = world.opened(), Client()
    address = reverse("consultation_comment", args=[row.key])
    for _ in range(10):
        client.post(address, {"words": "", "email": "li@example.com"})
    answer = client.post(address, {"words": "我写的话", "email": "li@example.com"})
    assert answer.status_code == 422
    assert "一分钟内提交得太多" in answer.content.decode()
    assert "我写的话" in answer.content.decode()
    english = client.get(address, headers={"Accept-Language": "en"}).content.decode()
    assert "Your comment" in english


class _Row:
    """A consultation of which only what the rules read is there."""

    def __init__(self, state: str, *, is_over: bool) -> None:
        self.state, self.last_day = state, ON if is_over else AFTER
        self.proposed_by_id, self.handed_in_by_id = 1, 2


@given(
    state=st.sampled_from(list(ConsultationState)),
    roles=st.frozensets(st.sampled_from(list(Role))),
    person=st.sampled_from([1, 2, 3]),
    is_over=st.booleans(),
)
@each(100, 1_000)
def test_rules_by_the_words_of_the_law(
    state: ConsultationState, roles: frozenset[str], person: int, is_over: bool
) -> None:
    """A plain reading of who may do what, against the table."""
    row: Any = _Row(state, is_over=is_over)
    day = AFTER
    row.last_day = ON if is_over else AFTER
    acts = {step.act for step in find_steps(row, roles, person, day)}
    preparing = bool(roles & {Role.DRAFTER, Role.POLICY_REVIEWER})
    approving, moderating = Role.APPROVER in roles, Role.MODERATOR in roles
    expected = set()
    if state == "proposed":
        expected |= {"open", "refuse"} if approving and person != 1 else set()
        expected |= {"withdraw"} if approving or preparing else set()
    if state == "open":
        expected |= {"withdraw"} if approving else set()
        expected |= {"hear", "minute"} if preparing else set()
        expected |= {"answer", "hand_in"} if preparing and is_over else set()
    if state == "replying" and approving:
        expected |= {"send_back"} | ({"sign"} if person != 2 else set())
    if state in ("open", "replying"):
        expected |= {"moderate"} if moderating else set()
    assert acts == expected


def test_no_state_is_left_but_by_the_table_and_finished_ones_stay() -> None:
    leading = {(step.state, step.leads_to) for step in STEPS if step.leads_to}
    assert leading == {
        ("proposed", "open"),
        ("proposed", "refused"),
        ("proposed", "withdrawn"),
        ("open", "withdrawn"),
        ("open", "replying"),
        ("replying", "open"),
        ("replying", "answered"),
    }
    assert len(ACTS) == 10


ROLES = ("drafter", "reviewer", "approver", "moderator")
PUBLIC = ("consultation", "consultation_comment", "consultation_json", "consultation_csv")


def test_each_address_by_each_role_and_by_nobody() -> None:
    world = Consulted()
    row = world.propose()
    for name, who in product(PUBLIC, (None, *ROLES)):
        client = Client()
        if who:
            client.force_login(getattr(world.studio, who))
        assert client.get(reverse(name, args=[row.key])).status_code == 404, (name, who)
    publication.open_consultation(world.hand(world.studio.approver))
    for name, who in product(PUBLIC, (None, *ROLES)):
        client = Client()
        if who:
            client.force_login(getattr(world.studio, who))
        assert client.get(reverse(name, args=[row.key])).status_code == 200, (name, who)
    for name in ("consultation_pdf", "consultation_statement"):
        assert Client().get(reverse(name, args=[row.key])).status_code == 404
    revision = reverse("consultation_revision", args=[row.key, 2])
    assert Client().get(revision).status_code == 404
    stranger = Client()
    stranger.force_login(user("stranger"))
    for name in ("studio_comments",):
        assert stranger.get(reverse(name, args=[row.key])).status_code == 404
    assert Consultation.objects.get().state == "open"
    assert Announcement.objects.count() == 1
    assert MASTER


def test_a_reply_stands_under_its_comment_on_any_database() -> None:
    world = Consulted()
    row = world.opened()
    world.comment(user("one"), "第一条意见")
    world.comment(user("two"), "对第一条的回复", reply_to=1)
    shown = show_comments(row, published_policy(row), "zh")
    assert [comment.row.words for comment in shown] == ["第一条意见"]
    assert [reply.row.words for reply in shown[0].replies] == ["对第一条的回复"]


def test_many_comments_stand_on_several_pages_the_newest_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published, "MOST_COMMENTS", 2)
    world = Consulted()
    row, visitor = world.opened(), Client()
    for number in range(1, 6):
        world.comment(user(f"citizen{number}"), f"意见甲{number}乙")
    world.comment(user("replying"), "回复丙", reply_to=5)
    address, seen = reverse("consultation", args=[row.key]), []
    page = address
    while page:
        words = visitor.get(page).content.decode()
        seen.append([n for n in range(1, 6) if f"意见甲{n}乙" in words])
        earlier = re.search(r'href="(\?before=\d+)"', words)
        page = address + earlier[1] if earlier else ""
    assert seen == [[4, 5], [2, 3], [1]]
    assert "回复丙" in visitor.get(address).content.decode()
    assert visitor.get(f"{address}?before=x").status_code == 200
