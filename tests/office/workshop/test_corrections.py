"""A version that was put in force is corrected as a new edition: two people again, everything reads
it at once, and what was decided before stays as it was."""

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jifen import cities
from jifen.office.audit.models import Entry
from jifen.office.casework.actions.decisions import replay_decision
from jifen.office.casework.models import Application
from jifen.office.consultation.actions.announcements import announce_due
from jifen.office.consultation.models import Announcement
from jifen.office.workshop import editions_in_force
from jifen.office.workshop.access import access_adoption
from jifen.office.workshop.actions import adoptions
from jifen.office.workshop.actions.adoptions import Proposed, ProposedCorrection
from jifen.office.workshop.actions.drafts import begin_draft
from jifen.office.workshop.editions_in_force import refresh_editions
from jifen.office.workshop.faults import StudioFault
from jifen.office.workshop.models import Adoption, AdoptionState, PolicyEdition
from jifen.office.workshop.revisions import measure_at
from jifen.office.workshop.transition import count_transition
from jifen.rulebook.city_check import check_city
from jifen.scoring import assess
from jifen.statements.edition import check_edition
from jifen.statements.keys import read_key_list
from tests.world.browser import show_factor
from tests.world.office import Office, staff, today
from tests.world.studio import MASTER, ON, SINCE, TODAY, Studio

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {
    "birth_date": "1990-05-01",
    "education": "master",
    "study_mode": "full_time",
    "insured_months": 60,
}
EARLIER = date(2026, 2, 1)
"""The first day of a version that is in force for a long time when it is corrected."""
STEPS = ["_sign", "record_editions", "_decide", "_log"]


@pytest.fixture(autouse=True)
def own_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Folders of versions of these tests; afterwards the cities are as before."""
    monkeypatch.setattr(settings, "JIFEN_EDITIONS", str(tmp_path / "editions"))
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    monkeypatch.setattr(TODAY, lambda: ON)
    editions_in_force.forget_editions()
    yield
    editions_in_force.forget_editions()


def _decide(studio: Studio, row: Adoption, **how: Any) -> Adoption:
    hand = access_adoption(studio.approver, row.key, "decide")
    decided = adoptions.decide_adoption(hand, **({"adopt": True} | how))
    refresh_editions(now=True)
    return decided


def _adopted(monkeypatch: pytest.MonkeyPatch, since: date = SINCE) -> tuple[Studio, Adoption]:
    """A studio that put the version 2027 in force, with 105 points for a master's degree."""
    studio = Studio()
    studio.save({MASTER: "105"})
    studio.accept_cases()
    wanted = Proposed("2027", since, "办法（2027）", "Measure, 2027", "未征求意见")
    with monkeypatch.context() as patched:
        patched.setattr(TODAY, lambda: date(2026, 1, 1))
        row = adoptions.propose_adoption(studio.hand(act="propose"), wanted)
        return studio, _decide(studio, row)


def _draft(studio: Studio, points: str = "108") -> None:
    """A draft that starts from the version and changes one cell, with every case judged."""
    start = ("shanghai", "2027")
    studio.draft = begin_draft(studio.drafter, "shanghai", "更正硕士分值", start, ON)
    studio.save({MASTER: points})
    studio.accept_cases()


def _propose(studio: Studio, **other: str) -> Adoption:
    wanted = {"title_zh": "办法（2027）", "title_en": "Measure, 2027", "reason": "硕士分值录入有误"}
    correction = ProposedCorrection(**(wanted | other))
    return adoptions.propose_correction(studio.hand(act="propose"), correction)


def _points() -> int:
    return int(assess(cities.load("shanghai", "2027"), FACTS, SINCE).answered)


