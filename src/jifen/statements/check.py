"""Whether a statement holds on a day: genuine, within its time, not revoked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from jifen.statements.jws import read_signed
from jifen.statements.keys import Keys
from jifen.statements.revocations import RevocationList
from jifen.statements.statement import Statement, extract_statement, read_statement

CHINA = timezone(timedelta(hours=8))
"""Days of papers are days of China, wherever the machine stands that checks one."""
StatementState = Literal[
    "valid", "unchecked", "not_yet", "expired", "revoked", "forged", "unknown_key"
]
STATES: tuple[StatementState, ...] = (
    "valid",
    "unchecked",
    "not_yet",
    "expired",
    "revoked",
    "forged",
    "unknown_key",
)


@dataclass(frozen=True, slots=True)
class StatementVerdict:
    """What was found. `statement` is what the text claims, to be believed only where the state is
    valid, unchecked, not_yet, expired or revoked. `unchecked`: valid, were it not that the list is
    too old to say that it was not revoked. `not_yet`: its first day is to come. `revoked_as_of`:
    the moment of the list of revocations that was looked into; None: none was, or it is older than
    the notice, so a revocation would not show."""

    state: StatementState
    statement: Statement | None
    revoked_as_of: datetime | None


def check_statement(
    text: str,
    keys: Keys,
    on: date,
    revoked: RevocationList | None = None,
    now: datetime | None = None,
) -> StatementVerdict:
    """Check the text of a square code on a day. `now`: the moment, for the age of the list; without
    it no list is young enough. Raises StatementFault where the text is none."""
    signed_text = read_signed(extract_statement(text), keys)
    if signed_text.genuine is None:
        return StatementVerdict("unknown_key", None, None)
    if not signed_text.genuine:
        return StatementVerdict("forged", None, None)
    statement = read_statement(signed_text.claims)
    holds = revoked.is_revoked(statement.index) if revoked else None
    as_of = revoked.at if revoked and holds is not None else None
    if holds:
        return StatementVerdict("revoked", statement, as_of)
    return StatementVerdict(_find_state(statement, on, revoked, now), statement, as_of)


def _find_state(
    statement: Statement, on: date, revoked: RevocationList | None, now: datetime | None
) -> StatementState:
    if statement.since is not None and on < statement.since:
        return "not_yet"
    if statement.until is not None and statement.until < on:
        return "expired"
    young = revoked is None or (now is not None and revoked.is_fresh(now))
    return "valid" if young else "unchecked"
