"""`jifen lab near`: how many people of a population stand within one move of the line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jifen.cli.lab_errors import told
from jifen.cli.lab_reform import City, Json, Lang, On, PeopleFile, Version, policy_on

if TYPE_CHECKING:
    from jifen.planning.population import Near
    from jifen.policy.text import Lang as Lang_
    from jifen.policy.text import Text


def near(
    city: City,
    people: PeopleFile,
    on: On,
    version: Version = None,
    as_json: Json = False,
    lang: Lang = "zh",
) -> None:
    """How many stand within one move of the line, and which move would bring how many there.

    Lower bounds: what totals cannot tell is taken for the worse; everybody ages while acting. Reads
    Parquet, CSV and Arrow, part by part.

    Example: jifen lab near shanghai people.parquet --on 2025-06-01
    """
    with told(lang):
        from jifen.planning.population import added
        from jifen.planning.read import moves_of

        day, policy = policy_on(city, version, on)
        found = added(_parts(people, policy, day))
        labels = {move.id: move.label for move in moves_of(city).moves}
    print(_json(found) if as_json else _text(found, labels, lang))


def _parts(people: Path, policy: Any, day: Any) -> Iterator["Near"]:
    from jifen.planning.population import within_one_move
    from jifen.scoring.files.inputs import open_people

    opened = open_people(people)
    for part in opened.parts():
        yield within_one_move(policy, part.read(opened.schema.names), on=day)


def _json(found: "Near") -> str:
    said = {
        "schema": "jifen.near.v1",
        "people": found.people,
        "reached": found.reached,
        "within_one_move": found.within,
        "unknown": found.open,
        "by_move": dict(found.by_move),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _text(found: "Near", labels: "dict[str, Text]", lang: str) -> str:
    zh = lang != "en"
    said: Lang_ = "zh" if zh else "en"
    ordered = sorted(found.by_move.items(), key=lambda pair: -pair[1])
    head = (
        f"{found.people:,} 人：已达到 {found.reached:,}，再走一步可达到至少 {found.within:,}，"
        f"有未知或无法使用的值 {found.open:,}"
        if zh
        else f"{found.people:,} people: {found.reached:,} at the line, at least {found.within:,} "
        f"within one move, {found.open:,} with something unknown or unusable"
    )
    return "\n".join([head, *(f"  {n:>12,}  {labels[i](said)} ({i})" for i, n in ordered if n)])
