"""What is open for somebody on a day, why, and what is missing since when. What is not known of
them makes an answer unknown, never a guess."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from jifen.entitlements.model import Entitlement, EntitlementNeeds
from jifen.entitlements.words import say
from jifen.policy.months import subtract_months
from jifen.policy.text import Text

ONE_DAY = timedelta(days=1)
YEAR = 12


class EntitlementState(StrEnum):
    """Whether something is open; `done`: somebody has settled and needs it no more."""

    OPEN = "open"
    NOT_OPEN = "not_open"
    UNKNOWN = "unknown"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class KnownStatus:
    """What is known of somebody on a day; None is not known.

    `permit`: it is valid; `permit_until`: its last day; `permit_ended_on`: since when it is not
    valid. `permit_months`: full months by the permit, unbroken, counted from `permit_since`, that
    are over when the day begins (full years are full on the same day of a later year, not the day
    before); `all_months`: with those before a gap. `points`: the line is reached and the points are
    valid; `points_by`: the version of the measure that they are decided by, reached or not;
    `points_on`: since when they are not valid; `points_words`: what is missing of them. `notice`: a
    settlement notice is there, up to `notice_until` (None: no end is known); `settled_on`: the day
    of the settlement. `met`: other conditions by their ids.
    """

    permit: bool | None = None
    permit_until: date | None = None
    permit_ended_on: date | None = None
    permit_since: date | None = None
    permit_months: int | None = None
    all_months: int | None = None
    points: bool | None = None
    points_by: str | None = None
    points_on: date | None = None
    points_words: Text | None = None
    notice: bool | None = None
    notice_until: date | None = None
    settled_on: date | None = None
    met: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MissingNeed:
    """One thing that is missing, or (`known` false) not known: what, since when, and from which
    day on it would be there if all stays as it is."""

    need: str
    words: Text
    known: bool
    since: date | None = None
    opens_on: date | None = None


@dataclass(frozen=True, slots=True)
class EntitlementAnswer:
    """One answer."""

    entitlement: Entitlement
    state: EntitlementState
    missing: tuple[MissingNeed, ...]


def assess_entitlement(entitlement: Entitlement, known: KnownStatus, on: date) -> EntitlementAnswer:
    """Whether it is open for somebody on a day. Raises ValueError for one that is not in force."""
    if not entitlement.is_in_force(on):
        raise ValueError(f"'{entitlement.id}' is not in force on {on}")
    if entitlement.needs.notice and known.settled_on is not None and known.settled_on <= on:
        return EntitlementAnswer(entitlement, EntitlementState.DONE, ())
    missing = tuple(_list_missing(entitlement.needs, known, on))
    if any(need.known for need in missing):
        return EntitlementAnswer(entitlement, EntitlementState.NOT_OPEN, missing)
    return EntitlementAnswer(
        entitlement, EntitlementState.UNKNOWN if missing else EntitlementState.OPEN, missing
    )


def _list_missing(needs: EntitlementNeeds, known: KnownStatus, on: date) -> Iterator[MissingNeed]:
    if needs.permit and (need := _missing_permit(known)):
        yield need
    if needs.points and (need := _missing_points(known)):
        yield need
    if needs.measures and (need := _missing_measure(needs, known)):
        yield need
    if needs.notice and (need := _missing_notice(known, on)):
        yield need
    if needs.permit_years and (need := _missing_years(needs, known, on)):
        yield need
    for condition in needs.also:
        held = known.met.get(condition.id)
        if not held:
            yield MissingNeed(condition.id, condition.label, known=held is not None)


def _missing_permit(known: KnownStatus) -> MissingNeed | None:
    if known.permit:
        return None
    words = say("answers.a_valid_residence_permit")
    return MissingNeed("permit", words, known.permit is not None, known.permit_ended_on)


def _missing_points(known: KnownStatus) -> MissingNeed | None:
    if known.points:
        return None
    words = known.points_words or say("answers.valid_points_at_the_line")
    return MissingNeed("points", words, known.points is not None, known.points_on)


def _missing_measure(needs: EntitlementNeeds, known: KnownStatus) -> MissingNeed | None:
    """Points of another measure have another line: they are not these, valid or not. So the
    measure is a fact of its own. Where nobody knows by which they are, there is nothing to add as
    long as they are not reached."""
    if known.points_by in needs.measures or (known.points_by is None and not known.points):
        return None
    words = say(
        "answers.points_at_the_line",
        measures=Text("、".join(needs.measures), ", ".join(needs.measures)),
    )
    if known.points_by is not None:
        words = say("answers.those_of_now", words=words, points_by=known.points_by)
    return MissingNeed("points", words, known.points_by is not None)


def _missing_notice(known: KnownStatus, on: date) -> MissingNeed | None:
    """Days that are over are a fact of their own, whatever else is known of the notice."""
    words = say("answers.a_settlement_notice_within")
    if known.notice_until is not None and on > known.notice_until:
        return MissingNeed("notice", words, True, known.notice_until + ONE_DAY)
    if known.notice:
        return None
    return MissingNeed("notice", words, known.notice is not None)


def _missing_years(needs: EntitlementNeeds, known: KnownStatus, on: date) -> MissingNeed | None:
    months = known.all_months if needs.cumulative else known.permit_months
    lacking = needs.permit_years * YEAR - (months or 0)
    if months is not None and lacking <= 0:
        return None
    kind = say("answers.in_all") if needs.cumulative else say("answers.unbroken")
    if months is None:
        words = say("answers.full_years_by_the_permit", kind=kind, permit_years=needs.permit_years)
        return MissingNeed("permit_years", words, known=False)
    words = say(
        "answers.full_years_by_the_permit_months",
        kind=kind,
        permit_years=needs.permit_years,
        months=months,
        lacking=lacking,
    )
    opens_on = _day_of_full_months(known, months + lacking, months, on) if known.permit else None
    return MissingNeed("permit_years", words, True, opens_on=opens_on)


def _day_of_full_months(known: KnownStatus, needed: int, months: int, on: date) -> date:
    """The day on which so many months are full. Months before a gap are not counted again; where
    the first day is not known, no more than the full months of today are."""
    if known.permit_since is None or known.permit_months is None:
        return subtract_months(on, -(needed - months))
    return subtract_months(known.permit_since, -(needed - (months - known.permit_months)))
