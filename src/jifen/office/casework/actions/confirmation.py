"""Several facts confirmed as claimed in one act: those whose evidence is enough, and those that
somebody looked at one by one."""

from collections.abc import Sequence

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.review import FactFinding, record_findings
from jifen.office.casework.case_policy import rules_of
from jifen.office.casework.evidence import (
    FactEvidence,
    collect_evidence,
    list_missing_kinds,
)
from jifen.office.casework.faults import CaseFault
from jifen.office.casework.models import Finding, Item
from jifen.office.casework.words import say
from jifen.policy.text import Text


def confirm_facts(
    case: CaseAccess,
    facts: Sequence[str],
    looked_at: Sequence[str] = (),
    *,
    version: int | None = None,
) -> list[Item]:
    """Confirm `facts`, of which the evidence must be enough (`process.yaml`), and `looked`, at
    which the asker looked. All or, on any fault, none; the documents of the evidence are named
    with each review. Raises CaseFault (JF-K038) naming what needs a look, NotAllowed, Changed."""
    seen = case.application.version if version is None else version
    evidence = collect_evidence(case.application)
    weak_facts = [
        fact for fact in facts if fact not in looked_at and not _is_enough(evidence, fact)
    ]
    if weak_facts:
        raise _make_weak_evidence_fault(case, weak_facts)
    _refuse_unproved_facts(case, evidence, looked_at)
    chosen = dict.fromkeys((*facts, *looked_at))
    findings = [_to_confirmed_finding(fact, evidence.get(fact)) for fact in chosen]
    if not findings:
        raise CaseFault("JF-K039", _NOTHING_CHOSEN)
    return record_findings(case, findings, version=seen)


def confirm_fact(case: CaseAccess, finding: FactFinding, *, version: int | None = None) -> Item:
    """Confirm one fact as claimed. Where its document is needed now, as no register knows the fact,
    and is not there, the words of the finding have to say what it rests on instead. Raises
    CaseFault (JF-K046), and as `record_finding`."""
    seen = case.application.version if version is None else version
    if not finding.words.strip():
        evidence = collect_evidence(case.application)
        _refuse_unproved_facts(case, evidence, [finding.fact])
    (item,) = record_findings(case, [finding], version=seen)
    return item


def list_unproved_facts(case: CaseAccess, evidence: dict[str, FactEvidence]) -> list[str]:
    """The facts with nothing to look at: no register knows them, and their document, which could be
    left out at filing, is not there."""
    missing = list_missing_kinds(case.application, evidence)
    return [
        fact
        for fact, fact_evidence in evidence.items()
        if missing.intersection(fact_evidence.missing_kinds) and not fact_evidence.papers
    ]


def _refuse_unproved_facts(
    case: CaseAccess, evidence: dict[str, FactEvidence], facts: Sequence[str]
) -> None:
    unproved = [fact for fact in list_unproved_facts(case, evidence) if fact in facts]
    if not unproved:
        return
    zh, en = _join_labels(case, unproved)
    words = say("actions.confirmation.no_register_knows_these_facts", part=Text(zh, en))
    raise CaseFault("JF-K046", words, unproved[0])


def _is_enough(evidence: dict[str, FactEvidence], fact: str) -> bool:
    fact_evidence = evidence.get(fact)
    return fact_evidence is not None and fact_evidence.is_enough


def _to_confirmed_finding(fact: str, evidence: FactEvidence | None) -> FactFinding:
    papers = [version.pk for version in evidence.papers] if evidence else []
    return FactFinding(fact, Finding.CONFIRMED, documents=papers)


def _make_weak_evidence_fault(case: CaseAccess, facts: list[str]) -> CaseFault:
    zh, en = _join_labels(case, facts)
    return CaseFault(
        "JF-K038",
        say("actions.confirmation.the_evidence_of_these_facts", part=Text(zh, en)),
        facts[0],
    )


def _join_labels(case: CaseAccess, facts: Sequence[str]) -> tuple[str, str]:
    vocabulary = rules_of(case.application).vocabulary
    labels = [vocabulary[fact].label for fact in facts if fact in vocabulary]
    return "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)


_NOTHING_CHOSEN = say("actions.confirmation.nothing_chosen")
