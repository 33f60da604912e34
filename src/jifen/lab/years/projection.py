"""A population year by year under one or several policies."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

from jifen.lab.population import People
from jifen.lab.years.assumptions import Assumptions
from jifen.lab.years.cohort_block import Cohort
from jifen.lab.years.cohort_path import CohortPath, ProjectionPlan
from jifen.lab.years.cohorts import list_cohorts, refuse_ageless
from jifen.lab.years.results import YearsResult
from jifen.lab.years.tally import Tally
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.kernel import CHUNK, count_processors
from jifen.scoring.population.program import build_programs

Progress = Callable[[int, int | None], None]
MOST_YEARS = 60


def project_years(
    people: People,
    policies: Sequence[Policy],
    on: date,
    years: int,
    assumptions: Assumptions,
    *,
    seed: int = 7,
    by: str | None = None,
    block: int = CHUNK,
    threads: int | None = None,
    progress: Progress | None = None,
) -> YearsResult:
    """Project people from `on` to the same day `years` later, and count on each of these days who
    reaches the line under each policy as its rules are then (overlays begin and end).

    The people's facts are those of `on`; rows with values that cannot be used take no part.
    `seed` decides all that is drawn; the same people have the same luck under every policy,
    whatever `block` and `threads`. `by` groups by what a person is in each year (`age:10`).
    Raises TableError where a column is missing, ValueError for years outside 0 to 60.
    """
    plan = build_plan(policies, on, years, assumptions, by, seed)
    labels, cohorts = prepare_cohorts(people, plan, block)
    weighted = people.weights is not None
    tally = Tally.make_empty(len(policies), years, len(labels), weighted=weighted)

    def count_here(cohort: Cohort) -> Tally:
        return count_cohort(people, cohort, plan)

    _run_cohorts(cohorts, count_here, tally, years, threads or count_processors(), progress)
    return YearsResult(people, tuple(policies), plan, labels, tally)


def prepare_cohorts(
    people: People, plan: ProjectionPlan, block: int = CHUNK
) -> tuple[tuple[Text, ...], list[Cohort]]:
    """The labels of the groups, and the cohorts that go through the years. Raises TableError."""
    people.refuse_missing(plan.programs[0][0])
    refuse_ageless(people, plan.assumptions.leavers)
    labels = people.group_by(plan.by).labels if plan.by else ()
    years = len(plan.days) - 1
    return labels, list(list_cohorts(people, plan.assumptions.entrants, years, plan.seed, block))


def count_cohort(people: People, cohort: Cohort, plan: ProjectionPlan) -> Tally:
    """What one cohort adds."""
    groups = len(people.group_by(plan.by).labels) if plan.by else 0
    weighted = people.weights is not None
    tally = Tally.make_empty(plan.policies, len(plan.days) - 1, groups, weighted=weighted)
    CohortPath(people, cohort, plan, tally).count_years()
    return tally


def build_plan(
    policies: Sequence[Policy],
    on: date,
    years: int,
    assumptions: Assumptions,
    by: str | None,
    seed: int,
) -> ProjectionPlan:
    """What is to be counted. Raises ValueError for years outside 0 to 60."""
    if not 0 <= years <= MOST_YEARS:
        raise ValueError(f"{years} years; expected 0 to {MOST_YEARS}")
    days = tuple(find_anniversary(on, year) for year in range(years + 1))
    rules: list[list[Rules]] = [[policy.rules_on(day) for policy in policies] for day in days]
    different = tuple(dict.fromkeys(rule_set for row in rules for rule_set in row))
    program = dict(zip(different, build_programs(different), strict=True))
    programs = tuple(tuple(program[rule_set] for rule_set in row) for row in rules)
    return ProjectionPlan(days, programs, assumptions, by, seed)


def find_anniversary(on: date, years: int) -> date:
    """The same day of a later year (29 February: the 28th where there is none)."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)


def _run_cohorts(
    cohorts: Sequence[Cohort],
    counted: Callable[[Cohort], Tally],
    tally: Tally,
    years: int,
    threads: int,
    progress: Progress | None,
) -> None:
    """Some cohorts at a time; what they counted is added up in their order."""
    every = sum(_count_person_years(cohort, years) for cohort in cohorts)
    done = 0
    with ThreadPoolExecutor(threads, thread_name_prefix="jifen-years") as pool:
        try:
            futures: list[Future[Tally]] = [pool.submit(counted, cohort) for cohort in cohorts]
            for cohort, future in zip(cohorts, futures, strict=True):
                tally.add_tally(future.result())
                done += _count_person_years(cohort, years)
                if progress:
                    progress(done, every)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _count_person_years(cohort: Cohort, years: int) -> int:
    return cohort.count * (years + 1 - cohort.enters)
