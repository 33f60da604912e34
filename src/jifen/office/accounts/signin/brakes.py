"""Growing delays after wrong passwords and one-time codes, by account and source.

Strangers cannot lock a user out. Attempts on an account are counted for each source separately;
all attempts of a source, and all on an account, are delayed only after many more. A device on which
the account signed in before (`devices.py`) has a count of its own and is delayed by no other. An
account that does not exist is delayed like one that does. The counts stand in a table and not in
the cache, so that nothing else makes them disappear.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from jifen.office.accounts.models import SignInBrake
from jifen.office.vault.seal import blind_index


@dataclass(frozen=True, slots=True)
class BrakeKind:
    """Attempts that are counted together: `free` may fail before the first delay, and the delay
    doubles with every `step` failures more."""

    name: str
    free: int
    step: int


PAIR = BrakeKind("account and source", free=5, step=1)
DEVICE = BrakeKind("account and known device", free=5, step=1)
SOURCE = BrakeKind("source", free=60, step=20)  # an office of many people has one address
ACCOUNT = BrakeKind("account", free=40, step=10)
FIRST_DELAY, LONGEST_DELAY = timedelta(seconds=30), timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)
"""After this time without an attempt a count begins again."""


class MustWait(Exception):
    """Too many attempts failed: `seconds` until the next one is taken."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"the next attempt is taken in {seconds} seconds")


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """One try to sign in, counted as a failure until `forgive` takes it back."""

    counts: tuple[tuple[BrakeKind, str], ...]


def begin_attempt(account: str, source: str, device: str | None) -> SignInAttempt:
    """Count an attempt on an account (a name as typed, or what else is guessed at). `device` is the
    token of a known device of this account. Raises MustWait, and then counts nothing."""
    name = account.strip().casefold()
    if device is not None:
        counts = _hash_keys((DEVICE, f"{name}\0{device}"))
    else:
        counts = _hash_keys((PAIR, f"{name}\0{source}"), (SOURCE, source), (ACCOUNT, name))
    now = timezone.now()
    with transaction.atomic():
        rows = [_lock_count(key, now) for _, key in counts]
        free_at = max(row.free_at for row in rows)
        if free_at > now:
            raise MustWait(max(1, round((free_at - now).total_seconds())))
        for (kind, _), row in zip(counts, rows, strict=True):
            row.failures = 1 if row.last_at < now - FORGET_AFTER else row.failures + 1
            row.last_at, row.free_at = now, now + compute_delay(kind, row.failures)
            row.save(update_fields=("failures", "last_at", "free_at"))
    return SignInAttempt(counts)


def forgive_attempt(attempt: SignInAttempt) -> None:
    """Take back an attempt that was right: failures of this source or device at this account are
    forgotten, and the attempt does not count against the source and the account."""
    for kind, key in attempt.counts:
        count = SignInBrake.objects.filter(pk=key)
        if kind in (PAIR, DEVICE):
            count.delete()
        else:
            one_less = Greatest(F("failures") - 1, Value(0))
            count.update(failures=one_less, free_at=timezone.now())


def compute_delay(kind: BrakeKind, failures: int) -> timedelta:
    """How long the next attempt has to wait after so many failures."""
    if failures < kind.free:
        return timedelta()
    doublings = min((failures - kind.free) // kind.step, 10)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def sweep_old_counts(most: int = 1_000) -> int:
    """Delete counts without recent attempts. Returns how many."""
    outdated = SignInBrake.objects.filter(last_at__lt=timezone.now() - FORGET_AFTER - LONGEST_DELAY)
    keys = list(outdated.values_list("pk", flat=True)[:most])
    return SignInBrake.objects.filter(pk__in=keys).delete()[0]


def _lock_count(key: str, now: datetime) -> SignInBrake:
    SignInBrake.objects.get_or_create(key=key, defaults={"last_at": now, "free_at": now})
    return SignInBrake.objects.select_for_update().get(pk=key)


def _hash_keys(*counted: tuple[BrakeKind, str]) -> tuple[tuple[BrakeKind, str], ...]:
    """Counts by keyed hash, so that the table holds neither names nor addresses; sorted, so that
    two attempts cannot wait for each other."""
    keyed = [
        (kind, blind_index(counted_name, f"signin brake: {kind.name}"))
        for kind, counted_name in counted
    ]
    return tuple(sorted(keyed, key=lambda pair: pair[1]))
