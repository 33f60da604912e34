"""Who an account is: proved by what only the person has, contested, undone with four eyes."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.signals import user_logged_in
from django.apps import apps
from django.contrib.auth.hashers import check_password, get_hasher, identify_hasher
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.models import Entry
from jifen.office.casework.models import Application
from jifen.office.messages.models import OutboxSms
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.actions.ties import (
    contest_tie,
    decide_contest,
    hand_over_code,
    list_open_contests,
    make_phone_code,
    tie_by_code,
    tie_by_identity,
)
from jifen.office.registry.faults import NoSuchUnit
from jifen.office.registry.models import ActivationCode, Person, TieContest
from jifen.office.registry.models.people import name_indexes
from jifen.office.registry.unified_identity import tie_by_claims
from jifen.office.vault.seal import blind_index
from tests.world.browser import give_phone
from tests.world.clock import Clock
from tests.world.faults import refused
from tests.world.office import Office, identity, person, staff, user

pytestmark = pytest.mark.django_db
HERE = "198.51.100.7"
NOT_PROVED = (
    "JF-G024",
    "证件号码、姓名与激活码不能核实为本人。请核对；激活码由本人持证件到受理窗口领取。",
    "Number, name and activation code could not be verified as yours. Check them; the code is "
    "handed over at a window to whoever shows the card.",
    "code",
)
FOUR_EYES = (
    "JF-G029",
    "须由另一名工作人员办理：不能办理本人的绑定，也不能决定自己登记的争议。",
    "Another member of the staff must do this: nobody handles a link of their own, or decides a "
    "contest that they recorded.",
)


@pytest.fixture
def clerk() -> Any:
    return staff("clerk", "clerk")


@pytest.fixture
def senior() -> Any:
    return staff("senior", "senior_clerk")


def test_name_and_number_alone_prove_nothing() -> None:
    """An employer knows both of everybody it files for."""
    find_or_add_person(user("hr"), identity(5), "李雷", "13800000000")
    with refused(*NOT_PROVED):
        tie_by_code(user("hr2"), identity(5), "李雷", "", HERE)
    assert not Person.objects.filter(user__isnull=False).exists()


def test_a_code_from_the_window_proves_who_somebody_is(clerk: Any) -> None:
    found, code = hand_over_code(clerk, identity(5), "李雷")
    who = user("lilei")
    typed = f" {code.lower().replace('-', ' ')} "
    assert tie_by_code(who, identity(5), " 李雷 ", typed, HERE) == found
    found.refresh_from_db()
    assert found.user == who
    acts = list(Entry.objects.filter(act__startswith="person.").values_list("act", "actor"))
    assert acts == [
        ("person.added", f"user:{clerk.pk}"),
        ("person.code_handed_over", f"user:{clerk.pk}"),
        ("person.tied", f"user:{who.pk}"),
    ]
    assert code not in str(list(ActivationCode.objects.values()))
    with refused(
        "JF-G023",
        "已经绑定本人信息，不需要再绑定。如绑定有误，请带证件到受理窗口更正。",
        "You are linked already. If the link is wrong, bring the card to the office.",
    ):
        tie_by_code(who, identity(6), "韩梅梅", code, HERE)


def test_whatever_is_wrong_is_answered_alike(clerk: Any, clock: Clock) -> None:
    person(6, "韩梅梅", user=user("meimei"))
    _, code = hand_over_code(clerk, identity(5), "李雷")
    for number, (of, name, typed) in enumerate(
        [(5, "李磊", code), (5, "李雷", "AAAA-AAAA"), (6, "韩梅梅", code), (7, "谁", code)]
    ):
        with refused(*NOT_PROVED):
            tie_by_code(user(f"who{number}"), identity(of), name, typed, HERE)
    assert not Person.objects.filter(user__username__startswith="who").exists()
    assert not Person.objects.filter(name_index__in=name_indexes("谁")).exists(), (
        "trying a number adds nobody"
    )


def test_after_five_wrong_tries_from_anywhere_the_code_is_void(clerk: Any, clock: Clock) -> None:
    _, code = hand_over_code(clerk, identity(5), "李雷")
    for number in range(5):
        with refused(*NOT_PROVED):
            tie_by_code(user(f"w{number}"), identity(5), "李雷", "AAAA-AAAA", f"203.0.113.{number}")
    with refused(*NOT_PROVED):
        tie_by_code(user("lilei"), identity(5), "李雷", code, HERE)


def test_one_source_is_braked(clerk: Any, clock: Clock) -> None:
    for number in range(5):
        with refused(*NOT_PROVED):
            tie_by_code(user(f"who{number}"), identity(5), "李雷", "AAAA-AAAA", HERE)
    with refused(
        "JF-G026",
        "尝试次数过多，请在 0 分 30 秒后再试。",
        "Too many attempts. Try again in 0 min 30 s.",
    ):
        tie_by_code(user("lilei"), identity(5), "李雷", "AAAA-AAAA", HERE)


def test_a_code_ends_with_its_time_and_with_the_next_one(clerk: Any, clock: Clock) -> None:
    _, first = hand_over_code(clerk, identity(5), "李雷")
    _, second = hand_over_code(clerk, identity(5), "李雷")
    with refused(*NOT_PROVED):
        tie_by_code(user("a"), identity(5), "李雷", first, HERE)
    clock.go_on(14 * 24 * 3600)
    with refused(*NOT_PROVED):
        tie_by_code(user("b"), identity(5), "李雷", second, HERE)


def test_only_staff_of_a_window_hands_codes_over_and_to_nobody_who_is_tied(clerk: Any) -> None:
    for who in (user("hr"), staff("auditor", "auditor"), staff("admin", "city_admin")):
        with pytest.raises(NoSuchUnit):
            hand_over_code(who, identity(5), "李雷")
    person(6, "韩梅梅", user=user("meimei"))
    with refused(
        "JF-G025",
        "此人已绑定账号。如绑定有误，请登记为“绑定有争议”。",
        "This person is linked to an account already. If that is wrong, record that the link is "
        "contested.",
    ):
        hand_over_code(clerk, identity(6), "韩梅梅")
    person(7, "受理员", user=clerk)
    with refused(*FOUR_EYES):
        hand_over_code(clerk, identity(7), "受理员")


# ----------------------------------------------------------------------------------------- phones


def test_a_code_goes_only_to_a_phone_that_was_confirmed_at_a_window(clerk: Any) -> None:
    """The phone that an employer wrote down may be the employer's own."""
    find_or_add_person(user("hr"), identity(5), "李雷", "13800000000")
    who = user("lilei")
    assert make_phone_code(who, identity(5), "李雷") is None
    hand_over_code(clerk, identity(5), "李雷", "13911112222")
    ActivationCode.objects.update(made_at=timezone.now() - timedelta(minutes=2))
    assert make_phone_code(who, identity(5), "李磊") is None, "another name"
    made = make_phone_code(who, identity(5), "李雷")
    assert made is not None
    phone, code = made
    assert phone == "13911112222"
    assert make_phone_code(who, identity(5), "李雷") is None, "one a minute"
    assert tie_by_code(who, identity(5), "李雷", code, HERE).user == who


