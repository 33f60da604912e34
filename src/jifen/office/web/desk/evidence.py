"""The facts of a case as the desk works through them: what is open, what speaks for it, what one
button may confirm, what is decided; records as records."""

from dataclasses import dataclass, field
from typing import Any

from jifen.facts.contributions import STATUS_LABELS
from jifen.facts.situation import examine_facts
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.evidence import (
    AGREES,
    DIFFERS,
    DOWN,
    NO_RECORD,
    WAITS,
    FactEvidence,
    RegisterStatement,
    collect_evidence,
    list_confirmable_facts,
    list_missing_kinds,
)
from jifen.office.casework.models import Application
from jifen.office.registry.registers import REGISTERS
from jifen.office.web.cases import case_texts
from jifen.office.web.public.insurance import months_of
from jifen.policy.text import Lang, Text

SAYS = {
    AGREES: Text("一致", "agrees"),
    DIFFERS: Text("不一致", "differs"),
    NO_RECORD: Text("没有记录", "no record"),
    DOWN: Text("没有应答", "does not answer"),
    WAITS: Text("正在查询", "being asked"),
}


@dataclass(frozen=True)
class Worked:
    """The facts of a case for whoever looks: `open` are theirs, `agree` those of them that one
    button confirms; `elsewhere` are open at other gates; `decided` are folded. `whole`: nothing
    else is open, so that the decision can follow. `needed`: documents that are needed now."""

    open: list[dict[str, Any]] = field(default_factory=list)
    agree: list[str] = field(default_factory=list)
    elsewhere: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    whole: bool = False
    needed: list[str] = field(default_factory=list)


def worked(case: CaseAccess, mine: set[str], lang: Lang) -> Worked:
    """The facts of a case; `mine`: the gates in which the asker may act."""
    application = case.application
    evidence = collect_evidence(application)
    enough = set(list_confirmable_facts(application, evidence))
    rows = [
        _row(application, row, evidence[row["fact"]], lang)
        for row in case_texts.fact_rows(application, lang)
    ]
    open_ = [row for row in rows if row["finding"] == "open"]
    own = [row for row in open_ if row["gate"] in mine and "find" in case.acts]
    elsewhere = [row for row in open_ if row not in own]
    process = process_of(application)
    kinds = list_missing_kinds(application, evidence) if own else set()
    return Worked(
        own,
        [row["fact"] for row in own if row["fact"] in enough],
        elsewhere,
        [row for row in rows if row["finding"] != "open"],
        bool(own) and not elsewhere,
        [m.label(lang) for m in process.materials if m.id in kinds],
    )


def _row(
    application: Application, row: dict[str, Any], evidence: FactEvidence, lang: Lang
) -> dict[str, Any]:
    return row | {
        "enough": evidence.is_enough and bool(row["claimed"]),
        "says": [_says(application, row["fact"], one, lang) for one in evidence.registers],
        "papers": evidence.papers,
        "nothing": evidence.nothing_claimed,
        "record": record_of(application, row["fact"], lang),
    }


def _says(
    application: Application, fact: str, one: RegisterStatement, lang: Lang
) -> dict[str, str]:
    name = REGISTERS[one.register](lang) if one.register in REGISTERS else one.register
    value = ""
    if one.state == DIFFERS:
        value = case_texts.say_value(application, fact, one.value, lang)
    day = str(one.as_of) if one.as_of else ""
    return {
        "name": name,
        "state": one.state,
        "words": SAYS[one.state](lang),
        "day": day,
        "value": value,
    }


def record_of(application: Application, fact: str, lang: Lang) -> dict[str, Any] | None:
    """Contributions as they are: the spells, and each year as twelve months that count or not, with
    why; None for any other fact, and where nothing can be read."""
    if fact != "contributions":
        return None
    item = application.items.filter(fact=fact).first()
    value = (item.found or item.given) if item else []
    if not value or not isinstance(value[0], list):
        return None
    rules = rules_of(application)
    situation, _ = examine_facts(rules, {fact: value[0]}, application.on)
    years: dict[str, list[dict[str, Any] | None]] = {}
    for month in months_of(rules, situation):
        year, _, number = month.month.partition("-")
        cells = years.setdefault(year, [None] * 12)
        cells[int(number) - 1] = {
            "counts": month.counts,
            "base": month.base,
            "wage": month.wage,
            "why": month.why(lang),
        }
    return {"spells": [_spell(one, lang) for one in value[0]], "years": years}


def _spell(one: Any, lang: Lang) -> dict[str, Any]:
    known = one if isinstance(one, dict) else {}
    status = str(known.get("status", "paid"))
    return {
        "from": known.get("from", ""),
        "to": known.get("to", ""),
        "base": known.get("base", ""),
        "status": STATUS_LABELS[status](lang) if status in STATUS_LABELS else status,
    }
