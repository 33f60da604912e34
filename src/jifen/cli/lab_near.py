"""`jifen lab near`: how many people of a population stand within one move of the line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen.cli.lab_errors import report_errors
from jifen.cli.lab_reform import City, Json, Lang, On, PeopleFile, Version, find_day_and_policy
from jifen.cli.lab_source import Map, Weight
from jifen.cli.population import load_mapping_file
from jifen.cli.words import say

if TYPE_CHECKING:
    from jifen.planning.near_threshold import NearThreshold
    from jifen.policy.text import Lang as Lang_
    from jifen.policy.text import Text


def near(
    city: City,
    people: PeopleFile,
    on: On,
    version: Version = None,
    mapping: Map = None,
    weight: Weight = "",
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """How many stand within one move of the line, and which move would bring how many there.

    Lower bounds: what totals cannot tell is taken for the worse, everybody ages while acting, and
    the rules are those of the day on which a move is done. Who gets there by waiting as long,
    without the move, is counted apart. Moves are asked of people of whom every fact is known.
    Reads packed folders, Parquet, CSV and Arrow, part by part.

    Example: jifen lab near shanghai people.parquet --on 2025-06-01
    """
    with report_errors(lang):
        from jifen.cities import find_city_of_policy, resolve_city
        from jifen.planning.moves_file import moves_for_city
        from jifen.planning.near_threshold import add_counts

        day, policy = find_day_and_policy(city, version, on)
        later = _load_later_policies(policy) if resolve_city(city, version).version is None else []
        counts = add_counts(
            _count_parts(people, policy, day, later, load_mapping_file(mapping, policy), weight)
        )
        labels = {move.id: move.label for move in moves_for_city(find_city_of_policy(policy)).moves}
    print(_format_json(counts) if as_json else _format_text(counts, labels, lang))


def _load_later_policies(policy: Any) -> list[Any]:
    """The versions that follow."""
    from jifen import cities

    versions = cities.find_city_of_policy(policy).versions
    return [cities.load_policy_file(v.path) for v in versions if v.since > policy.since]


def _count_parts(
    people: Path, policy: Any, day: Any, later: list[Any], mapping: Any, weight: str
) -> Iterator["NearThreshold"]:
    from jifen.lab.population.pack import weights_of
    from jifen.lab.population.source import refuse_other_weights
    from jifen.lab.population.store import is_packed, open_packed
    from jifen.lab.population.unpack import tables_of, weights_of_stretches
    from jifen.planning.near_threshold import count_within_one_move
    from jifen.scoring.files.column_reading import build_reading
    from jifen.scoring.files.inputs import open_people
    from jifen.scoring.population.columns import TableError

    if is_packed(people):
        packed = open_packed(people, policy.vocabulary)
        refuse_other_weights(packed, people, weight)
        stretches = zip(tables_of(packed), weights_of_stretches(packed), strict=True)
        for (table, faulty_rows), (weights, faulty_people) in stretches:
            counted = count_within_one_move(policy, table, on=day, later=later, weights=weights)
            yield counted.add_faulty(faulty_rows if weights is None else faulty_people)
        return
    opened = open_people(people, build_reading((policy.vocabulary,), mapping))
    if weight and weight not in opened.schema.names:
        raise TableError([say("lab_near.there_is_no_column", weight=weight)])
    for part in opened.split_into_parts():
        table = part.read_columns(opened.schema.names)
        weights = weights_of(table, weight, part, 0) if weight else None
        yield count_within_one_move(policy, table, on=day, later=later, weights=weights)


def _format_json(counts: "NearThreshold") -> str:
    document = {
        "schema": "jifen.near.v2",
        "people": counts.people,
        "reached": {"surely": counts.reached, "perhaps": counts.perhaps},
        "within_one_move": counts.within_one_move,
        "by_waiting_as_long": counts.by_waiting_alone,
        "unknown": counts.open - counts.faulty,
        "faulty": counts.faulty,
        "by_move": dict(counts.by_move),
        "waiting_by_move": dict(counts.by_waiting),
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _format_text(counts: "NearThreshold", labels: "dict[str, Text]", lang: str) -> str:
    language: Lang_ = "en" if lang == "en" else "zh"
    ordered = sorted(
        labels, key=lambda move_id: (-counts.by_move[move_id], -counts.by_waiting[move_id])
    )
    head = say(
        "lab_near.people_surely_at_the_line",
        people=counts.people,
        reached=counts.reached,
        perhaps=counts.perhaps,
        within_one_move=counts.within_one_move,
        by_waiting_alone=counts.by_waiting_alone,
        open=counts.open - counts.faulty,
        faulty=counts.faulty,
    )(language)
    columns = (
        say("lab_near.by_the_move")(language),
        say("lab_near.by_waiting_as_long")(language),
    )
    rows = [
        f"  {counts.by_move[move_id]:>12,}  {counts.by_waiting[move_id]:>20,}  "
        f"{labels[move_id](language)} ({move_id})"
        for move_id in ordered
        if counts.by_move[move_id] or counts.by_waiting[move_id]
    ]
    return "\n".join([head, _format_heading(columns), *rows] if rows else [head])


def _format_heading(columns: tuple[str, str]) -> str:
    """Two right-aligned words; Chinese ones are twice as wide as they are long."""
    return "  ".join(
        [
            "",
            *(_pad_left(word, width) + word for word, width in zip(columns, (12, 20), strict=True)),
        ]
    )


def _pad_left(word: str, width: int) -> str:
    return " " * (width - sum(1 if char.isascii() else 2 for char in word))