def test_the_page_sends_a_code_and_tells_nobody_whether_it_did(clerk: Any) -> None:
    hand_over_code(clerk, identity(5), "李雷", "13911112222")
    ActivationCode.objects.update(made_at=timezone.now() - timedelta(minutes=2))
    said = []
    for number, name in ((5, "李雷"), (6, "韩梅梅")):
        client = Client()
        client.force_login(user(f"who{number}"))
        sent = {"act": "send", "identity": identity(number), "name": name}
        page = client.post("/my/self", sent).content.decode()
        assert "如果该证件登记了经窗口核实的手机" in page
        said.append(page.count("激活码"))
    assert said[0] == said[1]
    message = OutboxSms.objects.get()
    assert "10 分钟内有效" in message.text
    code = message.text.partition("：")[2][:9]
    client = Client()
    client.force_login(user("lilei"))
    sent = {"act": "link", "identity": identity(5), "name": "李雷", "code": code}
    assert client.post("/my/self", sent).headers["Location"] == "/my/"


# --------------------------------------------------------------------------------------- contests


def tied(number: int = 5, name: str = "李雷") -> Person:
    return person(number, name, user=user("wrong"))


def test_a_contested_tie_is_frozen_at_once_and_undone_by_another(clerk: Any, senior: Any) -> None:
    found = tied()
    assert found.user is not None
    client = Client()
    client.force_login(found.user)
    assert client.get("/my/data").status_code == 200
    contest = contest_tie(clerk, identity(5), "本人表示从未注册账号")
    assert client.get("/my/data").status_code == 404, "frozen"
    assert list_open_contests(clerk) == []
    assert list_open_contests(senior) == [contest]
    with pytest.raises(NoSuchUnit):
        decide_contest(clerk, contest.pk, undone=True, reason="属实")
    decide_contest(senior, contest.pk, undone=True, reason="属实")
    found.refresh_from_db()
    assert found.user is None
    _, code = hand_over_code(clerk, identity(5), "李雷")
    own = user("lilei")
    assert tie_by_code(own, identity(5), "李雷", code, HERE).user == own
    acts = list(Entry.objects.filter(act__startswith="person.tie_").values_list("act", flat=True))
    assert acts == ["person.tie_frozen", "person.tie_undone"]


