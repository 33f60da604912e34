"""Insurance entered as spells: where each fault stands, and what the records give."""

from jifen.facts.contributions import read_spells
from jifen.facts.fault import FactFault
from jifen.facts.form import is_from_spells, list_asked_facts
from jifen.facts.insurance import InsuranceAccount, build_account, build_row_spells
from jifen.facts.measures import ABSENT, MonthShown
from jifen.facts.situation import Situation
from jifen.office.web.public.self_assessment import Work
from jifen.policy.model import Rules
from jifen.policy.text import Lang, Text

SPELL_WORDS = {
    "place": Text("第 %d 段", "Row %d"),
    "unfinished": Text(
        "第 %d 段还没有填完起止月份，暂不计入。",
        "Row %d waits for its first or last month and is left out for now.",
    ),
    "open": Text("还不能算出", "cannot be told yet"),
    "by_records": Text("按缴费记录填写：%d 段", "by contribution records: %d rows"),
}
"""By name, also for the device."""
SPELL_PARTS = {
    "from": Text("起始月份", "first month"),
    "to": Text("终止月份", "last month"),
    "base": Text("每月金额", "amount"),
    "status": Text("状态", "status"),
    "schemes": Text("险种", "schemes"),
}


def spell_faults(work: Work, lang: Lang) -> list[dict[str, str]]:
    """The faults of the spells, each with its row and the id of its field."""
    rows = work.answers.filled_spells()
    built = build_row_spells(rows, work.rules, work.on)
    places = [numbered.row for numbered in built]
    found = []
    for fault in work.faults_of("contributions"):
        parts = fault.path.split(".")
        row, key = (parts[1] if len(parts) > 1 else ""), (parts[2] if len(parts) > 2 else "from")
        number = places[int(row)] if row.isdecimal() and int(row) < len(places) else 0
        words = fault.to_sentence(lang)
        if row:
            where = SPELL_WORDS["place"](lang) % (number + 1)
            part = SPELL_PARTS.get(key, Text("", ""))(lang) if len(parts) > 2 else ""
            colon = ": " if lang == "en" else "："
            comma = ", " if lang == "en" else "，"
            words = f"{where}{comma if part else ''}{part}{colon}{words}"
        found.append({"field": f"s-{number}-{key}", "words": words})
    wrong_lines = work.answers.paste_faults
    paste = [{"field": "paste", "words": fault.to_sentence(lang)} for fault in wrong_lines]
    return paste + found + _unfinished(work, [number for number, _ in rows], lang)


def _unfinished(work: Work, whole: list[int], lang: Lang) -> list[dict[str, str]]:
    """The rows that are begun and wait for a month: said, but no fault."""
    waiting = [n + 1 for n, _ in work.answers.begun_spells() if n not in whole]
    return [
        {
            "field": "",
            "words": SPELL_WORDS["unfinished"](lang) % n,
        }
        for n in waiting
    ]


def derived_items(work: Work, lang: Lang) -> list[dict[str, str]]:
    """The facts that the spells give."""
    items = []
    for ident in list_asked_facts(work.rules):
        fact, found = work.rules.vocabulary[ident], work.situation.derived.get(ident)
        if not is_from_spells(fact) or not found:
            continue
        value = found.value
        shown = SPELL_WORDS["open"](lang) if value is ABSENT else fact.describe_value(value)(lang)
        reason = found.reason(lang)
        items.append({"label": fact.label(lang), "value": shown, "reason": reason})
    return items


def build_work_account(work: Work) -> InsuranceAccount | None:
    """Every month since the first record with its base, wage and multiple; None while a record is
    missing or wrong."""
    given = work.given().get("contributions")
    if not given or work.faults_of("contributions"):
        return None
    faults = list[FactFault]()
    spells = read_spells(given, faults, on=work.on)
    return None if faults or not spells else build_account(spells, work.rules, work.on)


def months_of(rules: Rules, situation: Situation) -> tuple[MonthShown, ...]:
    """Every month since the first record as it counts; the longest window where nothing counts them
    all."""
    accounts = [
        (fact.derive is not None and fact.derive.window is None, len(found.months), found.months)
        for ident, found in situation.derived.items()
        if is_from_spells(fact := rules.vocabulary[ident])
    ]
    return max(accounts, key=lambda account: account[:2], default=(False, 0, ()))[2]