def test_a_correction_is_a_new_edition_of_the_same_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, first = _adopted(monkeypatch)
    before = _points()
    _draft(studio)
    second = _propose(studio)
    assert _points() == before  # proposed is not in force
    _decide(studio, second)
    second.refresh_from_db()
    assert (second.version, second.since) == (first.version, first.since)
    assert (second.edition, second.corrects, second.recorded_on) == (2, first, ON)
    assert _points() == before + 3
    policy = cities.in_force("shanghai", SINCE)
    assert policy is not None
    assert (policy.version, policy.edition, policy.recorded_on) == ("2027", 2, ON)
    assert policy.hash == second.policy_hash
    versions = [v.version for v in cities.index()["shanghai"].versions]
    assert versions.count("2027") == 1
    assert cities.load_edition("shanghai", "2027", first.policy_hash).edition == 1
    assert cities.load_edition("shanghai", "2027", "sha256:unknown").edition == 2
    recorded = PolicyEdition.objects.filter(version="2027").order_by("edition")
    assert [(row.edition, row.hash) for row in recorded] == [
        (1, first.policy_hash),
        (2, second.policy_hash),
    ]
    entry = Entry.objects.filter(act="studio.adoption_adopted").order_by("-number").first()
    assert entry is not None
    assert entry.details["edition"] == 2


def test_a_decision_under_the_first_edition_is_replayed_byte_for_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, first = _adopted(monkeypatch, EARLIER)
    office = Office()
    application = office.decided(office.submitted(education="master"))
    decision = application.decisions.get()
    assert (decision.policy_version, decision.policy_hash) == ("2027", first.policy_hash)
    stored = decision.result
    _draft(studio)
    _decide(studio, _propose(studio))
    replay = replay_decision(decision)
    assert (replay.same, replay.now, replay.policy_changed) == (True, stored, False)
    corrected = assess(cities.load("shanghai", "2027"), json.loads(decision.facts), decision.on)
    assert corrected.answered - int(decision.total) == 3


def test_a_correction_names_the_received_cases_that_it_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, _ = _adopted(monkeypatch, EARLIER)
    office = Office()
    changed = office.submitted(education="master")
    _draft(studio)
    measure = measure_at(studio.draft, studio.head())
    assert measure.policy is not None
    base, new = measure.base, measure.policy
    as_version = count_transition("shanghai", base, new, today())
    assert (as_version.received, as_version.corrected, as_version.changed) == (1, 0, ())
    transition = count_transition("shanghai", base, new, today(), corrects="2027")
    assert (transition.received, transition.corrected) == (0, 1)
    [case] = transition.changed
    assert case.number == changed.number
    assert float(case.after.points) - float(case.before.points) == 3
    assert [one.number for one in transition.list_named(office.clerk)] == [changed.number]
    assert transition.list_named(studio.approver) == []
    elsewhere = staff("clerk elsewhere", "clerk", district="xuhui")
    assert transition.list_named(elsewhere) == []


def test_the_page_links_the_changed_cases_for_who_may_see_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, _ = _adopted(monkeypatch, EARLIER)
    office = Office()
    changed: Application = office.submitted(education="master")
    _draft(studio)
    both = staff("both", "policy_reviewer")
    both.staff_roles.create(role="clerk", city="shanghai", district="pudong", since=EARLIER)
    address, link = (
        reverse("studio_adoption", args=[studio.key]),
        reverse("case", args=[changed.key]),
    )
    pages = {}
    for user in (both, studio.approver):
        client = Client()
        client.force_login(user)
        pages[user.pk] = client.get(address).content.decode()
    assert f'href="{link}"' in pages[both.pk]
    assert str(changed.number) in pages[both.pk]
    assert str(changed.number) not in pages[studio.approver.pk]
    assert "已受理、尚未决定，改按更正后的文本" in pages[studio.approver.pk]


@pytest.mark.parametrize(
    ("other", "code"), [({"reason": " "}, "JF-I021"), ({"title_en": ""}, "JF-I024")]
)
def test_a_correction_says_what_was_wrong(
    monkeypatch: pytest.MonkeyPatch, other: dict[str, str], code: str
) -> None:
    studio, _ = _adopted(monkeypatch)
    _draft(studio)
    with pytest.raises(StudioFault, match=code):
        _propose(studio, **other)
    assert Adoption.objects.count() == 1


