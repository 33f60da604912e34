"""What speaks for a claimed fact: registers and papers; and whether that is enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.form import list_asked_facts
from jifen.office.casework.actions.gates import gate_of, to_review
from jifen.office.casework.actions.materials import wanted
from jifen.office.casework.models import Application, Finding, Item, MaterialVersion, RegisterCheck
from jifen.office.casework.renewal.difference import claims_nothing
from jifen.office.casework.standing import process_of, rules_of
from jifen.policy.model import Rules
from jifen.process import Process
from jifen.process.model import Material

AGREES, DIFFERS, NO_RECORD, DOWN, WAITS = "agrees", "differs", "no_record", "down", "waits"
TRIES = 3
"""A register that did not answer as often is down."""


@dataclass(frozen=True, slots=True)
class RegisterSays:
    """What a register that knows such facts said of one: `state` of the five above, the day of its
    data, and the value where it differs."""

    register: str
    state: str
    as_of: date | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one fact. `ways`: those that the process takes as enough and that hold. `lacking`: kinds
    of documents of which none is there and one is needed now, as no register knows the fact."""

    fact: str
    registers: tuple[RegisterSays, ...]
    papers: tuple[MaterialVersion, ...]
    nothing_claimed: bool
    ways: frozenset[str]
    lacking: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        """Whether it may be confirmed together with others, without a look of its own."""
        return bool(self.ways) and all(says.state != DIFFERS for says in self.registers)


def evidence_of(application: Application) -> dict[str, Evidence]:
    """The evidence of every fact that is to be reviewed."""
    process, rules = process_of(application), rules_of(application)
    items = {item.fact: item for item in application.items.all()}
    checks = {check.register: check for check in application.checks.all()}
    papers = _papers(application)
    return {
        fact: _evidence(fact, items.get(fact), process, rules, checks, papers)
        for fact in to_review(application)
    }


def agreeing(application: Application, evidence: Mapping[str, Evidence]) -> list[str]:
    """The open facts with a claim whose evidence is enough."""
    items = {item.fact: item for item in application.items.all()}
    return [
        fact
        for fact, one in evidence.items()
        if one.is_enough and fact in items and items[fact].given and is_open(items[fact])
    ]


def is_open(item: Item) -> bool:
    """Whether nothing was found yet."""
    return item.finding == Finding.OPEN


def of_gate(process: Process, facts: Iterable[str], gate: str) -> list[str]:
    """Those of some facts that a gate confirms."""
    return [fact for fact in facts if gate_of(process, fact).id == gate]


def _papers(application: Application) -> dict[str, list[MaterialVersion]]:
    """By kind, what is uploaded and was not taken back."""
    rows = MaterialVersion.objects.filter(
        material__application=application, dropped_at__isnull=True
    )
    found: dict[str, list[MaterialVersion]] = {}
    for version in rows.select_related("material", "document").order_by("pk"):
        found.setdefault(version.material.kind, []).append(version)
    return found


def _evidence(
    fact: str,
    item: Item | None,
    process: Process,
    rules: Rules,
    checks: Mapping[str, RegisterCheck],
    papers: Mapping[str, list[MaterialVersion]],
) -> Evidence:
    proofs = [m for m in process.materials if fact in m.facts]
    there = tuple(version for m in proofs for version in papers.get(m.id, ()))
    asked_of = [name for name in _knowing(process, fact) if name in checks]
    says = tuple(_says(fact, item, name, checks) for name in asked_of)
    nothing = item is not None and bool(item.given) and claims_nothing(item.given, fact, rules)
    holds = {
        "register": any(one.state == AGREES for one in says),
        "paper": bool(there),
        "nothing_claimed": nothing,
    }
    ways = frozenset(way for way in process.enough_for(fact) if holds[way])
    needed = proofs if item and item.given and not ways and fact in list_asked_facts(rules) else []
    return Evidence(fact, says, there, nothing, ways, _kinds(needed))


def _kinds(materials: Iterable[Material]) -> tuple[str, ...]:
    return tuple(material.id for material in materials)


def _knowing(process: Process, fact: str) -> list[str]:
    return [name for name, facts in process.registers.items() if fact in facts]


def _says(
    fact: str, item: Item | None, name: str, checks: Mapping[str, RegisterCheck]
) -> RegisterSays:
    check = checks[name]
    if check.state == "due":
        return RegisterSays(name, DOWN if check.attempts >= TRIES else WAITS)
    notes = item.conflict if item else ()
    note = next((one for one in notes if one["source"] == f"register:{name}"), None)
    if note is not None:
        return RegisterSays(name, DIFFERS, check.as_of, note["value"])
    agrees = item is not None and item.source == f"register:{name}"
    return RegisterSays(name, AGREES if agrees else NO_RECORD, check.as_of)


def missing_now(application: Application, evidence: Mapping[str, Evidence]) -> set[str]:
    """Kinds of documents that could be left out at filing because a register would know, and that
    are needed now, as it knows nothing."""
    optional = {w.material.id for w in wanted(application) if not w.material.required}
    return {kind for one in evidence.values() for kind in one.lacking} & optional
