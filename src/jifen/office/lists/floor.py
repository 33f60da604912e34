"""The last place inside the quota of a published ranking, and who has come to stand at or above it
since, by a recheck or by a decision that came late. Nothing is written here."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from jifen import cities
from jifen.office.casework.models import Decision
from jifen.office.lists.filing import accepted, entering, rank_rules
from jifen.office.lists.frozen import Frozen, Lacking, entrants
from jifen.office.lists.models import Entry, Run, State
from jifen.office.lists.rules import LIVE
from jifen.scoring.ranking import Entrant

Standing = tuple[Decimal, ...]


def base_of(run: Run) -> Run:
    """The ranking of the year: the run itself, or the one to which it is a supplement."""
    return run.supplements or run


def standing_of(one: Entrant) -> Standing:
    """What is compared: the score, then the tie keys; more is better."""
    return (one.total, *one.tie_break_keys)


def floor_of(run: Run) -> Standing | None:
    """The last place inside the quota; None where nobody is inside."""
    last = base_of(run).places.filter(admitted=True).order_by("-position").first()
    return (last.total, *map(Decimal, last.keys)) if last else None


def place_in(run: Run, one: Entrant) -> int:
    """The place that somebody's score has in a ranking: nobody else's moves for it."""
    others = run.places.exclude(number=one.name)
    above = others.filter(total__gt=one.total).count()
    level = others.filter(total=one.total).values_list("keys", flat=True)
    return 1 + above + sum(tuple(map(Decimal, keys)) > one.tie_break_keys for keys in level)


@dataclass(frozen=True, slots=True)
class Raised:
    """Who would be inside and is on no list; `lacking`: numbers of those whose tie keys are not
    known, so that nobody can say."""

    people: tuple[Frozen, ...] = ()
    lacking: tuple[str, ...] = ()


def raised(run: Run) -> Raised:
    """Who stands at or above the last place by now, and is not entered. Who settled, gave up or
    lapsed does not come back by another decision."""
    base, floor = base_of(run), floor_of(run)
    if floor is None:
        return Raised()
    rows = entering(accepted(rank_rules(base.city, base.year), base.year))
    rows = rows.filter(listing__isnull=True, total__gte=floor[0])
    entered = Entry.objects.filter(city=base.city, rules=base.rules).exclude(state=State.REMOVED)
    rows = rows.exclude(application__number__in=entered.values("number"))
    found, lacking = compared(base, list(rows.values_list("pk", flat=True)))
    inside = [f for f in found if standing_of(f.entrant) >= floor]
    return Raised(tuple(inside), tuple(lacking))


def waiting(run: Run) -> list[Entry]:
    """Places whose decision is replaced, while nobody can say yet by what."""
    base = base_of(run)
    rows = Entry.objects.filter(city=base.city, rules=base.rules, state__in=LIVE)
    rows = rows.filter(Q(publicity__run=base) | Q(publicity__run__supplements=base))
    return list(rows.filter(decision__void_at__isnull=False).order_by("place", "number"))


def compared(run: Run, decisions: list[int]) -> tuple[list[Frozen], list[str]]:
    """Decisions as a run would rank them, by its own measure only; and the numbers of those that
    lack a tie key."""
    rows = Decision.objects.filter(policy=run.policy, policy_version=run.policy_version)
    found: list[Frozen] = []
    policy = cities.load(run.city, run.policy_version)
    try:
        found.extend(entrants(rows.filter(pk__in=decisions), policy, run.ties))
    except Lacking as error:
        return found, error.numbers
    return found, []