def test_only_what_was_put_in_force_here_and_changes_is_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, _ = _adopted(monkeypatch)
    with pytest.raises(StudioFault, match="JF-I046: There is nothing to correct"):
        _propose(studio)  # this draft starts from 2018, which came with the package
    studio.draft = begin_draft(studio.drafter, "shanghai", "更正", ("shanghai", "2027"), ON)
    with pytest.raises(StudioFault, match="JF-I046") as error:
        _propose(studio)
    assert "没有可以更正的内容" in error.value.words.zh
    assert _propose(studio, title_zh="办法（2027 年）").edition == 2  # a title is corrected too


def test_of_two_corrections_of_one_edition_the_second_is_drafted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, _ = _adopted(monkeypatch)
    _draft(studio)
    one = _propose(studio)
    _draft(studio, "109")
    other = _propose(studio)
    _decide(studio, one)
    with pytest.raises(StudioFault, match="JF-I045: Another correction") as error:
        _decide(studio, other)
    assert "请在最新的文本上重新起草并提请" in error.value.words.zh
    other.refresh_from_db()
    assert other.state == AdoptionState.PROPOSED
    assert cities.load("shanghai", "2027").edition == 2


def test_nobody_adopts_the_correction_that_they_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    studio, _ = _adopted(monkeypatch)
    _draft(studio)
    both = staff("both", "policy_drafter")
    both.staff_roles.create(role="policy_approver", city="shanghai", since=EARLIER)
    correction = ProposedCorrection("办法（2027）", "Measure, 2027", "录入有误")
    row = adoptions.propose_correction(studio.hand(both, "propose"), correction)
    with pytest.raises(StudioFault, match="JF-I028"):
        access_adoption(both, row.key, "decide")


