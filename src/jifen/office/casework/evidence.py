"""What speaks for a claimed fact: registers and papers; and whether that is enough."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.facts.form import list_asked_facts
from jifen.office.casework.actions.gates import gate_of, list_facts_to_review
from jifen.office.casework.actions.materials import list_wanted_materials
from jifen.office.casework.case_policy import process_of, rules_of
from jifen.office.casework.models import Application, Finding, Item, MaterialVersion, RegisterCheck
from jifen.office.casework.renewal.difference import is_nothing_claimed
from jifen.policy.model import Rules
from jifen.process import Process
from jifen.process.model import MaterialRule

AGREES, DIFFERS, NO_RECORD, DOWN, WAITS = "agrees", "differs", "no_record", "down", "waits"
MAX_TRIES = 3
"""A register that did not answer as often is down."""


@dataclass(frozen=True, slots=True)
class RegisterStatement:
    """What a register that knows such facts said of one: `state` of the five above, the day of its
    data, and the value where it differs."""

    register: str
    state: str
    as_of: date | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class FactEvidence:
    """Of one fact. `ways`: those that the process takes as enough and that hold. `lacking`: kinds
    of documents of which none is there and one is needed now, as no register knows the fact."""

    fact: str
    registers: tuple[RegisterStatement, ...]
    papers: tuple[MaterialVersion, ...]
    nothing_claimed: bool
    sufficient_proofs: frozenset[str]
    missing_kinds: tuple[str, ...]

    @property
    def is_enough(self) -> bool:
        """Whether it may be confirmed together with others, without a look of its own."""
        return bool(self.sufficient_proofs) and all(
            says.state != DIFFERS for says in self.registers
        )


def collect_evidence(application: Application) -> dict[str, FactEvidence]:
    """The evidence of every fact that is to be reviewed."""
    process, rules = process_of(application), rules_of(application)
    items = {item.fact: item for item in application.items.all()}
    checks = {check.register: check for check in application.checks.all()}
    papers = _group_documents(application)
    return {
        fact: _assess_fact(fact, items.get(fact), process, rules, checks, papers)
        for fact in list_facts_to_review(application)
    }


def list_confirmable_facts(
    application: Application, evidence: Mapping[str, FactEvidence]
) -> list[str]:
    """The open facts with a claim whose evidence is enough."""
    items = {item.fact: item for item in application.items.all()}
    return [
        fact
        for fact, fact_evidence in evidence.items()
        if fact_evidence.is_enough
        and fact in items
        and items[fact].given
        and is_item_open(items[fact])
    ]


def is_item_open(item: Item) -> bool:
    """Whether nothing was found yet."""
    return item.finding == Finding.OPEN


def select_gate_facts(process: Process, facts: Iterable[str], gate: str) -> list[str]:
    """Those of some facts that a gate confirms."""
    return [fact for fact in facts if gate_of(process, fact).id == gate]


def _group_documents(application: Application) -> dict[str, list[MaterialVersion]]:
    """By kind, what is uploaded and was not taken back."""
    versions = MaterialVersion.objects.filter(
        material__application=application, dropped_at__isnull=True
    )
    documents: dict[str, list[MaterialVersion]] = {}
    for version in versions.select_related("material", "document").order_by("pk"):
        documents.setdefault(version.material.kind, []).append(version)
    return documents


def _assess_fact(
    fact: str,
    item: Item | None,
    process: Process,
    rules: Rules,
    checks: Mapping[str, RegisterCheck],
    papers: Mapping[str, list[MaterialVersion]],
) -> FactEvidence:
    proving_materials = [m for m in process.materials if fact in m.facts]
    matching_documents = tuple(
        version for m in proving_materials for version in papers.get(m.id, ())
    )
    asked_registers = [name for name in _list_knowing_registers(process, fact) if name in checks]
    statements = tuple(_read_statement(fact, item, name, checks) for name in asked_registers)
    nothing_claimed = (
        item is not None and bool(item.given) and is_nothing_claimed(item.given, fact, rules)
    )
    proof_holds = {
        "register": any(statement.state == AGREES for statement in statements),
        "paper": bool(matching_documents),
        "nothing_claimed": nothing_claimed,
    }
    sufficient_proofs = frozenset(
        proof for proof in process.find_sufficient_ways(fact) if proof_holds[proof]
    )
    needed = (
        proving_materials
        if item and item.given and not sufficient_proofs and fact in list_asked_facts(rules)
        else []
    )
    return FactEvidence(
        fact,
        statements,
        matching_documents,
        nothing_claimed,
        sufficient_proofs,
        _list_material_ids(needed),
    )


def _list_material_ids(materials: Iterable[MaterialRule]) -> tuple[str, ...]:
    return tuple(material.id for material in materials)


def _list_knowing_registers(process: Process, fact: str) -> list[str]:
    return [name for name, facts in process.registers.items() if fact in facts]


def _read_statement(
    fact: str, item: Item | None, name: str, checks: Mapping[str, RegisterCheck]
) -> RegisterStatement:
    check = checks[name]
    if check.state == "due":
        return RegisterStatement(name, DOWN if check.attempts >= MAX_TRIES else WAITS)
    conflicts = item.conflict if item else ()
    conflict = next(
        (conflict for conflict in conflicts if conflict["source"] == f"register:{name}"), None
    )
    if conflict is not None:
        return RegisterStatement(name, DIFFERS, check.as_of, conflict["value"])
    agrees = item is not None and item.source == f"register:{name}"
    return RegisterStatement(name, AGREES if agrees else NO_RECORD, check.as_of)


def find_register_value(application: Application, fact: str, source: str) -> list[Any]:
    """What a register ('register:tax') says of a fact instead of the claim, as [value]; [] where it
    says nothing else."""
    item = application.items.filter(fact=fact).first()
    conflicts = item.conflict if item else []
    return [conflict["value"] for conflict in conflicts if conflict["source"] == source][:1]


def list_missing_kinds(application: Application, evidence: Mapping[str, FactEvidence]) -> set[str]:
    """Kinds of documents that could be left out at filing because a register would know, and that
    are needed now, as it knows nothing."""
    optional_kinds = {
        w.material.id for w in list_wanted_materials(application) if not w.material.required
    }
    return {
        kind for fact_evidence in evidence.values() for kind in fact_evidence.missing_kinds
    } & optional_kinds
