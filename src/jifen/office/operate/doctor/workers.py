"""The check of background work."""

from django.conf import settings
from django.utils import timezone

from jifen.office.operate.doctor.findings import DoctorFinding, FindingState, build_finding
from jifen.office.operate.heartbeats import WORKER, list_dead, list_running


def check_workers() -> DoctorFinding:
    """A worker runs, none was killed, and no step of one fails."""
    now = timezone.now()
    running = list(list_running(now).filter(kind=WORKER))
    failing = sorted({str(step) for row in running for step in row.failing})
    if failing:
        return build_finding("workers", "warning", "failing", steps=", ".join(failing))
    if not running:
        dead = list_dead(now).filter(kind=WORKER).first()
        if dead is not None:
            at = timezone.localtime(dead.beat_at).strftime("%Y-%m-%d %H:%M")
            return build_finding("workers", "warning", "dead", name=dead.name, at=at)
        state: FindingState = "warning" if settings.JIFEN_MODE == "production" else "unset"
        return build_finding("workers", state, "none")
    return build_finding("workers", "good", "running", count=len(running))
