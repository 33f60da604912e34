"""Decisions: proposed by one, signed by another, frozen, and replayed to the byte."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from jifen import __version__, cities
from jifen.office.casework.access import Case
from jifen.office.casework.actions import clock
from jifen.office.casework.actions.gates import OPEN_AGAIN, pass_finished
from jifen.office.casework.actions.periods import open_period, refuse_without_permit
from jifen.office.casework.actions.unit_of_work import acting, tell
from jifen.office.casework.consent import NO_CONSENT, agreed
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Decision
from jifen.office.casework.rules import outcome_of
from jifen.office.casework.standing import IDENTITY, Scored, found, policy_of, work_out
from jifen.policy.text import Text
from jifen.scoring import assess


def propose(case: Case, words: str = "", *, version: int | None = None) -> Decision:
    """What the engine finds on the confirmed facts, as a proposal. Raises CaseFault while something
    that matters is not confirmed or the permit is over; NotAllowed, Changed."""
    with acting(case, "propose", version=version) as application:
        if not agreed(application):
            raise NO_CONSENT
        decision = freeze(application, case.user, words)
        refuse_without_permit(application, decision, timezone.localdate())
        details = {"decision": decision.number, "outcome": decision.outcome}
        tell(application, "proposed", case, internal=True, details=details)
        return decision


def freeze(application: Application, by: Any, words: str) -> Decision:
    """Everything that the decision rests on, as it is now; `by` None: by itself."""
    scored = work_out(application, found(application.items.all()))
    outcome = outcome_of(scored.assessment)
    total = scored.assessment.total
    if outcome is None or total is None or scored.faults:
        raise _undecided(application, scored)
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
        facts=written(facts),
        result=result_of(facts, application.city, policy.version, application.on),
        words=words[:4000],
        proposed_by=by,
        automatic=by is None,
    )


def _undecided(application: Application, scored: Scored) -> CaseFault:
    """What matters and is not confirmed, and what was confirmed and cannot be read."""
    vocabulary = policy_of(application).vocabulary
    labels = [vocabulary[ident].label for ident in scored.assessment.missing]
    zh = [fault.to_sentence("zh") for fault in scored.faults]
    en = [fault.to_sentence("en") for fault in scored.faults]
    if labels:
        missing = Text("、".join(x.zh for x in labels), ", ".join(x.en for x in labels))
        zh.insert(0, f"还有会影响结果的事实没有认定：{missing.zh}。请先认定。")
        en.insert(0, f"Facts that matter are not confirmed: {missing.en}. Confirm them first.")
    return CaseFault("JF-K050", Text("".join(zh), " ".join(en)))


def written(value: Any) -> str:
    """JSON, the same text for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def result_of(facts: dict[str, Any], city: str, version: str, on: date) -> str:
    """The result of frozen facts as text."""
    return written(assess(cities.load(city, version), facts, on).to_dict())


def countersign(case: Case, *, version: int | None = None) -> Decision:
    """Sign a proposal: another person than the one who proposed it, and than those who confirmed
    its facts. Raises NotAllowed, Changed."""
    with acting(case, "countersign", version=version) as application:
        decision = application.decisions.select_for_update().get(
            void_at__isnull=True, signed_at__isnull=True
        )
        found_by = application.items.filter(found_by=case.user).exists()
        if decision.proposed_by_id == case.user.pk or found_by:
            raise NotAllowed("JF-K051", _FOUR_EYES)
        decision.signed_by, decision.signed_at = case.user, timezone.now()
        decision.save(update_fields=("signed_by", "signed_at"))
        clock.stop(application, timezone.localdate())
        open_period(application, decision, timezone.localdate())
        details = {"decision": decision.number, "outcome": decision.outcome}
        tell(application, "decided", case, details=details)
        return decision


_FOUR_EYES = Text(
    "决定须由另一人签发：您提出或认定过此案件的内容。",
    "Another person signs: you proposed this decision or confirmed facts of the case.",
)


def send_back(case: Case, words: str, facts: tuple[str, ...] = ()) -> None:
    """Send a proposal back to the clerk with a reason; the named facts are open again."""
    if not words.strip():
        raise CaseFault("JF-K052", Text("请写明退回的理由。", "Say why it is sent back."))
    with acting(case, "send_back") as application:
        rows = application.decisions.filter(void_at__isnull=True, signed_at__isnull=True)
        rows.update(void_at=timezone.now(), void_why=words[:200])
        named = application.items.filter(fact__in=facts)
        named.update(**OPEN_AGAIN)
        pass_finished(application)
        details = {"facts": list(facts)}
        tell(application, "sent_back", case, Text(words, words), internal=True, details=details)


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision made again from what was frozen."""

    same: bool
    now: str
    then: str
    policy_changed: bool


def replay(decision: Decision) -> Replay:
    """Score the frozen facts again; `same` where every byte agrees."""
    policy = cities.load(decision.application.city, decision.policy_version)
    facts = json.loads(decision.facts)
    now = result_of(facts, decision.application.city, decision.policy_version, decision.on)
    changed = policy.hash != decision.policy_hash
    return Replay(now == decision.result, now, decision.result, changed)


def lines_apart(one: str, other: str) -> list[dict[str, Any]]:
    """Between two results, line by line: id, label, points before and after."""
    before, after = (
        {line["id"]: line for line in json.loads(text)["lines"]} for text in (one, other)
    )
    found_: list[dict[str, Any]] = []
    for ident in dict.fromkeys([*before, *after]):
        a, b = before.get(ident, {}).get("points"), after.get(ident, {}).get("points")
        if a != b:
            label = (after.get(ident) or before[ident])["label"]
            found_.append({"line": ident, "label": label, "before": a, "after": b})
    return found_
