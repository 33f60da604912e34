"""Who goes through the years: the given people, and the newcomers of every year."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import People
from jifen.lab.words import say
from jifen.lab.years.assumptions import Entrants, Leavers
from jifen.lab.years.cohort_block import Cohort, find_age_fact
from jifen.lab.years.draws import draw_numbers
from jifen.lab.years.year_step import decode_values
from jifen.policy.text import Text
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.columns import TableError


def count_newcomers(people: People, entrants: Entrants) -> int:
    """How many rows come each year; with weights each stands for the mean of a row."""
    return round(entrants.share * int(np.count_nonzero(_mark_usable(people))))


def list_cohorts(
    people: People, entrants: Entrants, years: int, seed: int, block: int
) -> Iterator[Cohort]:
    """Cohorts of at most `block` people. Newcomers are numbered after the given people, year by
    year. Raises TableError where nobody is like a newcomer."""
    for start in range(0, people.count, block):
        count = min(block, people.count - start)
        yield Cohort(start, count, slice(start, start + count), 0)
    each = count_newcomers(people, entrants)
    if not each or not years:
        return
    donors = _find_donors(people, entrants)
    running = _sum_weights(people, donors)
    stands_for = None
    if people.weights is not None:
        stands_for = float(people.weights[_mark_usable(people)].mean())
    for year in range(1, years + 1):
        for start in range(0, each, block):
            count, first = min(block, each - start), people.count + (year - 1) * each + start
            chance = draw_numbers(seed, "newcomer", 0, first, count)
            chosen = np.searchsorted(running, chance * running[-1], side="right")
            yield Cohort(first, count, donors[chosen], year, stands_for)


def _mark_usable(people: People) -> NDArray[np.bool_]:
    return np.ones(people.count, bool) if people.faulty is None else ~np.asarray(people.faulty)


def _sum_weights(people: People, donors: NDArray[np.intp]) -> NDArray[np.float64]:
    """Running sums by which a donor is drawn: each row as often as it stands for people. Raises
    TableError where they stand for nobody."""
    if people.weights is None:
        return np.arange(1, len(donors) + 1, dtype=np.float64)
    running = np.cumsum(people.weights[donors])
    if not running[-1]:
        raise TableError([_describe_weightless_donors(people)])
    return running


def refuse_ageless(people: People, leavers: Leavers) -> None:
    """People leave by age: raises TableError where nobody's age is known."""
    age = find_age_fact(people.vocabulary)
    if any(band.share for band in leavers.bands) and age not in people.codes:
        raise TableError([_describe_missing_age(age)])


def _find_donors(people: People, entrants: Entrants) -> NDArray[np.intp]:
    if entrants.fact not in people.codes:
        raise TableError([_describe_missing_column(entrants.fact)])
    axis = Axis(people.vocabulary[entrants.fact])
    numbers, has_number = decode_values(axis, people.codes[entrants.fact])
    like = has_number & (numbers < entrants.below)
    matching_rows = np.flatnonzero(like & _mark_usable(people))
    if not len(matching_rows):
        raise TableError([_describe_no_donors(entrants)])
    return matching_rows


def _describe_weightless_donors(people: People) -> Text:
    return say("years.cohorts.every_row_that_newcomers_could", weight=people.weight)


def _describe_missing_column(fact: str) -> Text:
    return say("years.cohorts.the_column_is_missing_newcomers", fact=fact)


def _describe_missing_age(age: str) -> Text:
    return say("years.cohorts.the_column_is_missing_how", age=age)


def _describe_no_donors(entrants: Entrants) -> Text:
    return say("years.cohorts.nobody_has_below_so_there", fact=entrants.fact, below=entrants.below)
