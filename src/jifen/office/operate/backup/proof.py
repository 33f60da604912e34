"""What a restored installation is held to: the log, the kept states, the files, a few decisions."""

from collections.abc import Iterator
from random import Random

from jifen.office.audit.verification import verify_log
from jifen.office.casework.actions.decisions import replay_decision
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Decision
from jifen.office.documents.check import wrong as wrong_documents
from jifen.office.notices.consistency import find_problems as wrong_papers
from jifen.office.operate.backup.manifest import Manifest
from jifen.office.vault.check import wrong as wrong_keys

SAMPLE = 20
"""Decisions that are scored again."""


def differences(described: Manifest) -> Iterator[str]:
    """What is not as it was, one sentence each; none where the backup was restored whole."""
    entries, broken = verify_log()
    if entries < described.log_entries:
        yield f"the log has {entries:,} entries, the backup {described.log_entries:,}"
    for place in broken:
        yield f"log entry {place.number}: {place.why}"
    yield from wrong_keys()
    for case in check_cases():
        yield f"{case.case}: {case.aspect} is kept as {case.stored}, its parts say {case.derived}"
    yield from wrong_papers()
    yield from wrong_documents()
    for decision in sampled_decisions():
        if not replay_decision(decision).same:
            yield f"{decision.application} decision {decision.number}: replayed to other bytes"


def sampled_decisions() -> list[Decision]:
    """A few decisions, the same ones for the same database."""
    ids = list(Decision.objects.order_by("pk").values_list("pk", flat=True))
    chosen = Random(len(ids)).sample(ids, min(SAMPLE, len(ids)))
    return list(Decision.objects.filter(pk__in=chosen).select_related("application"))
