"""How often a password or a one-time code may be wrong: delays that grow, by account and source.

Nobody is locked out by what strangers do. Attempts on an account are counted for each source apart;
those of a source and those of an account from everywhere are braked only after many more. A device
on which the account signed in before (`devices.py`) has a count of its own and is held up by no
other. An account that does not exist is braked like one that does. The counts stand in a table: no
other work of the site makes them disappear.
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
class Kind:
    """Attempts that are counted together: `free` may fail before the first delay, and the delay
    doubles with every `step` failures more."""

    name: str
    free: int
    step: int


PAIR = Kind("account and source", free=5, step=1)
DEVICE = Kind("account and known device", free=5, step=1)
SOURCE = Kind("source", free=60, step=20)  # an office of many people has one address
ACCOUNT = Kind("account", free=40, step=10)
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)
"""After so long without an attempt a count begins again."""


class MustWait(Exception):
    """Too many attempts failed: `seconds` until the next one is taken."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"the next attempt is taken in {seconds} seconds")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to sign in, counted as a failure until `forgive` takes it back."""

    counts: tuple[tuple[Kind, str], ...]


def begin(account: str, source: str, device: str | None) -> Attempt:
    """Count an attempt on an account (a name as typed, or what else is guessed at). `device` is the
    token of a known device of this account. Raises MustWait, and then counts nothing."""
    name = account.strip().casefold()
    if device is not None:
        counts = _keyed((DEVICE, f"{name}\0{device}"))
    else:
        counts = _keyed((PAIR, f"{name}\0{source}"), (SOURCE, source), (ACCOUNT, name))
    now = timezone.now()
    with transaction.atomic():
        rows = [_locked(key, now) for _, key in counts]
        free_at = max(row.free_at for row in rows)
        if free_at > now:
            raise MustWait(max(1, round((free_at - now).total_seconds())))
        for (kind, _), row in zip(counts, rows, strict=True):
            row.failures = 1 if row.last_at < now - FORGOTTEN else row.failures + 1
            row.last_at, row.free_at = now, now + delay(kind, row.failures)
            row.save(update_fields=("failures", "last_at", "free_at"))
    return Attempt(counts)


def forgive(attempt: Attempt) -> None:
    """The attempt was right: what this source or device failed at this account is forgotten, and
    it does not count against the source and the account."""
    for kind, key in attempt.counts:
        row = SignInBrake.objects.filter(pk=key)
        if kind in (PAIR, DEVICE):
            row.delete()
        else:
            fewer = Greatest(F("failures") - 1, Value(0))
            row.update(failures=fewer, free_at=timezone.now())


def delay(kind: Kind, failures: int) -> timedelta:
    """How long the next attempt has to wait after so many failures."""
    if failures < kind.free:
        return timedelta()
    doublings = min((failures - kind.free) // kind.step, 10)
    return min(FIRST * (1 << doublings), LONGEST)


def sweep(most: int = 1_000) -> int:
    """Delete counts that are forgotten; how many there were."""
    old = SignInBrake.objects.filter(last_at__lt=timezone.now() - FORGOTTEN - LONGEST)
    keys = list(old.values_list("pk", flat=True)[:most])
    return SignInBrake.objects.filter(pk__in=keys).delete()[0]


def _locked(key: str, now: datetime) -> SignInBrake:
    SignInBrake.objects.get_or_create(key=key, defaults={"last_at": now, "free_at": now})
    return SignInBrake.objects.select_for_update().get(pk=key)


def _keyed(*counted: tuple[Kind, str]) -> tuple[tuple[Kind, str], ...]:
    """In the order of their keys, so that two attempts never wait for each other. Whoever reads the
    table finds neither a name nor an address."""
    keyed = [(kind, blind_index(what, f"signin brake: {kind.name}")) for kind, what in counted]
    return tuple(sorted(keyed, key=lambda pair: pair[1]))
