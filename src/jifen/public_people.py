"""The engine as a library: what `import jifen` offers for many people (docs/python.md). Everything
here needs `jifen[lab]`.

Measures and days are those of `jifen.public`. `people` is a `Population`, or what makes one: a file
as it comes, or any dataframe with the Arrow interface (pandas, polars, DuckDB, pyarrow). Of the
latter the columns are read that a question asks for.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from jifen.policy.policy import Policy
from jifen.public import Day, Measure, find_measure, to_day

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow

    from jifen.lab.library import Population as People
    from jifen.lab.library import Result, SentScorer
    from jifen.scoring.population.scorer import ScoringOptions

    Change = Mapping[str, Any] | str | Path | Policy

__all__ = [
    "Population",
    "Scorer",
    "fairness",
    "quota",
    "rake",
    "reform",
    "run",
    "score",
    "score_population",
    "sweep",
    "uncertainty",
    "years",
]


def score(
    measure: Measure, people: Any, on: Day, **options: "Unpack[ScoringOptions]"
) -> "pyarrow.Table":
    """Score everybody on a day, at the speed of memory: one row a person, one column a fact by id
    or label (null: unknown), points as decimals of the measure's precision. `people` are any
    dataframe that has the Arrow interface (pandas, polars, DuckDB, pyarrow), or a `Population`,
    whose people with values that cannot be used are left out.

    The options are those of `jifen.scoring.population.scorer.score_population`. Raises TableError
    where a column is missing, NotInForce, PolicyError. Needs `jifen[lab]`.
    """
    from jifen.lab.library.people import rename_to_facts  # noqa: PLC0415
    from jifen.scoring.population import scorer  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    named = rename_to_facts(policy.vocabulary, people)
    return scorer.score_population(policy, named, on=day, **options)


def score_population(
    measure: Measure, table: Any, on: Day, **options: "Unpack[ScoringOptions]"
) -> "pyarrow.Table":
    """The earlier name of `score`, which stays."""
    return score(measure, table, on, **options)


def Scorer(  # noqa: N802 - it makes a `jifen.lab.library.SentScorer`
    measure: Measure, on: Day, **options: "Unpack[ScoringOptions]"
) -> "SentScorer":
    """A pure scorer that can be pickled and sent to where the data are: `scorer(batch)` gives the
    scored rows of a batch, `scorer.map_batches(batches)` those of one batch after another (Spark's
    `mapInArrow`). The options are those of `score_population`. Raises TableError for a measure that
    is changed by a reform, NotInForce. Needs `jifen[lab]`.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    return library.SentScorer(find_measure(measure, day), day, options)


def Population(  # noqa: N802 - it makes a `jifen.lab.library.Population`
    measure: Measure,
    source: Any,
    on: Day,
    *,
    weight: str = "",
    by: Sequence[str] = (),
    mapping: "str | Path | None" = None,
) -> "People":
    """People of a city, decoded once for every question: of a file as it comes, or of any dataframe
    with the Arrow interface. `weight` is a column that says how many people each row stands for,
    `by` are further columns by which to group, `mapping` is a file of `jifen facts map`.

    Raises FileFault, PolicyError (a mapping), TableError, NotInForce. Needs `jifen[lab]`.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    return library.Population(
        find_measure(measure, day), source, day, weight=weight, by=by, mapping=mapping
    )


def run(measure: Measure, people: Any, on: Day, *, by: Sequence[str] = ()) -> "Result":
    """A whole population: distribution, groups, indicators, who is near the line. `people` is a
    `Population` or what makes one. Raises TableError, NotInForce, PolicyError."""
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    return library.ask_run(library.open_people(policy, people, day, by), policy, day, by)


def quota(measure: Measure, people: Any, on: Day, *, admit: int) -> "Result":
    """The exact line that admits so many people, and the ties at it. Raises as `run`."""
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    return library.ask_quota(library.open_people(policy, people, day), policy, day, admit)


def reform(
    measure: Measure,
    people: Any,
    on: Day,
    change: "Mapping[str, Any] | str | Path | Policy",
    *,
    by: Sequence[str] = (),
    unchecked: bool = False,
) -> "Result":
    """Today's rules and a reform on the same people: winners, losers, who crosses the line.

    `change` maps paths into the policy to new values (None takes away), or is a reform file.
    Raises PolicyError where it does not fit or fails the static checks (`unchecked`: simulated all
    the same, and the result says so), and as `run`.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    population = library.open_people(policy, people, day, by)
    return library.ask_reform(population, policy, day, change, by, unchecked=unchecked)


