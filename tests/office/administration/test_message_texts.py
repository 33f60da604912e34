"""The words of messages: drafted, tried, confirmed by another, in force from a day, kept."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.accounts.models import User
from jifen.office.administration.message_samples import build_sample_params
from jifen.office.administration.message_texts import (
    MOST_TESTS,
    TextPlace,
    decide_edition,
    find_open_edition,
    get_built_in_words,
    list_editions,
    propose_edition,
    save_draft,
    send_test,
)
from jifen.office.audit.models import Entry
from jifen.office.messages.channels import OutgoingMessage, SendResult, providers
from jifen.office.messages.delivery import deliver_due_messages
from jifen.office.messages.editions import (
    fill_in,
    list_placeholders,
    list_placeholders_of_kind,
    render_message,
)
from jifen.office.messages.ledger import PlannedMessage, enter_messages
from jifen.office.messages.models import Message, MessageEdition
from jifen.office.messages.templates import load_templates
from jifen.office.registry.models import Permit, Person
from jifen.office.web.administration.word_differences import compare_words
from tests.world.clock import Clock
from tests.world.faults import refused
from tests.world.messages import at, sent, with_phone
from tests.world.office import staff
from tests.world.permits import permit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
ZH = "居住证 {until} 到期（{left}）。{what}来电 12345。"
EN = "The permit ends on {until} ({left}). {what} Call 12345."
SMS = TextPlace("shanghai", "permit_ends", "sms")
EMAIL = TextPlace("shanghai", "permit_ends", "email")


@pytest.fixture(autouse=True)
def in_2026(clock: Clock) -> None:
    clock.at = at(TODAY, 10)


@pytest.fixture
def second(db: None) -> User:
    """Another administrator."""
    del db
    return staff("security", "security_admin")


def write(by: User, zh: str = ZH, en: str = EN, day: str = "2026-12-05") -> MessageEdition:
    return save_draft(by, SMS, zh, en, day)


def put_in_force(by: User, other: User, zh: str = ZH, day: str = "2026-12-05") -> MessageEdition:
    row = write(by, zh, day=day)
    propose_edition(by, SMS)
    return decide_edition(other, SMS, confirm=True, which=row.pk)


def tell(permit: Permit, on: date) -> Message:
    """Enter and send a reminder of a permit on a day."""
    planned = PlannedMessage(
        f"permit:{permit.pk} ends {on}",
        "permit_ends",
        {
            "until": str(permit.valid_until),
            "days": 9,
            "left": {"zh": "", "en": ""},
            "what": {"zh": "", "en": ""},
        },
        person=Person.objects.get(pk=permit.person_id),
        permit=permit,
    )
    enter_messages([planned], at(on, 10))
    deliver_due_messages(at(on, 10))
    return Message.objects.get(event=planned.event)


def test_messages_use_the_edition_of_the_day_and_keep_it(city_admin: User, second: User) -> None:
    with_phone(made := permit(on=date(2025, 12, 10)))
    edition = put_in_force(city_admin, second)
    before = tell(made, date(2026, 12, 4))
    after = tell(made, date(2026, 12, 5))
    assert before.office_text is None
    assert after.office_text == edition
    said = sent()
    assert said[0].startswith("【居住证积分】您的居住证将在")
    assert said[1].startswith(f"【居住证积分】居住证 {made.valid_until} 到期（还有 ")
    assert said[1].endswith("来电 12345。")
    put_in_force(city_admin, second, ZH.replace("12345", "962218"), "2026-12-06")
    later = tell(made, date(2026, 12, 6))
    assert "962218" in sent()[2]
    texts = [
        f"【居住证积分】{render_message(Message.objects.get(pk=row.pk), 'zh')}"
        for row in (before, after, later)
    ]
    assert texts == sent(), "what a message said at its time is built again"
    acts = Entry.objects.filter(act__startswith="text.").values_list("act", flat=True)
    assert list(acts) == ["text.saved", "text.proposed", "text.confirmed"] * 2


def test_only_that_channel_and_city_change(city_admin: User, second: User) -> None:
    put_in_force(city_admin, second, day="2026-11-30")
    reader = staff("reader", "clerk")
    reader.email = "reader@example.gov.cn"
    reader.save()
    params = dict.fromkeys(list_placeholders_of_kind("permit_ends"), "x")
    enter_messages([PlannedMessage("e", "permit_ends", params, user=reader)], timezone.now())
    assert {row.office_text for row in Message.objects.all()} == {None}
    elsewhere = with_phone(permit(on=date(2025, 12, 10)))
    elsewhere.city = "chengdu"
    elsewhere.save()
    assert tell(elsewhere, TODAY).office_text is None


def test_staff_read_the_words_of_their_city(city_admin: User, second: User) -> None:
    place = TextPlace("shanghai", "desk_digest", "inbox")
    words = "今日 {open} 件：{what}；{soon} 件将到期，{late} 件超期。"
    row = save_draft(city_admin, place, words, "{open} {what} {soon} {late}", "2026-11-30")
    propose_edition(city_admin, place)
    decide_edition(second, place, confirm=True, which=row.pk)
    params = {"open": 3, "late": 0, "soon": 1, "what": {"zh": "复核 3 件", "en": ""}}
    reader = staff("reader", "clerk")
    enter_messages([PlannedMessage("digest", "desk_digest", params, user=reader)], timezone.now())
    browser = Client()
    browser.force_login(reader)
    message = Message.objects.get(channel="inbox")
    assert render_message(message, "zh") == "今日 3 件：复核 3 件；1 件将到期，0 件超期。"


def test_a_first_day_in_the_past_becomes_the_day_of_confirming(
    city_admin: User, second: User, clock: Clock
) -> None:
    row = write(city_admin)
    propose_edition(city_admin, SMS)
    clock.at = at(date(2026, 12, 20), 10)
    done = decide_edition(second, SMS, confirm=True, which=row.pk)
    assert done.valid_from == date(2026, 12, 20)


def test_words_that_no_longer_fit_are_not_used(
    city_admin: User, second: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(city_admin, second, day="2026-11-30")
    place = "jifen.office.messages.editions.list_placeholders_of_kind"
    monkeypatch.setattr(place, lambda _: {"until", "days"})
    assert tell(with_phone(permit(on=date(2025, 12, 10))), TODAY).office_text is None


KNOWN_ZH, KNOWN_EN = "{left}、{until}、{what}", "{left}, {until}, {what}"


@pytest.mark.parametrize(
    ("zh", "en", "code", "place", "words_zh", "words_en"),
    [
        (
            ZH + "{name}",
            EN,
            "JF-O043",
            "zh",
            f"中文文本中的占位符 {{name}} 不存在。这种消息可用的有：{KNOWN_ZH}。",
            f"The Chinese words have an unknown placeholder {{name}}. This message fills in: "
            f"{KNOWN_EN}.",
        ),
        (
            ZH,
            EN.replace("{until}", "soon"),
            "JF-O043",
            "en",
            "英文文本缺少占位符 {until}，收件人须看到这项内容，请补上。",
            "The English words lack the placeholder {until}: whoever reads them is told it. Add "
            "it.",
        ),
        (" ", EN, "JF-O041", "zh", "请填写中文文本。", "The Chinese words are empty: write them."),
        (
            ZH,
            EN + "x" * 600,
            "JF-O041",
            "en",
            f"英文文本有 {len(EN) + 600} 字，最多 600 字，请缩短。",
            f"The English words have {len(EN) + 600} letters; at most 600 fit. Shorten them.",
        ),
        (
            ZH + "{what.__class__}",
            EN,
            "JF-O042",
            "zh",
            "中文文本的花括号有误（what.__class__）。占位符写作 {名称}，例如 {number}；"
            "要显示花括号本身，请写两遍。",
            "The braces of the Chinese words are wrong (what.__class__). A placeholder is a name "
            "in braces, such as {number}; to show a brace, write it twice.",
        ),
    ],
)
def test_words_that_cannot_be_filled_in_are_refused(
    city_admin: User, zh: str, en: str, code: str, place: str, words_zh: str, words_en: str
) -> None:
    with refused(code, words_zh, words_en, place):
        write(city_admin, zh, en)
    assert find_open_edition(SMS) is None


@pytest.mark.parametrize("typed", ["2026-11-29", "2027-12-31", "tomorrow", ""])
def test_a_first_day_is_today_or_within_a_year(city_admin: User, typed: str) -> None:
    with refused(
        "JF-O044",
        f"生效日期“{typed}”应是 2026-11-30 或以后一年内的日期，例如 2026-11-30。",
        f"The first day, “{typed}”, is to be 2026-11-30 or a day of the year after, such as "
        "2026-11-30.",
        "valid_from",
    ):
        write(city_admin, day=typed)


def test_the_same_words_are_no_new_edition(city_admin: User) -> None:
    words = get_built_in_words("permit_ends")
    with refused(
        "JF-O045",
        "与当天有效的文本完全相同，没有改动。请修改后再保存。",
        "These are the words that hold on that day already: change them, then save.",
        "zh",
    ):
        write(city_admin, words.zh, words.en)


WAITS = (
    "JF-O046",
    "这份文本已提交，等待另一名管理员确认，不能再改。请先撤回或等待确认。",
    "These words wait to be confirmed and cannot be changed: take them back, or wait.",
)
NOTHING = (
    "JF-O047",
    "没有这份草稿或待确认的文本，可能已由他人办理。请刷新页面。",
    "There is no such draft, and nothing waits under this number; somebody else may have decided "
    "it. Load the page again.",
)


def test_what_waits_is_not_changed_and_is_decided_once(city_admin: User, second: User) -> None:
    first = write(city_admin)
    assert write(city_admin, ZH + "！").pk == first.pk, "a draft is one row"
    with refused(*NOTHING):
        decide_edition(second, SMS, confirm=True, which=first.pk)
    propose_edition(city_admin, SMS)
    with refused(*WAITS):
        write(city_admin)
    with refused(*WAITS):
        propose_edition(city_admin, SMS)
    with refused(*NOTHING):
        decide_edition(second, SMS, confirm=True, which=first.pk + 1)
    decide_edition(second, SMS, confirm=True, which=first.pk)
    with refused(*NOTHING):
        decide_edition(second, SMS, confirm=True, which=first.pk)


def test_another_confirms_and_returning_has_a_reason(city_admin: User, second: User) -> None:
    row = write(city_admin)
    propose_edition(city_admin, SMS)
    with refused(
        "JF-O048",
        "消息文本须由另一名管理员确认：起草者本人不能确认。",
        "Another administrator confirms the words of messages, not who wrote them.",
    ):
        decide_edition(city_admin, SMS, confirm=True, which=row.pk)
    with refused("JF-O049", "请写明退回的理由。", "Write why it is returned.", "why"):
        decide_edition(second, SMS, confirm=False, which=row.pk, why=" ")
    decide_edition(second, SMS, confirm=False, which=row.pk, why="电话有误")
    assert [(r.confirmed, r.why, r.number) for r in list_editions(SMS)] == [
        (False, "电话有误", None)
    ]
    again = write(city_admin)
    propose_edition(city_admin, SMS)
    decide_edition(city_admin, SMS, confirm=False, which=again.pk)  # taken back by its writer
    last = Entry.objects.order_by("number").last()
    assert last is not None
    assert last.act == "text.withdrawn"


def test_the_database_holds_the_two_apart(city_admin: User) -> None:
    row = MessageEdition.objects.filter(pk=write(city_admin).pk)
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(proposed_at=now, decided_at=now, decided_by=city_admin, confirmed=True, number=1)


def test_nobody_else_writes_confirms_or_tests(city_admin: User) -> None:
    clerk, row = staff("clerk", "clerk"), write(city_admin)
    not_theirs = (
        "JF-O013",
        "您不是本市的市级管理员，请由本市的市级管理员办理。",
        "Not an administrator of this city: ask one who is.",
    )
    with refused(*not_theirs):
        write(clerk)
    with refused(*not_theirs):
        propose_edition(clerk, SMS)
    with refused(*not_theirs):
        decide_edition(clerk, SMS, confirm=True, which=row.pk)
    with refused(*not_theirs):
        send_test(clerk, SMS, "zh")
    elsewhere = TextPlace("chengdu", "permit_ends", "sms")
    with refused(*not_theirs):
        save_draft(city_admin, elsewhere, ZH, EN, "2026-12-05")


def test_there_is_no_other_kind_or_channel() -> None:
    words = (
        "没有这种消息或发送方式，请从列出的文本中选择。",
        "There is no such message or channel: choose one of those listed.",
    )
    with refused("JF-O040", *words):
        TextPlace("shanghai", "no_such", "sms")
    with refused("JF-O040", *words):
        TextPlace("shanghai", "permit_ends", "pigeon")


def test_a_test_goes_to_the_own_address_only(city_admin: User) -> None:
    write(city_admin)
    with refused(
        "JF-O051",
        "您的账号没有手机号码，不能发送测试短信。请先在账号中填写。",
        "Your account has no telephone number to send a test to: add it to your account.",
    ):
        send_test(city_admin, SMS, "zh")
    city_admin.phone, city_admin.email = "13900000000", "admin@example.gov.cn"
    city_admin.save()
    assert send_test(city_admin, SMS, "zh") == "13900000000"
    assert sent() == [
        "【居住证积分】【测试】居住证 2026-12-21 到期（还有 7 天）。到期前将自动签注，无需办理。"
        "来电 12345。"
    ]
    save_draft(city_admin, EMAIL, ZH, EN, "2026-12-05")
    send_test(city_admin, EMAIL, "en")
    assert mail.outbox[0].to == ["admin@example.gov.cn"]
    assert mail.outbox[0].body.startswith("[Test] The permit ends on 2026-12-21 (7 days left).")
    assert not Message.objects.exists(), "a test is in nobody's ledger"


def test_tests_are_bounded_and_refusals_are_told(
    city_admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    city_admin.phone = "13900000000"
    city_admin.save()
    write(city_admin)
    for _ in range(MOST_TESTS):
        send_test(city_admin, SMS, "zh")
    with refused(
        "JF-O052",
        "这份文本已测试发送 10 次，不再发送。请看预览。",
        "These words were sent as a test 10 times, and are not sent again: look at the preview.",
    ):
        send_test(city_admin, SMS, "zh")
    with refused(*NOTHING):
        send_test(city_admin, EMAIL, "zh")
    inbox = TextPlace("shanghai", "permit_ends", "inbox")
    save_draft(city_admin, inbox, ZH, EN, "2026-12-05")
    with refused(
        "JF-O050",
        "站内信和群机器人没有测试发送，请看预览。",
        "No test is sent to an inbox or a group chat: look at the preview.",
    ):
        send_test(city_admin, inbox, "zh")
    MessageEdition.objects.update(tests=0)

    def refuse(_: object, message: OutgoingMessage) -> SendResult:
        del message
        return SendResult("refused", words="HTTP 400")

    monkeypatch.setattr(providers.SmsOutbox, "send", refuse)
    with refused(
        "JF-O053",
        "测试没有发出，对方答复：HTTP 400。请联系系统管理员检查发送设置。",
        "The test was not sent; the provider answered: HTTP 400. Ask the administrator of the "
        "server to look at the settings.",
    ):
        send_test(city_admin, SMS, "zh")


def test_every_kind_has_a_sample() -> None:
    for kind in load_templates():
        params = build_sample_params(kind)
        for lang in ("zh", "en"):
            assert "{" not in fill_in(get_built_in_words(kind), params, lang)


@given(st.text(max_size=60))
def test_placeholders_are_names_or_a_fault(words: str) -> None:
    """Whatever is typed: either it can be filled in with its own names, or it is refused."""
    try:
        names = list_placeholders(words)
    except ValueError:
        return
    words.format(**dict.fromkeys(names, "x"))


@given(st.text("积分{a}bc 。", max_size=30), st.text("积分{a}bc 。", max_size=30))
def test_a_difference_gives_both_texts_again(before: str, after: str) -> None:
    changes = compare_words(before, after)
    assert "".join(words for kind, words in changes if kind != "new") == before
    assert "".join(words for kind, words in changes if kind != "gone") == after


def test_two_administrators_do_it_in_their_browsers(browser: Client, second: User) -> None:
    page = "/administration/texts/permit_ends/sms"
    typed = {"act": "save", "city": "shanghai", "zh": ZH, "en": EN + "{nmae}"}
    typed |= {"valid_from": "2026-12-05"}
    again = browser.post(page, typed)
    body = again.content.decode()
    assert again.status_code == 422
    assert "英文文本中的占位符 {nmae} 不存在" in body
    assert ZH in body, "nothing typed is lost"
    assert "Call 12345.{nmae}" in body
    shown = browser.post(page, typed | {"en": EN}, follow=True).content.decode()
    assert "居住证 2026-12-21 到期（还有 7 天）" in shown, "the preview"
    shown = browser.post(page, {"act": "propose", "city": "shanghai"}, follow=True).content.decode()
    assert "须由另一名管理员确认。" in shown
    other = Client()
    other.force_login(second)
    assert "待确认" in other.get("/administration/texts").content.decode()
    assert "起草新版" not in other.get(page).content.decode()
    which = MessageEdition.objects.get().pk
    decided = {"city": "shanghai", "which": which, "act": "decline", "why": ""}
    assert "请写明退回的理由。" in other.post(page, decided).content.decode()
    shown = other.post(page, decided | {"act": "confirm"}, follow=True).content.decode()
    assert "本市第 1 版" in shown
    assert f"自 {TODAY + timedelta(days=5)} 起" in shown
    old = browser.get(f"{page}?from=built-in").content.decode()
    assert "您的居住证将在 {until} 到期" in old


def test_addresses_that_there_are_not(browser: Client) -> None:
    for address in ("permit_ends/pigeon", "nothing/sms", "permit_ends/sms?city=chengdu"):
        assert browser.get(f"/administration/texts/{address}").status_code == 404
    unknown = browser.post("/administration/texts/permit_ends/sms", {"act": "burn"})
    assert unknown.status_code == 404
