"""Drafts: begun from any version, changed by two people, restored; nobody overwrites anybody."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from jifen.office.audit.models import Entry
from jifen.office.workshop.access import access_draft, drafts_of
from jifen.office.workshop.actions import drafts
from jifen.office.workshop.actions.effects import judge_case
from jifen.office.workshop.faults import NoSuchDraft, StudioFault, no_day
from jifen.office.workshop.models import Draft, Revision
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.editing import load_change, value_at
from tests.world.office import staff
from tests.world.studio import BACHELOR, DOCTOR, MASTER, ON, Studio

pytestmark = pytest.mark.django_db
AWARD = "indicators.award"


def _acts(act: str) -> int:
    return Entry.objects.filter(act=act).count()


def test_a_draft_begins_with_the_version_as_it_is() -> None:
    studio = Studio()
    head = studio.head()
    assert (head.number, head.parent, head.change) == (1, None, "{}")
    assert measure_at(studio.draft, head).changed_cases == ()
    assert _acts("studio.begun") == 1


def test_a_draft_may_start_from_the_measure_of_another_city() -> None:
    studio = Studio(("chengdu", "2024"))
    measure = measure_at(studio.draft, studio.head())
    assert measure.base.city == "chengdu"
    assert measure.can_be_scored


def test_a_draft_needs_a_name_and_a_version() -> None:
    drafter = staff("somebody", "policy_drafter")
    with pytest.raises(StudioFault, match="JF-I004: Give the draft a name"):
        drafts.begin_draft(drafter, "shanghai", " ", ("shanghai", "2018"), ON)
    for start in (("shanghai", "1999"), ("nowhere", "2018")):
        with pytest.raises(StudioFault, match="JF-I003: There is no version") as error:
            drafts.begin_draft(drafter, "shanghai", "稿", start, ON)
        assert "没有找到" in error.value.words.zh
    assert not Draft.objects.exists()


def test_a_change_makes_a_revision_and_the_same_again_makes_none() -> None:
    studio = Studio()
    revision = studio.save({MASTER: "105"})
    assert (revision.number, revision.parent) == (2, 1)
    assert load_change(revision.change) == {MASTER: "105"}
    assert studio.save({MASTER: "105"}).number == 2
    assert _acts("studio.revised") == 1


def test_two_browsers_on_one_draft_lose_nothing() -> None:
    studio = Studio()
    one, other = studio.hand(studio.drafter, "edit"), studio.hand(studio.drafter2, "edit")
    drafts.save_cells(one, {MASTER: "105", BACHELOR: "90", DOCTOR: "110"}, seen=1)
    saved = drafts.save_cells(other, {MASTER: "100", BACHELOR: "95", DOCTOR: "110"}, seen=1)
    assert saved.conflicts == ()
    assert load_change(saved.revision.change) == {BACHELOR: "95", MASTER: "105"}
    assert saved.revision.parent == 2


def test_one_cell_changed_by_both_keeps_theirs_and_says_so() -> None:
    studio = Studio()
    drafts.save_cells(studio.hand(studio.drafter, "edit"), {MASTER: "105"}, seen=1)
    other = studio.hand(studio.drafter2, "edit")
    saved = drafts.save_cells(other, {MASTER: "110", DOCTOR: "120"}, seen=1)
    [conflict] = saved.conflicts
    assert (conflict.path, conflict.theirs, conflict.mine, conflict.by) == (
        MASTER,
        "105",
        "110",
        "drafter",
    )
    assert load_change(saved.revision.change) == {MASTER: "105", DOCTOR: "120"}


def test_a_second_page_of_the_same_person_overwrites_their_own() -> None:
    studio = Studio()
    drafts.save_cells(studio.hand(act="edit"), {MASTER: "105"}, seen=1)
    saved = drafts.save_cells(studio.hand(act="edit"), {MASTER: "110"}, seen=1)
    assert saved.conflicts == ()
    assert load_change(saved.revision.change) == {MASTER: "110"}


def test_a_retired_indicator_is_gone_and_its_cells_are_told_to_another_browser() -> None:
    studio = Studio()
    studio.save({AWARD: None})
    measure = measure_at(studio.draft, studio.head())
    assert "award" not in {one["id"] for one in measure.document["indicators"]}
    other = studio.hand(studio.drafter2, "edit")
    saved = drafts.save_cells(other, {f"{AWARD}.choice.points.special": "35"}, seen=1)
    assert [conflict.path for conflict in saved.conflicts] == [f"{AWARD}.choice.points.special"]
    with pytest.raises(
        StudioFault, match=r"JF-I008: 'indicators\.award\.label\.zh' is not in the draft"
    ):
        drafts.refuse_lost(
            drafts.save_cells(studio.hand(act="edit"), {f"{AWARD}.label.zh": "奖"}, 2)
        )
    assert studio.head().number == 2


def test_an_older_revision_is_restored_as_a_new_one() -> None:
    studio = Studio()
    studio.save({MASTER: "105"})
    studio.save({MASTER: "110"})
    restored = drafts.restore(studio.hand(act="edit"), 2)
    assert (restored.number, restored.restores, restored.parent) == (4, 2, 3)
    assert load_change(restored.change) == {MASTER: "105"}
    assert drafts.restore(studio.hand(act="edit"), 4).number == 4
    with pytest.raises(StudioFault, match="JF-I005: This draft has no revision 9"):
        drafts.restore(studio.hand(act="edit"), 9)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workshop_revision SET note = 'other'",
        "DELETE FROM workshop_revision",
        "DELETE FROM workshop_casefinding",
        "UPDATE workshop_measuretext SET text = ''",
    ],
)
def test_a_revision_is_never_changed(statement: str) -> None:
    studio = Studio()
    studio.save({BACHELOR: "80"})
    case = measure_at(studio.draft, studio.head()).changed_cases[0]
    outcome = case.after.describe_outcome().en
    judge_case(studio.hand(), studio.head(), case.id, outcome, intended=True)
    drafts.save_text(studio.hand(act="edit"), "broken: [", seen=2)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert studio.head().number == 3


def test_only_the_own_office_knows_of_a_draft() -> None:
    studio = Studio()
    elsewhere = staff("elsewhere", "policy_drafter", city="chengdu")
    clerk = staff("a clerk", "clerk", district="pudong")
    for user in (elsewhere, clerk):
        assert not drafts_of(user).exists()
        with pytest.raises(NoSuchDraft):
            access_draft(user, studio.key)
    with pytest.raises(NoSuchDraft):
        access_draft(studio.drafter, uuid4())
    for user in (studio.reviewer, studio.approver, studio.moderator):
        assert access_draft(user, studio.key).draft == studio.draft


def test_only_drafters_change_a_draft_and_nobody_one_that_was_put_aside() -> None:
    studio = Studio()
    for user in (studio.reviewer, studio.approver, studio.moderator):
        with pytest.raises(StudioFault, match="JF-I001: Your role does not do this"):
            studio.hand(user, "edit")
    drafts.close(studio.hand(act="close"))
    with pytest.raises(StudioFault, match="JF-I002: This draft was put aside"):
        studio.hand(act="edit")
    drafts.reopen(studio.hand(act="reopen"))
    assert studio.save({MASTER: "105"}).number == 2


def test_whoever_lost_the_role_meanwhile_changes_nothing() -> None:
    studio = Studio()
    hand = studio.hand(act="edit")
    hand.user.staff_roles.update(until=ON.replace(year=2025))
    hand.user.__dict__.pop("_posts", None)
    with pytest.raises(NoSuchDraft):
        drafts.save_cells(hand, {MASTER: "105"}, seen=1)
    assert Revision.objects.count() == 1


def test_an_edited_text_becomes_cells_and_is_merged_like_them() -> None:
    studio = Studio()
    text = _text(studio)
    drafts.save_cells(studio.hand(studio.drafter2, "edit"), {DOCTOR: "120"}, seen=1)
    edited = text.replace("master: 100", "master: 105")
    saved = drafts.save_text(studio.hand(act="edit"), edited, seen=1)
    assert load_change(saved.revision.change) == {DOCTOR: "120", MASTER: "105"}
    assert saved.revision.text is None


def test_a_text_that_says_another_title_is_kept_whole() -> None:
    studio = Studio()
    studio.save({MASTER: "105"})
    edited = _text(studio).replace(
        "上海市居住证积分管理办法（2018 年起）", "上海市居住证积分办法（草案）"
    )
    saved = drafts.save_text(studio.hand(act="edit"), edited, seen=2)
    measure = measure_at(studio.draft, saved.revision)
    assert saved.revision.text is not None
    assert measure.policy is not None
    assert measure.policy.title.zh == "上海市居住证积分办法（草案）"
    assert value_at(measure.document, MASTER) == "105"
    assert measure.can_be_scored
    later = studio.save({DOCTOR: "120"})
    assert later.text_id == saved.revision.text_id
    assert load_change(later.change) == {DOCTOR: "120"}
    assert drafts.save_text(studio.hand(act="edit"), edited, seen=3).revision.number == 4


def test_a_broken_text_is_kept_and_says_where() -> None:
    studio = Studio()
    broken = _text(studio).replace("master: 100", "master: [100")
    saved = drafts.save_text(studio.hand(act="edit"), broken, seen=1)
    measure = measure_at(studio.draft, saved.revision)
    assert not measure.can_be_scored
    assert measure.faults[0].fault.code == "JF-P001"
    assert drafts.shown_text(measure, saved.revision) == broken


def test_a_broken_text_does_not_overwrite_what_another_saved() -> None:
    studio = Studio()
    text = _text(studio)
    studio.save({DOCTOR: "120"}, studio.drafter2)
    with pytest.raises(StudioFault, match="JF-I007: Somebody saved a newer revision"):
        drafts.save_text(studio.hand(act="edit"), text + "\n]", seen=1)
    assert studio.head().number == 2


def test_a_draft_that_cannot_be_scored_is_kept_and_says_where() -> None:
    studio = Studio()
    revision = studio.save({MASTER: "many", DOCTOR: "120"})
    measure = measure_at(studio.draft, revision)
    assert not measure.can_be_scored
    [placed] = measure.faults
    assert (placed.path, placed.fault.code) == (MASTER, "JF-P014")
    assert "many" in placed.fault.found
    assert placed.fault.in_language("zh").remedy.startswith("只写数字")


def test_what_contradicts_the_rules_stands_at_its_cell() -> None:
    studio = Studio()
    revision = studio.save({"indicators.age.scale.bands.1.from": "58"})
    faults = {p.path: p.fault.code for p in measure_at(studio.draft, revision).faults}
    assert any(path.startswith("indicators.age") for path in faults)
    assert "JF-C101" in faults.values()


def test_the_worked_cases_that_change_are_named() -> None:
    studio = Studio()
    changed = measure_at(studio.draft, studio.save({BACHELOR: "80"})).changed_cases
    assert changed
    assert all(one.before != one.after for one in changed)


def test_a_day_is_a_date_and_belongs_to_the_draft() -> None:
    studio = Studio()
    drafts.set_day(studio.hand(act="edit"), ON.replace(year=2027))
    assert studio.hand().draft.on.year == 2027
    assert no_day().code == "JF-I006"


def _text(studio: Studio) -> str:
    revision = revision_of(studio.hand().draft)
    return drafts.shown_text(measure_at(studio.draft, revision), revision)
