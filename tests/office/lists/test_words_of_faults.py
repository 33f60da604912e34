"""What is read where an act on a list cannot be done."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jifen.office.lists.actions import objections, state_changes
from jifen.office.lists.actions.runs import open_run
from jifen.office.lists.models import Entry, Objection, PublicList, Run
from tests.world.faults import refused
from tests.world.office import user
from tests.world.rankings import RANKED, people_in_rank
from tests.world.town import MONDAY, Town, run_daily_steps

CHOOSE = ("请选择要办理的事项。", "Choose what is to be done.")


@pytest.fixture(autouse=True)
def _uncounted(monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    """Nobody is counted yet, nor asked for a second factor."""
    del town
    cache.clear()
    gate = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(gate, lambda _: False)


def _as(who: Any, lang: str = "zh") -> Client:
    client = Client()
    client.force_login(who)
    client.cookies["lang"] = lang
    return client


def _back(client: Client, address: str, form: dict[str, Any], page: str) -> str:
    """The page on which it was asked, after the act was refused."""
    answer = client.post(address, form, headers={"Referer": f"http://testserver{page}"})
    assert answer.headers["Location"] == page
    return client.get(page).content.decode()


def test_of_two_who_act_on_an_entry_the_second_looks_again(town: Town) -> None:
    entry = town.listed()
    state_changes.move_entries(
        [Entry.objects.get()], "remove", "system", MONDAY, why="revoked"
    )  # meanwhile
    with refused(
        "JF-Q010",
        "此条目刚被其他人处理过，您的操作没有执行。请刷新后再操作。",
        "Somebody else has just acted on this; your act was not done. Reload and look.",
    ):
        state_changes.move_entries([entry], "lapse", "system", MONDAY, why="permit")
    assert Entry.objects.get().state == "removed"


# -------------------------------------------------------------------------------------- objections


def _public(town: Town) -> tuple[Entry, str]:
    """An entry to which anybody may object today, and the address for it."""
    entry = town.listed(name="欧阳娜娜")
    run_daily_steps(MONDAY)
    Entry.objects.update(public_until=timezone.localdate() + timedelta(days=1))
    entry.refresh_from_db()
    return entry, f"/lists/chengdu/{PublicList.objects.get().serial}/object"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", "名单上没有这个姓名和受理编号。请核对后再提交。"),
        ("en", "Nobody of this name and receipt number is on the list. Check both."),
    ],
)
@pytest.mark.parametrize("wrong", [{"name": "李雷"}, {"number": "CH0"}, {"number": ""}])
def test_an_objection_to_nobody_keeps_what_was_typed(
    town: Town, wrong: dict[str, str], lang: str, words: str
) -> None:
    entry, address = _public(town)
    form = {"name": "欧阳娜娜", "number": entry.number, "words": "社保挂靠"} | wrong
    answer = _as(town.neighbour, lang).post(address, form)
    page = answer.content.decode()
    assert (answer.status_code, words in page, "社保挂靠</textarea>" in page) == (
        422,
        True,
        True,
    ), "JF-Q025"
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "提交过于频繁，请一分钟后再试。"), ("en", "Too often: try again in a minute.")],
)
def test_objections_from_one_address_are_counted(
    town: Town, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    entry, address = _public(town)
    monkeypatch.setattr("jifen.office.web.lists.public.EACH", 1)
    form = {"name": "欧阳娜娜", "number": entry.number, "words": "社保挂靠"}
    assert _as(town.neighbour, lang).post(address, form).status_code == 200
    second = _as(user("second"), lang).post(address, form)
    assert (second.status_code, words in second.content.decode()) == (422, True), "JF-Q026"
    assert Objection.objects.count() == 1


# ------------------------------------------------------------------------------- nothing is chosen


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_act_on_an_entry_is_chosen(town: Town, lang: str) -> None:
    entry = town.listed()
    page = f"/desk/lists/entries/{entry.pk}"
    shown = _back(_as(town.clerk, lang), f"{page}/act", {"act": "bless"}, page)
    assert CHOOSE[lang == "en"] in shown, "JF-Q027"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_act_on_an_objection_is_chosen(town: Town, lang: str) -> None:
    entry, _ = _public(town)
    made = objections.file_objection(town.neighbour, entry, "社保挂靠", timezone.localdate())
    page = f"/desk/lists/entries/{entry.pk}"
    form = {"act": "shrug", "words": "x"}
    shown = _back(_as(town.clerk, lang), f"/desk/lists/objections/{made.pk}", form, page)
    assert CHOOSE[lang == "en"] in shown, "JF-Q027"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_act_on_the_own_place_is_chosen(town: Town, lang: str) -> None:
    holder = user("holder")
    entry = town.listed(by=holder)
    page = f"/my/place/{entry.pk}"
    shown = _back(_as(holder, lang), f"{page}/act", {"act": "sell"}, page)
    assert CHOOSE[lang == "en"] in shown, "JF-Q027"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_act_on_a_run_is_chosen(town: Town, lang: str) -> None:
    people_in_rank(town)
    page = f"/desk/lists/runs/{open_run(town.lead, 'chengdu', 2019, RANKED).name}"
    shown = _back(_as(town.lead, lang), f"{page}/act", {"act": "toss"}, page)
    assert CHOOSE[lang == "en"] in shown, "JF-Q027"
    assert Run.objects.get().state == "open"


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"city": "atlantis"}, "请选择城市。", "Choose the city."),
        (
            {"year": "二零一九"},
            "请填写整数，不超过 7 位。",
            "Write a whole number of at most 7 digits.",
        ),
        (
            {"quota": "12345678"},
            "请填写整数，不超过 7 位。",
            "Write a whole number of at most 7 digits.",
        ),
    ],
    ids=["JF-Q027", "JF-Q028 year", "JF-Q028 quota"],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_run_has_a_city_and_whole_numbers(
    town: Town, lang: str, change: dict[str, str], zh: str, en: str
) -> None:
    form = {"city": "chengdu", "year": str(date(2019, 1, 1).year), "quota": "2"} | change
    page = "/desk/lists/"
    shown = _back(_as(town.lead, lang), "/desk/lists/runs/", form, page)
    assert (zh if lang == "zh" else en) in shown
    assert not Run.objects.exists()
