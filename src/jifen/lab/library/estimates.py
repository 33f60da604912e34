"""What the lab estimates of a `Population`: the years ahead, weights for margins, how sure a figure
is. Each is one that `jifen lab` asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from jifen import cities
from jifen.lab.disclosure.notes import mark_protection
from jifen.lab.disclosure.protection import protect_figures, protect_result
from jifen.lab.fairness.questions import build_question
from jifen.lab.library.answers import answer_fairness
from jifen.lab.library.changes import Change, apply_change
from jifen.lab.library.people import (
    Population,
    list_columns,
    open_people,
    to_arrow_table,
)
from jifen.lab.library.results import Result
from jifen.lab.people import load_margins, read_margins
from jifen.lab.people.margins_file import Margins
from jifen.lab.people.raked_table import build_raked_tables
from jifen.lab.people.raking import format_fit, rake_people
from jifen.lab.proposals import check_proposals
from jifen.lab.reports import uncertainty as uncertainty_report
from jifen.lab.reports import years as years_report
from jifen.lab.reports.raking import draw_fit
from jifen.lab.uncertainty import measure_uncertainty
from jifen.lab.uncertainty import serialization as uncertainty_words
from jifen.lab.uncertainty.figure_choice import choose_figures
from jifen.lab.uncertainty.figure_ranges import range_figures
from jifen.lab.uncertainty.figure_texts import (
    figures_to_dicts,
    figures_to_tables,
    format_figure_ranges,
)
from jifen.lab.uncertainty.years_range import YearsRange, range_years
from jifen.lab.years import find_assumptions_file, load_assumptions, project_years
from jifen.lab.years.messages import summarize_projection
from jifen.lab.years.projection import find_anniversary
from jifen.policy.policy import Policy
from jifen.policy.text import Lang

Changes = Change | Sequence[Change]
"""One reform, or several to be counted beside each other."""


def ask_years(
    people: Population,
    policy: Policy,
    on: date,
    years: int,
    changes: Changes = (),
    by: str | None = None,
    *,
    assumptions: str | Path | None = None,
    seed: int = 7,
    draws: int = 0,
    spread: float = 0.1,
    unchecked: bool = False,
) -> Result:
    """The population year by year, today's rules and every reform beside; with `draws`, ranges.
    Raises PolicyError, FileFault, TableError, ValueError for years outside 0 to 60 and a spread
    that is no share."""
    if not 0 < spread < 1:
        raise ValueError(f"spread is {spread}; expected a share above 0 and below 1")
    changed = [
        apply_change(policy, change, f"change_{number}" if number > 1 else "change")
        for number, change in enumerate(_list_changes(changes), start=1)
    ]
    days = [find_anniversary(on, year) for year in range(max(years, 0) + 1)]
    checked = check_proposals(changed, days, unchecked=unchecked)
    file = Path(assumptions) if assumptions else _find_assumptions(policy)
    assumed = load_assumptions(file, policy.vocabulary)
    projected = project_years(
        people.people, [policy, *changed], on, years, assumed, seed=seed, by=by
    )
    result = protect_result(projected, people.people)
    document, tables = result.to_dict(), result.to_tables()
    ranges: YearsRange | None = None
    if draws:
        drawn = range_years(
            people.people, [policy, *changed], on, years, assumed,
            draws=draws, spread=spread, seed=seed,
        )  # fmt: skip
        ranges = protect_result(drawn, people.people)
        document |= {"range": ranges.to_dict()}
        tables |= ranges.to_tables()

    def tell(lang: Lang) -> str:
        lines = [
            *summarize_projection(result, lang),
            *(ranges.format_lines(lang) if ranges else ()),
        ]
        return "\n".join(lines).rstrip()

    return Result(
        "years",
        {**document, **mark_protection(people.people), **checked.to_dict("en")},
        checked.mark_tables(tables),
        tell,
        report=lambda: years_report.build_report(
            people.people, [policy, *changed], result, on, checked
        ),
    )


def ask_rake(
    people: Population, policy: Policy, on: date, margins: str | Path | None = None
) -> Result:
    """Weights with which people have the shares of a margins file: tables `shares` (the fit) and
    `people` (their facts with `weight`). Raises FileFault, PolicyError, TableError."""
    result = rake_people(people.people, _find_margins(policy, margins))
    document = result.to_dict()
    schema, tables = build_raked_tables(people.people, result.weights)
    weighted = pa.concat_tables([schema.empty_table(), *tables])
    return Result(
        "rake",
        {"on": on.isoformat(), **document},
        {"shares": pa.Table.from_pylist(document["shares"]), "people": weighted},
        lambda lang: format_fit(result, lang),
        charts=lambda: draw_fit(result, policy.vocabulary),
    )


def ask_uncertainty(
    people: Population,
    policy: Policy,
    on: date,
    *,
    margins: str | Path | None = None,
    spread: float = 0.1,
    draws: int = 100,
    seed: int = 7,
    change: Change | None = None,
    admit: int | None = None,
    by: Sequence[str] = (),
    unchecked: bool = False,
) -> Result:
    """The people at the line as a range, and what widens it; with a change, a quota or groups also
    who gains and loses, the line, shares and ratios (tables `figures`, `figure_parts`). Margins are
    drawn again of synthetic people, or where they are given. Raises FileFault, PolicyError,
    TableError, ValueError for a spread that is no share."""
    if not 0 < spread < 1:
        raise ValueError(f"spread is {spread}; expected a share above 0 and below 1")
    asked = margins is not None or people.people.synthetic
    shares = _find_margins(policy, margins) if asked else None
    changed = None if change is None else apply_change(policy, change)
    checked = check_proposals([changed] if changed else [], [on], unchecked=unchecked)
    figures, left_out = choose_figures(
        people.people, policy, on, reform=changed, admit=admit, by=by
    )
    measured = measure_uncertainty(
        people.people,
        policy,
        on,
        margins=shares,
        spread=spread,
        draws=draws,
        seed=seed,
    )
    result = protect_result(measured, people.people)
    drawn = range_figures(
        people.people, policy, on, figures, reform=changed, margins=shares,
        spread=spread, draws=draws, seed=seed,
    ) if figures else []  # fmt: skip
    ranges = protect_figures(drawn, people.people)
    document = uncertainty_words.to_dict(result)
    document["left_out"] += [{"zh": text.zh, "en": text.en} for text in left_out]

    def tell(lang: Lang) -> str:
        lines = [
            uncertainty_words.format_uncertainty(result, lang),
            *format_figure_ranges(ranges, lang),
        ]
        return "\n".join([*lines, *(text(lang) for text in left_out)])

    return Result(
        "uncertainty",
        {
            **mark_protection(people.people),
            **checked.to_dict("en"),
            **document,
            "figures": figures_to_dicts(ranges),
        },
        checked.mark_tables(uncertainty_words.to_tables(result) | figures_to_tables(ranges)),
        tell,
        report=lambda: uncertainty_report.build_report(
            people.people, policy, result, on, ranges=ranges, checked=checked, reform=changed
        ),
    )


def ask_fairness(
    people: Population,
    policy: Policy,
    on: date,
    change: Change | None = None,
    by: Sequence[str] = (),
    *,
    costs: str | Path | None = None,
    unchecked: bool = False,
) -> Result:
    """Whom today's rules and a reform reach, by group; tables `groups`, `lorenz`, `places`. Raises
    PolicyError, FileFault, TableError."""
    changed = [] if change is None else [apply_change(policy, change)]
    checked = check_proposals(changed, [on], unchecked=unchecked)
    columns = frozenset((*people.people.facts, *people.people.other))
    question = build_question(policy, columns, by, costs)
    counted = question.ask(people.people, policy, on, *changed)
    policies = [policy, *changed]
    return answer_fairness(people.people, policies, counted, on, checked, question.tiles)


def open_people_for_fairness(
    policy: Policy, source: Any, on: date, by: Sequence[str], costs: str | Path | None
) -> Population:
    """The people with the columns that `ask_fairness` would look at: groups, and children by age
    for places at school. Raises as `Population`, FileFault for the costs."""
    if isinstance(source, Population):
        return source
    if not isinstance(source, str | Path):
        source = to_arrow_table(source)  # a stream can be read once
    columns = list_columns(source, policy.vocabulary)
    question = build_question(policy, columns, by, costs)
    return open_people(policy, source, on, question.list_further_columns(policy.vocabulary))


def open_people_for_raking(
    policy: Policy, source: Any, on: date, margins: str | Path | None
) -> Population:
    """The people with the columns of the margins that are no facts (a district, an origin), where
    they have them. Raises as `Population`, FileFault for the margins."""
    if isinstance(source, Population):
        return source
    if not isinstance(source, str | Path):
        source = to_arrow_table(source)  # a stream can be read once
    columns = list_columns(source, policy.vocabulary)
    further = _find_margins(policy, margins).list_further_columns()
    return open_people(policy, source, on, [name for name in further if name in columns])


def _list_changes(changes: Changes) -> Sequence[Change]:
    if isinstance(changes, Mapping | str | Path | Policy):
        return [changes]
    return changes


def _find_margins(policy: Policy, margins: str | Path | None) -> Margins:
    if margins is not None:
        return read_margins(Path(margins), policy.vocabulary)
    return load_margins(cities.find_city_of_policy(policy))


def _find_assumptions(policy: Policy) -> Path:
    return find_assumptions_file(cities.find_city_of_policy(policy))