@pytest.mark.parametrize("step", STEPS)
def test_a_correction_that_fails_at_any_step_leaves_the_edition_in_force(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    studio, first = _adopted(monkeypatch)
    _draft(studio)
    row = _propose(studio)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(step)

    with monkeypatch.context() as patched:
        patched.setattr(adoptions, step, fail)
        with pytest.raises(RuntimeError, match=step):
            _decide(studio, row)
    refresh_editions(now=True)
    row.refresh_from_db()
    assert row.state == AdoptionState.PROPOSED
    assert PolicyEdition.objects.filter(version="2027").count() == 1
    assert cities.load("shanghai", "2027").hash == first.policy_hash
    _decide(studio, row)  # and afterwards it is adopted as if nothing had been
    assert cities.load("shanghai", "2027").hash == row.policy_hash


def test_a_correction_is_withdrawn_before_the_first_day_and_its_number_is_not_given_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, first = _adopted(monkeypatch)
    _draft(studio)
    second = _decide(studio, _propose(studio))
    with pytest.raises(StudioFault, match="JF-I047: This edition was corrected") as error:
        adoptions.withdraw_adoption(access_adoption(studio.approver, first.key, "withdraw"), "误")
    assert error.value.words.zh == "这一版次已有更正，请先撤回更正。"
    hand = access_adoption(studio.approver, second.key, "withdraw")
    adoptions.withdraw_adoption(hand, "更正有误")
    refresh_editions(now=True)
    assert cities.load("shanghai", "2027").hash == first.policy_hash
    _draft(studio, "109")
    third = _decide(studio, _propose(studio))
    assert (third.edition, third.corrects) == (3, first)
    assert cities.load("shanghai", "2027").edition == 3


def test_a_correction_in_force_is_not_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    studio, _ = _adopted(monkeypatch, EARLIER)
    _draft(studio)
    second = _decide(studio, _propose(studio))
    with pytest.raises(StudioFault, match="JF-I026"):
        adoptions.withdraw_adoption(access_adoption(studio.approver, second.key, "withdraw"), "误")


def test_the_public_pages_tell_both_editions_and_what_was_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, first = _adopted(monkeypatch)
    _draft(studio)
    second = _decide(studio, _propose(studio))
    client = Client()
    new, old = (
        client.get(reverse("edition", args=[row.key])).content.decode() for row in (second, first)
    )
    assert "更正了什么（与第 1 版次相比）" in new
    assert "硕士分值录入有误" in new
    assert "105" in new
    assert "108" in new
    assert f'href="{reverse("edition", args=[first.key])}"' in new
    assert "现以第 2 版次为准" in old
    assert f'href="{reverse("edition", args=[second.key])}"' in old
    assert "本页的文本与签名一致" in new
    assert "本页的文本与签名一致" in old
    assert "100" in old  # it still says what it changed against 2018
    english = client.get(
        reverse("edition", args=[second.key]), headers={"accept-language": "en"}
    ).content.decode()
    assert "What was corrected (against edition 1)" in english
    listed = client.get("/shanghai/policy/").content.decode()
    assert "版本 2027 第 2 版次（更正）：公告与签名" in listed
    assert "108" in client.get("/shanghai/policy/2027/").content.decode()
    keys = read_key_list(client.get(reverse("notice_keys")).content)
    verdict = check_edition(second.statement, keys, second.text.encode())
    assert verdict.state == "genuine"
    assert verdict.edition is not None
    assert verdict.edition.edition == "2"


def test_the_folder_holds_both_editions_and_passes_the_checks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    studio, first = _adopted(monkeypatch)
    address = reverse("edition_folder", args=[first.key])
    alone = Client().get(address).content
    _draft(studio)
    second = _decide(studio, _propose(studio))
    assert Client().get(address).content == alone
    packed = Client().get(reverse("edition_folder", args=[second.key])).content
    ZipFile(BytesIO(packed)).extractall(tmp_path)
    folder = tmp_path / "shanghai"
    files = {file.path.name: file for file in check_city(folder)}
    assert files["points-2027.edition-1.cases.yaml"].cases_run > 0
    faults = [fault for file in files.values() for fault in file.faults]
    assert [str(fault) for fault in faults if fault.severity == "error"] == []
    # the earlier edition is no stray file
    assert not any("edition-1" in str(fault) for fault in files["city.yaml"].faults)
    city = cities.read_city(folder)
    assert cities.load(city, "2027").hash == second.policy_hash
    assert cities.load_edition(city, "2027", first.policy_hash).hash == first.policy_hash


def test_the_page_proposes_a_correction_and_another_person_adopts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, _ = _adopted(monkeypatch)
    _draft(studio)
    drafter, approver = Client(), Client()
    drafter.force_login(studio.drafter)
    approver.force_login(studio.approver)
    address = reverse("studio_adoption", args=[studio.key])
    assert "更正版本 2027（成为第 2 版次）" in drafter.get(address).content.decode()
    typed = {"act": "correct", "title_zh": "办法", "title_en": "Measure", "reason": ""}
    refused = drafter.post(address, typed)
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    assert drafter.post(address, typed | {"reason": "录入有误"}).status_code == 302
    row = Adoption.objects.latest("pk")
    show_factor(approver, studio.approver)
    answer = approver.post(reverse("studio_adopt", args=[row.key]), {"act": "adopt"}, follow=True)
    assert "已批准更正：版本 2027 现为第 2 版次" in answer.content.decode()


def test_subscribers_are_told_of_a_correction_and_of_its_withdrawal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio, _ = _adopted(monkeypatch)
    announce_due(timezone.now())
    _draft(studio)
    second = _decide(studio, _propose(studio))
    announce_due(timezone.now())
    adoptions.withdraw_adoption(access_adoption(studio.approver, second.key, "withdraw"), "误")
    announce_due(timezone.now())
    kinds = list(Announcement.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["adopted", "corrected", "correction_withdrawn"]
