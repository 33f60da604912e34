"""Who goes through the years: the given people, and the newcomers of every year."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jifen.lab.population import People
from jifen.lab.years.assumptions import Entrants, Leavers
from jifen.lab.years.cohort_block import Cohort, find_age_fact
from jifen.lab.years.draws import draw_numbers
from jifen.lab.years.year_step import decode_values
from jifen.policy.text import Text
from jifen.scoring.population.axis import Axis
from jifen.scoring.population.columns import TableError


def count_newcomers(people: People, entrants: Entrants) -> int:
    """How many come each year."""
    faulty = 0 if people.faulty is None else int(np.count_nonzero(people.faulty))
    return round(entrants.share * (people.count - faulty))


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
    for year in range(1, years + 1):
        for start in range(0, each, block):
            count, first = min(block, each - start), people.count + (year - 1) * each + start
            chance = draw_numbers(seed, "newcomer", 0, first, count)
            yield Cohort(first, count, donors[(chance * len(donors)).astype(np.intp)], year)


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
    if people.faulty is not None:
        like &= ~people.faulty
    matching_rows = np.flatnonzero(like)
    if not len(matching_rows):
        raise TableError([_describe_no_donors(entrants)])
    return matching_rows


def _describe_missing_column(fact: str) -> Text:
    return Text(
        f"缺少 {fact} 列：新来的人按它从现有的人中选取。"
        "请补上此列，或在假设文件中把 entrants 的 share 设为 0。",
        f"the column '{fact}' is missing: newcomers are chosen by it among the given people. "
        "Add it, or set the share of the entrants to 0 in the assumptions file",
    )


def _describe_missing_age(age: str) -> Text:
    return Text(
        f"缺少 {age} 列：按年龄假设每年离开的人。"
        "请补上此列，或在假设文件中把 leavers 的 bands 写成 []。",
        f"the column '{age}' is missing: how many leave is assumed by age. Add it, or write "
        "'bands: []' for the leavers in the assumptions file",
    )


def _describe_no_donors(entrants: Entrants) -> Text:
    return Text(
        f"没有人的 {entrants.fact} 低于 {entrants.below}，无从选取新来的人。"
        "请在假设文件中改写 entrants 的 like，或把 share 设为 0。",
        f"nobody has '{entrants.fact}' below {entrants.below}, so there is nobody whom newcomers "
        "resemble. Change 'like' of the entrants in the assumptions file, or set their share to 0",
    )
