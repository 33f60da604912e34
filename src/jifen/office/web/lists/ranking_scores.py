"""By which scores a published ranking is ordered where it is not the total, and what they are for
the people who were found on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jifen import cities
from jifen.office.lists.models import Entry, PublicList, Run
from jifen.office.lists.queries import list_entries_of
from jifen.office.lists.ranking_keys import label_ranking_key, list_score_keys, ranks_by_total
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class RankingScores:
    """The scores that order a list, none where no score does; those of people, by number of the
    receipt. Who has another place since a recheck has none here: the run keeps the first."""

    labels: tuple[Text, ...]
    by_number: Mapping[str, tuple[Decimal, ...]]


def find_ranking_scores(row: PublicList, found: Iterable[Entry]) -> RankingScores | None:
    """None where a list is ordered by the total, or not at all."""
    first = list_entries_of(row).select_related("publicity__run").first()
    run = row.run or (first.publicity.run if first and first.publicity else None)
    if run is None or ranks_by_total(run.ties):
        return None
    keys = list_score_keys(run.ties)
    policy = cities.load_edition(run.city, run.policy_version, run.policy_hash)
    rules = policy.rules_on(policy.since)
    return RankingScores(
        tuple(label_ranking_key(key, rules) for key in keys),
        dict(_read_scores(run, entry, len(keys)) for entry in found),
    )


def _read_scores(run: Run, entry: Entry, count: int) -> tuple[str, tuple[Decimal, ...]]:
    if entry.place is None:
        return entry.number, ()
    own = entry.publicity.run if entry.publicity and entry.publicity.run else run
    place = own.places.filter(number=entry.number, place=entry.place, total=entry.total).first()
    return entry.number, tuple(map(Decimal, place.keys[:count])) if place else ()
