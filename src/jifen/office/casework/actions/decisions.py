"""Decisions: proposed by one, signed by another, frozen, and replayed to the byte."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from jifen import __version__, cities
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.gates import OPEN_AGAIN, update_gates
from jifen.office.casework.actions.periods import open_period, refuse_without_permit
from jifen.office.casework.actions.unit_of_work import act_on_case, record_event
from jifen.office.casework.case_policy import (
    IDENTITY,
    ScoredFacts,
    policy_of,
    score_facts,
    select_confirmed_facts,
)
from jifen.office.casework.consent import NO_CONSENT, has_consent
from jifen.office.casework.earlier_results import write_results
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Decision
from jifen.office.casework.rules import derive_outcome
from jifen.office.casework.waiting_rows import list_finders
from jifen.office.casework.words import say
from jifen.policy.text import Text, join_texts
from jifen.scoring import assess


def propose_decision(case: CaseAccess, words: str = "", *, version: int | None = None) -> Decision:
    """What the engine finds on the confirmed facts, as a proposal. Raises CaseFault while something
    that matters is not confirmed or the permit is over; NotAllowed, Changed."""
    with act_on_case(case, "propose", version=version) as application:
        if not has_consent(application):
            raise NO_CONSENT
        decision = freeze_decision(application, case.user, words)
        refuse_without_permit(application, decision, timezone.localdate())
        details = {"decision": decision.number, "outcome": decision.outcome}
        record_event(application, "proposed", case, internal=True, details=details)
        return decision


def freeze_decision(application: Application, by: Any, words: str) -> Decision:
    """Everything that the decision rests on, as it is now; `by` None: by itself."""
    scored = score_facts(application, select_confirmed_facts(application.items.all()))
    outcome = derive_outcome(scored.assessment)
    total = scored.assessment.total
    if outcome is None or total is None or scored.faults:
        raise _make_undecided_fault(application, scored)
    policy = policy_of(application)
    facts = {k: v for k, v in scored.facts.items() if k != IDENTITY}
    last = application.decisions.aggregate(last=Max("number"))["last"] or 0
    return Decision.objects.create(
        application=application,
        number=last + 1,
        outcome=outcome,
        total=total,
        on=application.on,
        policy=policy.id,
        policy_version=policy.version,
        policy_hash=policy.hash,
        engine_version=__version__,
        facts=to_canonical_json(facts),
        result=compute_result_json(facts, application.city, policy.version, application.on),
        words=words[:4000],
        proposed_by=by,
        automatic=by is None,
    )


def _make_undecided_fault(application: Application, scored: ScoredFacts) -> CaseFault:
    """What matters and is not confirmed, and what was confirmed and cannot be read."""
    vocabulary = policy_of(application).vocabulary
    labels = [vocabulary[fact_id].label for fact_id in scored.assessment.missing]
    sentences = [fault.in_both_languages for fault in scored.faults]
    if labels:
        missing = join_texts(labels, Text("、", ", "))
        sentences.insert(0, say("actions.decisions.facts_not_confirmed", missing=missing))
    return CaseFault("JF-K050", join_texts(sentences, Text("", " ")))


def to_canonical_json(value: Any) -> str:
    """JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def compute_result_json(facts: dict[str, Any], city: str, version: str, on: date) -> str:
    """The result of frozen facts as text."""
    return to_canonical_json(assess(cities.load(city, version), facts, on).to_dict())


def countersign_decision(case: CaseAccess, *, version: int | None = None) -> Decision:
    """Sign a proposal: another person than the one who proposed it, and than those who confirmed
    its facts. Raises NotAllowed, Changed."""
    with act_on_case(case, "countersign", version=version) as application:
        decision = application.decisions.select_for_update().get(
            void_at__isnull=True, signed_at__isnull=True
        )
        if case.had_part({decision.proposed_by_id, *list_finders(application)}):
            raise NotAllowed("JF-K051", _FOUR_EYES)
        decision.signed_by, decision.signed_at = case.user, timezone.now()
        decision.save(update_fields=("signed_by", "signed_at"))
        clock.stop(application, timezone.localdate())
        open_period(application, decision, timezone.localdate())
        details = {"decision": decision.number, "outcome": decision.outcome}
        record_event(application, "decided", case, details=details)
        return decision


_FOUR_EYES = say("actions.decisions.four_eyes")


def send_back(case: CaseAccess, words: str, facts: tuple[str, ...] = ()) -> None:
    """Send a proposal back to the clerk with a reason; the named facts are open again."""
    if not words.strip():
        raise CaseFault("JF-K052", say("actions.decisions.say_why_it_is_sent"))
    with act_on_case(case, "send_back") as application:
        proposals = application.decisions.filter(void_at__isnull=True, signed_at__isnull=True)
        proposals.update(void_at=timezone.now(), void_why=words[:200])
        named_items = application.items.filter(fact__in=facts)
        named_items.update(**OPEN_AGAIN)
        update_gates(application)
        details = {"facts": list(facts)}
        record_event(
            application, "sent_back", case, Text(words, words), internal=True, details=details
        )


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision made again from what was frozen."""

    same: bool
    now: str
    then: str
    policy_changed: bool


def replay_decision(decision: Decision) -> Replay:
    """Score the frozen facts again; `same` where every byte agrees."""
    city, version = decision.application.city, decision.policy_version
    policy = cities.load_edition(city, version, decision.policy_hash)
    assessment = assess(policy, json.loads(decision.facts), decision.on)
    forms = write_results(assessment, decision.engine_version)
    texts = [to_canonical_json(form) for form in forms]
    now = next((text for text in texts if text == decision.result), texts[0])
    changed = policy.hash != decision.policy_hash
    return Replay(now == decision.result, now, decision.result, changed)


def compare_line_items(old_result: str, new_result: str) -> list[dict[str, Any]]:
    """Between two results, line by line: id, label, points before and after."""
    before, after = (
        {line["id"]: line for line in json.loads(text)["lines"]}
        for text in (old_result, new_result)
    )
    differences: list[dict[str, Any]] = []
    for indicator_id in dict.fromkeys([*before, *after]):
        old_points, new_points = (
            before.get(indicator_id, {}).get("points"),
            after.get(indicator_id, {}).get("points"),
        )
        if old_points != new_points:
            label = (after.get(indicator_id) or before[indicator_id])["label"]
            differences.append(
                {"line": indicator_id, "label": label, "before": old_points, "after": new_points}
            )
    return differences
