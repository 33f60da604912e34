"""The facts of a case as the desk works through them: what is open, what speaks for it, what one
button may confirm, what is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.confirmation import list_unproved_facts
from jifen.office.casework.case_policy import process_of
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
from jifen.office.web.desk.contribution_record import CONTRIBUTIONS, describe_record
from jifen.policy.text import Lang, Text

STATEMENT_WORDS = {
    AGREES: Text("一致", "agrees"),
    DIFFERS: Text("不一致", "differs"),
    NO_RECORD: Text("没有记录", "no record"),
    DOWN: Text("没有应答", "does not answer"),
    WAITS: Text("正在查询", "being asked"),
}


@dataclass(frozen=True)
class DeskFacts:
    """The facts of a case for whoever looks: `open` are theirs, `agree` those of them that one
    button confirms; `elsewhere` are open at other gates; `decided` are folded. `whole`: nothing
    else is open, so that the decision can follow. `needed`: documents that are needed now, by the
    id of their kind."""

    open: list[dict[str, Any]] = field(default_factory=list)
    agree: list[str] = field(default_factory=list)
    elsewhere: list[dict[str, Any]] = field(default_factory=list)
    decided: list[dict[str, Any]] = field(default_factory=list)
    whole: bool = False
    needed: dict[str, str] = field(default_factory=dict)


def collect_desk_facts(
    case: CaseAccess,
    own_gates: set[str],
    lang: Lang,
    refused: Mapping[str, QueryDict] | None = None,
) -> DeskFacts:
    """The facts of a case; `own_gates`: those in which the asker may act; `refused`: what was typed
    into the form of a fact that was refused."""
    application = case.application
    evidence = collect_evidence(application)
    unproved = set(list_unproved_facts(case, evidence))
    confirmable = set(list_confirmable_facts(application, evidence))
    rows = [
        _describe_fact(application, row, evidence[row["fact"]], lang, refused or {})
        | {"unproved": row["fact"] in unproved}
        for row in case_texts.fact_rows(application, lang)
    ]
    open_rows = [row for row in rows if row["finding"] == "open"]
    own_rows = [row for row in open_rows if row["gate"] in own_gates and "find" in case.acts]
    other_rows = [row for row in open_rows if row not in own_rows]
    process = process_of(application)
    missing_kinds = list_missing_kinds(application, evidence) if own_rows else set()
    return DeskFacts(
        own_rows,
        [row["fact"] for row in own_rows if row["fact"] in confirmable],
        other_rows,
        [row for row in rows if row["finding"] != "open"],
        bool(own_rows) and not other_rows,
        {m.id: m.label(lang) for m in process.materials if m.id in missing_kinds},
    )


def _describe_fact(
    application: Application,
    row: dict[str, Any],
    evidence: FactEvidence,
    lang: Lang,
    refused: Mapping[str, QueryDict],
) -> dict[str, Any]:
    return row | {
        "enough": evidence.is_enough and bool(row["claimed"]),
        "says": [
            _describe_statement(application, row["fact"], statement, lang)
            for statement in evidence.registers
        ],
        "papers": evidence.papers,
        "nothing": evidence.nothing_claimed,
        "record": _describe_record_of(application, row["fact"], lang, refused.get(row["fact"])),
    }


def _describe_record_of(
    application: Application, fact: str, lang: Lang, typed: QueryDict | None
) -> dict[str, Any] | None:
    if fact != CONTRIBUTIONS:
        return None
    item = application.items.filter(fact=fact).first()
    return describe_record(application, item, lang, typed)


def _describe_statement(
    application: Application, fact: str, statement: RegisterStatement, lang: Lang
) -> dict[str, str]:
    register = statement.register
    differs = statement.state == DIFFERS
    value = case_texts.say_value(application, fact, statement.value, lang) if differs else ""
    return {
        "name": REGISTERS[register](lang) if register in REGISTERS else register,
        "source": f"register:{register}" if differs else "",
        "state": statement.state,
        "words": STATEMENT_WORDS[statement.state](lang),
        "day": str(statement.as_of) if statement.as_of else "",
        "value": value,
    }
