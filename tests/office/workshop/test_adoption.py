"""A version is put in force by two people; from its day every part reads it, and nothing older
changes."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jifen import cities
from jifen.cities.worked_cases import read_cases
from jifen.office.accounts.models import StaffRole
from jifen.office.audit.models import Entry
from jifen.office.workshop import editions_in_force
from jifen.office.workshop.access import access_adoption
from jifen.office.workshop.actions import adoptions
from jifen.office.workshop.actions.drafts import begin_draft
from jifen.office.workshop.editions_in_force import refresh_editions
from jifen.office.workshop.faults import NoSuchDraft, StudioFault
from jifen.office.workshop.models import Adoption, AdoptionState, PolicyEdition
from jifen.office.workshop.revisions import measure_at
from jifen.policy.checks.context import patch_document
from jifen.policy.editing import value_at
from jifen.rulebook.city_check import check_city
from jifen.scoring import assess
from jifen.statements.edition import check_edition
from jifen.statements.keys import read_key_list
from tests.world.browser import show_factor
from tests.world.office import staff
from tests.world.studio import MASTER, ON, SINCE, TODAY, Studio

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {
    "birth_date": "1990-05-01",
    "education": "master",
    "study_mode": "full_time",
    "insured_months": 60,
}


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


def _ready(**cells: str) -> Studio:
    """A draft with changed cells whose changed cases are all judged as intended."""
    studio = Studio()
    studio.save(cells or {MASTER: "105"})
    studio.accept_cases()
    return studio


def _adopted(studio: Studio, **other: Any) -> Adoption:
    row = studio.propose(**other)
    return _decide(studio, row)


def _decide(studio: Studio, row: Adoption, *, adopt: bool = True, reason: str = "") -> Adoption:
    hand = access_adoption(studio.approver, row.key, "decide")
    decided = adoptions.decide_adoption(hand, adopt=adopt, reason=reason)
    refresh_editions(now=True)
    return decided


def test_two_people_put_a_version_in_force_from_its_day() -> None:
    before = cities.load("shanghai", "2018")
    studio = _ready()
    row = _adopted(studio)
    assert row.state == AdoptionState.ADOPTED
    assert cities.in_force("shanghai", SINCE - timedelta(days=1)).version == "2018"  # type: ignore[union-attr]
    new = cities.in_force("shanghai", SINCE)
    assert new is not None
    assert (new.version, new.title.zh, new.hash) == (
        "2027",
        "上海市居住证积分管理办法（2027）",
        row.policy_hash,
    )
    old, now = (assess(cities.load("shanghai", v), FACTS, SINCE) for v in ("2018", "2027"))
    assert now.answered - old.answered == 5
    assert cities.load("shanghai", "2018").hash == before.hash
    acts = [entry.act for entry in Entry.objects.order_by("number")]
    assert acts.index("studio.adoption_proposed") < acts.index("studio.adoption_adopted")
    assert PolicyEdition.objects.get(version="2027").hash == new.hash


def test_an_old_assessment_is_the_same_byte_for_byte() -> None:
    day = date(2025, 6, 1)
    before = json.dumps(assess(cities.load("shanghai", "2018"), FACTS, day).to_dict())
    _adopted(_ready())
    after = json.dumps(assess(cities.load("shanghai", "2018"), FACTS, day).to_dict())
    assert after == before


def test_nobody_decides_what_they_proposed() -> None:
    studio = _ready()
    both = staff("both", "policy_drafter", city="shanghai")

    StaffRole.objects.create(
        user=both, role="policy_approver", city="shanghai", since=date(2020, 1, 1)
    )
    row = studio.propose(both)
    with pytest.raises(StudioFault, match="JF-I028"):
        access_adoption(both, row.key, "decide")
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.filter(pk=row.pk).update(
            state=AdoptionState.REFUSED, decided_by=both, decided_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"version": "../2027"}, "JF-I023"),
        ({"version": ""}, "JF-I023"),
        ({"version": "2018"}, "JF-I033"),
        ({"since": date(2020, 1, 1)}, "JF-I025"),
        ({"title_en": " "}, "JF-I024"),
        ({"reason": ""}, "JF-I022"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(other: dict[str, Any], code: str) -> None:
    studio = _ready()
    with pytest.raises(StudioFault, match=code) as error:
        studio.propose(**other)
    assert error.value.words.zh != error.value.words.en
    assert not Adoption.objects.exists()


def test_a_draft_with_errors_or_unjudged_cases_is_not_proposed() -> None:
    studio = Studio()
    studio.save({MASTER: "105"})
    with pytest.raises(StudioFault, match=r"JF-I031: \d+ worked cases change and were not judged"):
        studio.propose()
    studio.save({MASTER: "many"})
    with pytest.raises(StudioFault, match="JF-I030: The draft has 1 errors"):
        studio.propose()


def test_a_draft_is_proposed_once_at_a_time() -> None:
    studio = _ready()
    studio.propose()
    with pytest.raises(StudioFault, match="JF-I020: This draft is proposed already"):
        studio.propose(version="2028")
    assert Adoption.objects.count() == 1


def test_a_draft_of_another_citys_measure_is_not_put_in_force_here() -> None:
    studio = Studio(("chengdu", "2024"))
    with pytest.raises(StudioFault, match="JF-I032"):
        studio.propose()


def test_a_refusal_needs_a_reason_and_changes_nothing() -> None:
    studio = _ready()
    row = studio.propose()
    with pytest.raises(StudioFault, match="JF-I021"):
        _decide(studio, row, adopt=False)
    assert _decide(studio, row, adopt=False, reason="标准太高").state == AdoptionState.REFUSED
    assert "2027" not in [v.version for v in cities.index()["shanghai"].versions]
    with pytest.raises(StudioFault, match="JF-I029"):
        access_adoption(studio.approver, row.key, "decide")


def test_a_version_is_withdrawn_before_its_day_and_not_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio = _ready()
    row = _adopted(studio)
    hand = access_adoption(studio.approver, row.key, "withdraw")
    with monkeypatch.context() as patched:
        patched.setattr(TODAY, lambda: SINCE)
        with pytest.raises(StudioFault, match="JF-I026"):
            adoptions.withdraw_adoption(hand, "改期")
    adoptions.withdraw_adoption(hand, "改期")
    refresh_editions(now=True)
    assert cities.in_force("shanghai", SINCE).version == "2018"  # type: ignore[union-attr]
    assert Entry.objects.filter(act="studio.adoption_withdrawn").count() == 1


def test_a_later_version_follows_and_holds_the_earlier_one() -> None:
    studio = _ready()
    first = _adopted(studio)
    second = _adopted(studio, version="2028", since=date(2028, 1, 1))
    versions = cities.index()["shanghai"].versions
    assert [(v.version, v.until) for v in versions[-3:]] == [
        ("2018", date(2026, 12, 31)),
        ("2027", date(2027, 12, 31)),
        ("2028", None),
    ]
    with pytest.raises(StudioFault, match="JF-I027"):
        adoptions.withdraw_adoption(access_adoption(studio.approver, first.key, "withdraw"), "改期")
    with pytest.raises(StudioFault, match="JF-I034"):
        studio.propose(version="2027b", since=date(2027, 6, 1))
    assert second.state == AdoptionState.ADOPTED


@pytest.mark.parametrize("step", ["_sign", "record_editions", "_decide", "_log"])
def test_an_adoption_that_fails_at_any_step_puts_nothing_in_force(
    monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    studio = _ready()
    row = studio.propose()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(step)

    monkeypatch.setattr(adoptions, step, fail)
    with pytest.raises(RuntimeError, match=step):
        _decide(studio, row)
    refresh_editions(now=True)
    row.refresh_from_db()
    assert row.state == AdoptionState.PROPOSED
    assert not PolicyEdition.objects.filter(version="2027").exists()
    assert cities.in_force("shanghai", SINCE).version == "2018"  # type: ignore[union-attr]


def test_a_folder_that_could_not_be_written_is_written_at_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    studio = _ready()
    row = studio.propose()
    with monkeypatch.context() as patched:
        patched.setattr("jifen.cities.edition_folder.Path.replace", _disk_is_full)
        with pytest.raises(OSError, match="No space left"):
            _decide(studio, row)
    assert list(Path(settings.JIFEN_EDITIONS).iterdir()) == []
    assert refresh_editions(now=True)
    assert cities.in_force("shanghai", SINCE).version == "2027"  # type: ignore[union-attr]


def _disk_is_full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_takes_no_page_down_and_the_adoption_stands(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    studio = _ready()
    row = studio.propose()
    monkeypatch.setattr(settings, "JIFEN_EDITIONS_SECONDS", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr("jifen.cities.edition_folder.Path.replace", _disk_is_full)
        hand = access_adoption(studio.approver, row.key, "decide")
        assert adoptions.decide_adoption(hand, adopt=True).state == AdoptionState.ADOPTED
        assert Client().get("/shanghai/policy/").status_code == 200
    assert "the folder of a version in force could not be written" in caplog.text
    assert Client().get("/shanghai/policy/2027/").status_code == 200


def test_another_process_knows_of_it_with_the_next_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _adopted(_ready())
    editions_in_force.forget_editions()  # a process that was not there when it was adopted
    assert cities.in_force("shanghai", SINCE).version == "2018"  # type: ignore[union-attr]
    monkeypatch.setattr(settings, "JIFEN_EDITIONS_SECONDS", 0.0)
    assert Client().get("/shanghai/policy/2027/").status_code == 200
    assert cities.in_force("shanghai", SINCE).version == "2027"  # type: ignore[union-attr]


def test_the_folder_of_a_version_passes_the_checks() -> None:
    _adopted(_ready())
    folder = cities.index()["shanghai"].folder
    assert folder.parent == Path(settings.JIFEN_EDITIONS)
    faults = [fault for file in check_city(folder) for fault in file.faults]
    assert [str(fault) for fault in faults if fault.severity == "error"] == []


def test_the_folder_of_a_version_carries_its_worked_cases_with_the_accepted_results(
    tmp_path: Path,
) -> None:
    row = _adopted(_ready())
    packed = Client().get(reverse("edition_folder", args=[row.key])).content
    ZipFile(BytesIO(packed)).extractall(tmp_path)
    folder = tmp_path / "shanghai"
    checked = {file.path.name: file for file in check_city(folder)}
    cases = checked["points-2027.cases.yaml"]
    old = checked["points-2018.cases.yaml"]
    assert [str(fault) for fault in cases.faults] == []
    assert cases.cases_run == old.cases_run > 0
    before = {case.id: case for case in read_cases(folder / "points-2018.cases.yaml")}
    after = {case.id: case for case in read_cases(folder / "points-2027.cases.yaml")}
    masters = [i for i, case in before.items() if case.facts.get("education") == "master"]
    assert masters
    for ident, case in after.items():
        old_case = before[ident]
        if ident not in masters:
            assert case.expect == old_case.expect
        elif "total" in old_case.expect:
            # a master's degree gives five points more
            assert Decimal(case.expect["total"]) == Decimal(old_case.expect["total"]) + 5
            assert "已判断为符合意图" in case.source.zh
            assert "is intended" in case.source.en
        assert case.facts == old_case.facts


def test_a_case_that_gives_something_else_fails_the_check_of_the_folder(tmp_path: Path) -> None:
    row = _adopted(_ready())
    packed = Client().get(reverse("edition_folder", args=[row.key])).content
    ZipFile(BytesIO(packed)).extractall(tmp_path)
    measure = tmp_path / "shanghai" / "points-2027.yaml"
    text = measure.read_text("utf-8")
    assert text.count("master: 105") == 1
    measure.write_text(text.replace("master: 105", "master: 106"), "utf-8")
    faults = [f for file in check_city(measure.parent) for f in file.faults if f.code == "JF-S001"]
    assert faults
    assert all("points-2027.cases.yaml" in fault.place.file for fault in faults)


def test_a_draft_of_an_adopted_version_has_its_worked_cases() -> None:
    studio = _ready()
    _adopted(studio)
    start = ("shanghai", "2027")
    studio.draft = begin_draft(studio.drafter, "shanghai", "再调整", start, ON)
    studio.save({MASTER: "106"})
    changed = measure_at(studio.draft, studio.head()).changed_cases
    assert changed
    assert all(case.before != case.after for case in changed)


OVERLAID = "indicators.outer_suburb.first_of.steps.0.per_unit.starts_at"


def test_what_an_overlay_says_too_is_as_the_draft_says_after_the_adoption() -> None:
    studio = _ready(**{OVERLAID: "24 months"})
    drafted = measure_at(studio.draft, studio.head(), SINCE)
    row = _adopted(studio)
    adopted = cities.load("shanghai", "2027")
    rules = patch_document(adopted, SINCE, {}).to_plain()
    assert value_at(rules, OVERLAID) == "24 months" == value_at(drafted.document, OVERLAID)
    kept = [overlay.id for overlay in adopted.overlays]
    assert "family-planning-2021" in kept  # what the draft leaves alone stays
    assert not any("lingang" in ident for ident in kept)
    assert "24 months" in row.text


def test_anybody_reads_a_version_in_force_and_can_check_it() -> None:
    row = _adopted(_ready())
    client = Client()
    page = client.get(reverse("edition", args=[row.key])).content.decode()
    assert row.sha256 in page
    assert "本页的文本与签名一致" in page
    text = client.get(reverse("edition_text", args=[row.key])).content
    statement = client.get(reverse("edition_statement", args=[row.key])).content.decode()
    keys = read_key_list(client.get(reverse("notice_keys")).content)
    assert check_edition(statement, keys, text).state == "genuine"
    assert check_edition(statement, keys, text + b" ").state == "other_bytes"
    assert reverse("edition", args=[row.key]) in client.get("/shanghai/policy/").content.decode()
    assert "105" in client.get("/shanghai/policy/2027/").content.decode()


def test_a_version_that_is_not_adopted_is_nobodys_to_see() -> None:
    studio = _ready()
    row = studio.propose()
    assert Client().get(reverse("edition", args=[row.key])).status_code == 404
    stranger = staff("stranger", "policy_approver", city="chengdu")
    with pytest.raises(NoSuchDraft):
        access_adoption(stranger, row.key)


def test_the_page_proposes_and_another_person_adopts() -> None:
    studio = _ready()
    drafter, approver = Client(), Client()
    drafter.force_login(studio.drafter)
    approver.force_login(studio.approver)
    address = reverse("studio_adoption", args=[studio.key])
    typed = {
        "version": "2027",
        "since": "2019",
        "title_zh": "办法",
        "title_en": "Measure",
        "reason": "x",
    }
    refused = drafter.post(address, typed)
    assert refused.status_code == 422
    assert 'value="2019"' in refused.content.decode()
    assert drafter.post(address, typed | {"since": "2027-01-01"}).status_code == 302
    row = Adoption.objects.get()
    assert "批准施行" not in drafter.get(address).content.decode()
    page = approver.get(address).content.decode()
    assert "批准施行" in page
    show_factor(approver, studio.approver)
    answer = approver.post(reverse("studio_adopt", args=[row.key]), {"act": "adopt"}, follow=True)
    assert "已批准：版本 2027 自 2027-01-01 起施行" in answer.content.decode()
