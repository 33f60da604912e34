"""Objections: during publicity, heard, decided with reasons by another; the entry waits."""

from datetime import date

import pytest

from jifen.office.audit.models import Entry as LogEntry
from jifen.office.lists.actions import objections
from jifen.office.lists.faults import ListFault, NotYours
from jifen.office.lists.models import Entry, Objection
from jifen.office.lists.rules import OBJECTIONS, TABLE, draw_diagram, find_next_state, list_acts
from tests.world.office import user
from tests.world.town import Town, run_daily_steps, through

PUBLISHED, LAST = date(2024, 3, 4), date(2024, 3, 7)


@pytest.fixture
def entry(town: Town) -> Entry:
    """On a list from Monday to Thursday."""
    found = town.listed()
    run_daily_steps(PUBLISHED)
    found.refresh_from_db()
    assert found.public_until == LAST
    return found


def _state(row: Entry | Objection) -> str:
    row.refresh_from_db()
    return row.state


def test_an_upheld_objection_takes_the_entry_off_the_list(town: Town, entry: Entry) -> None:
    made = objections.file_objection(town.neighbour, entry, "此人社保为挂靠", LAST)
    assert made.due_on == date(2024, 3, 28)  # 15 working days
    run_daily_steps(date(2024, 3, 8))
    assert _state(entry) == "held"
    objections.hear_objection(town.clerk, made, "已核对社保记录，缴费单位与合同不一致")
    with pytest.raises(NotYours, match="JF-Q014"):
        objections.decide_objection(
            town.clerk, made, date(2024, 3, 12), uphold=True, reasons="属实"
        )
    objections.decide_objection(town.lead, made, date(2024, 3, 12), uphold=True, reasons="属实")
    assert (_state(made), _state(entry)) == ("upheld", "removed")
    assert entry.why == "objection_upheld"
    run_daily_steps(date(2024, 3, 13))
    assert _state(entry) == "removed"


def test_a_dismissed_objection_lets_the_entry_go_on(town: Town, entry: Entry) -> None:
    made = objections.file_objection(town.neighbour, entry, "年龄不符", LAST)
    through(date(2024, 3, 8), date(2024, 3, 11))
    assert _state(entry) == "held"
    objections.hear_objection(town.clerk, made, "户籍登记一致")
    objections.decide_objection(
        town.lead, made, date(2024, 3, 12), uphold=False, reasons="与登记一致"
    )
    run_daily_steps(date(2024, 3, 12))
    assert _state(entry) == "noticed"
    assert entry.formal is not None
    assert entry.formal.on == date(2024, 3, 12)


def test_who_heard_it_does_not_decide_it(town: Town, entry: Entry) -> None:
    made = objections.file_objection(town.neighbour, entry, "年龄不符", LAST)
    objections.hear_objection(town.lead, made, "户籍登记一致")
    with pytest.raises(NotYours, match="JF-Q023"):
        objections.decide_objection(town.lead, made, LAST, uphold=False, reasons="一致")
    assert _state(made) == "heard"


def test_nobody_looks_into_the_own_objection_nor_decides_on_the_own_decision(
    town: Town, entry: Entry
) -> None:
    own = objections.file_objection(town.clerk, entry, "年龄不符", LAST)
    with pytest.raises(NotYours, match="JF-Q023"):
        objections.hear_objection(town.clerk, own, "属实")
    objections.hear_objection(town.lead2, own, "户籍登记一致")
    with pytest.raises(NotYours, match="JF-Q023"):  # who signed the decision that it is about
        objections.decide_objection(town.senior, own, LAST, uphold=False, reasons="一致")
    objections.decide_objection(town.lead, own, LAST, uphold=False, reasons="一致")
    assert _state(own) == "dismissed"


def test_objections_are_taken_up_to_the_last_day(town: Town, entry: Entry) -> None:
    with pytest.raises(ListFault, match="JF-Q021") as late:
        objections.file_objection(town.neighbour, entry, "迟了", date(2024, 3, 8))
    assert "2024-03-07" in late.value.words.zh
    with pytest.raises(ListFault, match="JF-Q024"):
        objections.file_objection(town.neighbour, entry, "  ", LAST)
    objections.file_objection(town.neighbour, entry, "理由", LAST)
    with pytest.raises(ListFault, match="JF-Q022"):
        objections.file_objection(town.neighbour, entry, "再说一次", LAST)


def test_nobody_objects_to_the_own_entry_and_only_the_filer_withdraws(town: Town) -> None:
    holder = user("holder")
    entry = town.listed(by=holder)
    run_daily_steps(PUBLISHED)
    with pytest.raises(ListFault, match="JF-Q020"):
        objections.file_objection(holder, entry, "我", LAST)
    made = objections.file_objection(town.neighbour, entry, "理由", LAST)
    with pytest.raises(NotYours, match="JF-Q014"):
        objections.withdraw_objection(town.clerk, made)
    objections.answer_objection(holder, made, "单位可以作证")
    objections.answer_objection(holder, made, "还有工资流水")
    made.refresh_from_db()
    assert (made.state, made.answer) == ("filed", "单位可以作证\n\n还有工资流水")
    objections.withdraw_objection(town.neighbour, made)
    assert _state(made) == "withdrawn"
    run_daily_steps(date(2024, 3, 8))
    assert _state(entry) == "noticed"


def test_nothing_is_decided_before_it_is_heard(town: Town, entry: Entry) -> None:
    made = objections.file_objection(town.neighbour, entry, "理由", LAST)
    with pytest.raises(ListFault, match="JF-Q011") as early:
        objections.decide_objection(town.lead, made, LAST, uphold=True, reasons="属实")
    assert "已提出" in early.value.words.zh


def test_what_was_said_is_sealed_and_not_in_the_log(town: Town, entry: Entry) -> None:
    from django.db import connection

    objections.file_objection(town.neighbour, entry, "此人社保为挂靠", LAST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM lists_objection")
        kept = cursor.fetchone()[0]
    assert "挂靠" not in kept
    assert LogEntry.objects.filter(act="objection.filed").count() == 1
    assert not any("挂靠" in str(row.details) for row in LogEntry.objects.all())


def test_every_act_of_the_tables_leads_where_it_says() -> None:
    for table in (TABLE, OBJECTIONS):
        for rule in table:
            for side in rule.sides:
                assert find_next_state(rule.state, rule.act, side, table) == rule.next_state
                assert rule.act in list_acts(rule.state, [side], table)
        reached = {rule.next_state for rule in table} | {table[0].state}
        assert {rule.state for rule in table} <= reached
    ended = {"settled", "forfeited", "lapsed", "removed"}
    assert not any(rule.state in ended for rule in TABLE)
    assert find_next_state("noticed", "settle", "system") is None


def test_the_diagrams_of_the_docs_are_the_tables() -> None:
    from pathlib import Path

    text = (Path(__file__).parents[3] / "docs/lists.md").read_text("utf-8")
    assert draw_diagram() in text
    assert draw_diagram(OBJECTIONS) in text