def test_nobody_is_tied_while_a_contest_is_open(clerk: Any, senior: Any) -> None:
    """Else giving the tie back would shut out whoever was tied meanwhile."""
    found = tied()
    owner = found.user
    Person.objects.update(phone="13911112222", phone_confirmed_at=timezone.now())
    contest = contest_tie(clerk, identity(5), "有争议")
    with refused(
        "JF-G032",
        "此人的绑定争议尚未决定，决定后才能发放激活码。",
        "A contest of this person's link is open: a code can be handed over once it is decided.",
    ):
        hand_over_code(clerk, identity(5), "李雷")
    assert make_phone_code(user("other"), identity(5), "李雷") is None
    TieContest.objects.filter(pk=contest.pk).delete()
    _, code = hand_over_code(clerk, identity(5), "李雷")
    contest.save(force_insert=True)
    with refused(*NOT_PROVED):
        tie_by_code(user("another"), identity(5), "李雷", code, HERE)
    decide_contest(senior, contest.pk, undone=False, reason="核对无误")
    found.refresh_from_db()
    assert found.user == owner


def test_a_tie_that_was_right_is_given_back(clerk: Any, senior: Any) -> None:
    found = tied()
    owner = found.user
    contest = contest_tie(clerk, identity(5), "有争议")
    assert tie_by_identity(user("other"), identity(5), "李雷") is None, "frozen for everybody"
    decide_contest(senior, contest.pk, undone=False, reason="核对无误")
    found.refresh_from_db()
    assert found.user == owner
    with pytest.raises(NoSuchUnit):
        decide_contest(senior, contest.pk, undone=True, reason="再次")


def test_who_recorded_a_contest_does_not_decide_it(senior: Any) -> None:
    tied()
    contest = contest_tie(senior, identity(5), "有争议")
    with refused(*FOUR_EYES):
        decide_contest(senior, contest.pk, undone=True, reason="属实")
    with pytest.raises(IntegrityError), transaction.atomic():
        TieContest.objects.update(decided_by=senior, decided_at=timezone.now(), undone=True)


def test_reasons_are_given_and_a_tie_is_there(clerk: Any, senior: Any) -> None:
    with refused("JF-G027", "请写明理由。", "Give the reason.", "words"):
        contest_tie(clerk, identity(5), " ")
    person(5, "李雷")
    with refused(
        "JF-G028",
        "没有绑定账号，无需冻结。请核对证件号码。",
        "No account is linked, so there is nothing to freeze. Check the number.",
    ):
        contest_tie(clerk, identity(5), "有争议")
    with refused("JF-G027", "请写明理由。", "Give the reason.", "reason"):
        decide_contest(senior, 1, undone=True, reason="")


def test_the_page_of_the_window(clerk: Any, senior: Any) -> None:
    tied()
    give_phone(clerk)
    give_phone(senior)
    clerk_page, senior_page, employer = Client(), Client(), Client()
    clerk_page.force_login(clerk)
    senior_page.force_login(senior)
    employer.force_login(user("hr"))
    assert employer.get("/people/ties").status_code == 404
    said = clerk_page.post("/people/ties?lang=zh", {"act": "nothing"}).content.decode()
    assert "请选择要办理的事项" in said
    sent = {"act": "code", "identity": identity(8), "name": "韩梅梅"}
    assert "输错 5 次作废" in clerk_page.post("/people/ties", sent).content.decode()
    refused_page = clerk_page.post("/people/ties", {"act": "code", "identity": "1", "name": "韩"})
    assert refused_page.status_code == 422
    assert 'value="韩"' in refused_page.content.decode(), "what was typed stays"
    sent = {"act": "contest", "identity": identity(5), "words": "不是本人"}
    frozen = clerk_page.post("/people/ties", sent, follow=True).content.decode()
    assert "绑定已冻结" in frozen
    assert "不是本人" not in frozen, "the colleague decides, not the one who recorded it"
    shown = senior_page.get("/people/ties").content.decode()
    assert "不是本人" in shown
    assert identity(5) not in shown
    contest = TieContest.objects.get()
    sent = {"act": "undo", "contest": str(contest.pk), "reason": "属实"}
    assert "绑定已解除" in senior_page.post("/people/ties", sent, follow=True).content.decode()


