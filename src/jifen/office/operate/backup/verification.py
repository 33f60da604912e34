"""Verification of a restored installation: the log, stored states, files and a few decisions."""

from collections.abc import Iterator
from random import Random

from jifen.office.audit.verification import verify_log
from jifen.office.casework.actions.decisions import replay_decision
from jifen.office.casework.consistency import check_cases
from jifen.office.casework.models import Decision
from jifen.office.documents.integrity import find_damaged_files as wrong_documents
from jifen.office.notices.consistency import find_problems as wrong_papers
from jifen.office.operate.backup.manifest import Manifest
from jifen.office.vault.key_check import find_key_faults as wrong_keys

SAMPLE = 20
"""Decisions that are scored again."""


def find_differences(manifest: Manifest) -> Iterator[str]:
    """The differences from the backup, one sentence each; none where all was restored."""
    entries, log_faults = verify_log()
    if entries < manifest.log_entries:
        yield f"the log has {entries:,} entries, the backup {manifest.log_entries:,}"
    for log_fault in log_faults:
        yield f"log entry {log_fault.number}: {log_fault.why}"
    yield from wrong_keys()
    for case in check_cases():
        yield f"{case.case}: {case.aspect} is kept as {case.stored}, its parts say {case.derived}"
    yield from wrong_papers()
    yield from wrong_documents()
    for decision in sample_decisions():
        if not replay_decision(decision).same:
            yield f"{decision.application} decision {decision.number}: replayed to other bytes"


def sample_decisions() -> list[Decision]:
    """A few decisions, the same ones for the same database."""
    ids = list(Decision.objects.order_by("pk").values_list("pk", flat=True))
    chosen = Random(len(ids)).sample(ids, min(SAMPLE, len(ids)))
    return list(Decision.objects.filter(pk__in=chosen).select_related("application"))