def sweep(
    measure: Measure,
    people: Any,
    on: Day,
    vary: "Mapping[str, Sequence[Any]] | str | Path",
    *,
    by: str | None = None,
    unchecked: bool = False,
) -> "Result":
    """Every combination of the values of some figures (path → values), or a sweep file: who reaches
    the line under each. Raises as `reform`."""
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    population = library.open_people(policy, people, day, [by] if by else [])
    return library.ask_sweep(population, policy, day, vary, by, unchecked=unchecked)


def years(
    measure: Measure,
    people: Any,
    on: Day,
    *,
    years: int = 10,
    change: "Change | Sequence[Change]" = (),
    by: str | None = None,
    assumptions: "str | Path | None" = None,
    seed: int = 7,
    draws: int = 0,
    spread: float = 0.1,
    unchecked: bool = False,
) -> "Result":
    """Who reaches the line on the same day of each of the coming years (0 to 60), under today's
    rules and under reforms.

    `change` is one reform as in `reform`, or a list of them; how people change rests on a file of
    `assumptions` (default: that of the city), of which the result tells how sure each is. With
    `draws`, each unsure one is drawn so often within ± `spread` of itself, with another seed: the
    tables `years_range` and `years_parts` have the range and what widens it. Raises as
    `reform`, and ValueError for years that are out of range.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    return library.ask_years(
        library.open_people(policy, people, day, [by] if by else []),
        policy,
        day,
        years,
        change,
        by,
        assumptions=assumptions,
        seed=seed,
        draws=draws,
        spread=spread,
        unchecked=unchecked,
    )


def rake(
    measure: Measure, people: Any, on: Day, *, margins: "str | Path | None" = None
) -> "Result":
    """Weights with which people have the shares of a margins file (default: that of the city).

    The table `shares` shows the fit, the table `people` has the facts with `weight`. A `Population`
    has the further columns of its `by` alone: a district, an origin. Raises FileFault and
    PolicyError (the file), TableError where nothing fits, and as `run`.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    return library.ask_rake(
        library.open_people_for_raking(policy, people, day, margins), policy, day, margins
    )


def uncertainty(
    measure: Measure,
    people: Any,
    on: Day,
    *,
    margins: "str | Path | None" = None,
    spread: float = 0.1,
    draws: int = 100,
    seed: int = 7,
) -> "Result":
    """The people at the line as a range over unknown facts, readings, margins and sampling; the
    table `parts` has what widens it, the widest first.

    `margins` are those of synthetic people (default: those of the city); each assumed share is
    drawn `draws` times within ± `spread` of itself. Raises as `run`, FileFault for the margins, and
    ValueError for a spread that is no share.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    return library.ask_uncertainty(
        library.open_people(policy, people, day),
        policy,
        day,
        margins=margins,
        spread=spread,
        draws=draws,
        seed=seed,
    )


def fairness(
    measure: Measure,
    people: Any,
    on: Day,
    change: "Change | None" = None,
    *,
    by: Sequence[str] = (),
    costs: "str | Path | None" = None,
    unchecked: bool = False,
) -> "Result":
    """Whom today's rules reach, and a reform where there is one: shares by group with their ratio
    to the group that is reached most, the spread of points (Gini, Lorenz), places at school and
    what they cost.

    `by` are groups as in `run` (default: sex, age, origin, income and district where there are such
    columns), `costs` is a file (default: that of the city). Raises as `reform`, FileFault for the
    costs.
    """
    from jifen.lab import library  # noqa: PLC0415

    day = to_day(on)
    policy = find_measure(measure, day)
    population = library.open_people_for_fairness(policy, people, day, by, costs)
    return library.ask_fairness(
        population, policy, day, change, by, costs=costs, unchecked=unchecked
    )