# ------------------------------------------------------------------------------- unified identity


def test_the_citys_identity_ties_whom_it_names() -> None:
    who = user("lilei")
    found = tie_by_identity(who, identity(5), "李雷")
    assert found is not None
    assert found.user == who
    assert tie_by_identity(who, identity(5), "李雷") == found, "signing in again"
    assert tie_by_identity(who, identity(6), "韩梅梅") is None
    assert tie_by_identity(user("other"), identity(5), "李雷") is None


def signed_in(who: User, login: Any = None) -> None:
    """What the library tells us when somebody has signed in, by the unified identity or not."""
    ours = {key[0]: receiver for key, receiver, *_ in user_logged_in.receivers}
    receive = ours["jifen.unified_identity"]()
    receive(sender=User, signal=user_logged_in, user=who, sociallogin=login)


CLAIMS = {"sub": "u-1", "id_card": identity(5), "name": "李雷"}


@pytest.mark.parametrize(
    ("data", "tied_to"),
    [
        ({"userinfo": CLAIMS}, identity(5)),
        ({"id_token": CLAIMS}, identity(5)),
        (CLAIMS, identity(5)),
        ({"userinfo": CLAIMS | {"id_card": "123"}}, None),
        ({"userinfo": CLAIMS | {"id_card": 310101}}, None),
        ({"userinfo": {"sub": "u-1", "name": "李雷"}}, None),
        ({"userinfo": CLAIMS | {"name": ""}}, None),
        ({}, None),
    ],
)
def test_claims_of_a_sign_in_tie_the_account(
    settings: Any, data: dict[str, Any], tied_to: str | None
) -> None:
    settings.JIFEN_OIDC_IDENTITY_CLAIM = "id_card"
    who = user("lilei")
    signed_in(who, SimpleNamespace(account=SimpleNamespace(extra_data=data)))
    found = Person.objects.filter(user=who).first()
    assert (found.identity if found else None) == tied_to


def test_no_claim_ties_anybody_where_the_city_names_none() -> None:
    who = user("lilei")
    assert tie_by_claims(who, CLAIMS | {"": identity(5)}) is None
    signed_in(who)
    assert not Person.objects.exists()


def test_consent_is_given_by_the_tied_person_only() -> None:
    office = Office()
    case = office.draft()
    Application.objects.update(consent_at=None)
    impostor = Client()
    impostor.force_login(user("impostor"))
    assert impostor.post(f"/cases/{case.application.key}/consent").status_code == 404
    employer = Client()
    employer.force_login(office.admin)
    employer.post(f"/cases/{case.application.key}/consent")
    case.application.refresh_from_db()
    assert case.application.consent_at is None


def test_a_code_is_kept_under_a_slow_hash_with_a_salt(clerk: User) -> None:
    """Whoever has the rows and the keys still has to try each code slowly."""
    codes = [hand_over_code(clerk, identity(number), "王小明")[1] for number in (1, 2)]
    digests = list(ActivationCode.objects.order_by("pk").values_list("digest", flat=True))
    index = blind_index(codes[0].replace("-", ""), "activation code")
    algorithm = identify_hasher(digests[0]).algorithm
    assert algorithm == get_hasher().algorithm
    assert check_password(index, digests[0])
    assert not check_password(index, digests[1])
    assert index not in "".join(digests)


def test_codes_of_an_earlier_release_stay_good(clerk: User) -> None:
    somebody, code = user("somebody"), hand_over_code(clerk, identity(1), "王小明")[1]
    index = blind_index(code.replace("-", ""), "activation code")
    ActivationCode.objects.update(digest=index)
    migration = import_module("jifen.office.registry.migrations.0008_slow_hashes_of_codes")
    migration.hash_open_codes(apps, SimpleNamespace(connection=connection))
    assert tie_by_code(somebody, identity(1), "王小明", code, HERE).user == somebody
