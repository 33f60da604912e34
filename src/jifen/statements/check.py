"""Whether a statement holds on a day: genuine, within its time, not revoked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from jifen.statements.jws import read
from jifen.statements.keys import Keys
from jifen.statements.revoked import Revoked
from jifen.statements.statement import Statement, read_statement, statement_in

CHINA = timezone(timedelta(hours=8))
"""Days of papers are days of China, wherever the machine stands that checks one."""
State = Literal["valid", "unchecked", "not_yet", "expired", "revoked", "forged", "unknown_key"]
STATES: tuple[State, ...] = (
    "valid",
    "unchecked",
    "not_yet",
    "expired",
    "revoked",
    "forged",
    "unknown_key",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `statement` is what the text claims, to be believed only where the state is
    valid, unchecked, not_yet, expired or revoked. `unchecked`: valid, were it not that the list is
    too old to say that it was not revoked. `not_yet`: its first day is to come. `revoked_as_of`:
    the moment of the list of revocations that was looked into; None: none was, or it is older than
    the notice, so a revocation would not show."""

    state: State
    statement: Statement | None
    revoked_as_of: datetime | None


def check(
    text: str,
    keys: Keys,
    on: date,
    revoked: Revoked | None = None,
    now: datetime | None = None,
) -> Verdict:
    """Check the text of a square code on a day. `now`: the moment, for the age of the list; without
    it no list is young enough. Raises StatementFault where the text is none."""
    found = read(statement_in(text), keys)
    if found.genuine is None:
        return Verdict("unknown_key", None, None)
    if not found.genuine:
        return Verdict("forged", None, None)
    statement = read_statement(found.claims)
    holds = revoked.holds(statement.index) if revoked else None
    as_of = revoked.at if revoked and holds is not None else None
    if holds:
        return Verdict("revoked", statement, as_of)
    return Verdict(_standing(statement, on, revoked, now), statement, as_of)


def _standing(
    statement: Statement, on: date, revoked: Revoked | None, now: datetime | None
) -> State:
    if statement.since is not None and on < statement.since:
        return "not_yet"
    if statement.until is not None and statement.until < on:
        return "expired"
    young = revoked is None or (now is not None and revoked.is_young(now))
    return "valid" if young else "unchecked"
