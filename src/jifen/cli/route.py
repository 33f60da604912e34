"""`jifen route`: when a person reaches the line, and by which moves soonest."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from jifen.cities import City, CityChoice
    from jifen.planning.case import Wishes
    from jifen.policy.policy import Policy
    from jifen.policy.text import Lang

BAD_INPUT, NOT_IN_FORCE = 2, 3


def route(
    cities: Annotated[list[str], typer.Argument(metavar="CITY...", show_default=False)],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="YYYY-MM-DD")],
    facts: Annotated[str, typer.Option(metavar="FILE", help="YAML or JSON; - standard input")],
    fact: Annotated[
        list[str] | None, typer.Option(metavar="FACT=VALUE", help="a fact beside the file")
    ] = None,
    years: Annotated[int, typer.Option(help="so many years are looked at")] = 10,
    most: Annotated[int, typer.Option("--moves", help="at most so many moves in a route")] = 3,
    without: Annotated[list[str] | None, typer.Option(help="rule a move out")] = None,
    takes: Annotated[
        list[str] | None, typer.Option(metavar="MOVE=MONTHS", help="how long it takes you")
    ] = None,
    costs: Annotated[
        list[str] | None, typer.Option(metavar="MOVE=YUAN", help="what it costs you")
    ] = None,
    pays: Annotated[
        str, typer.Option(metavar="MULTIPLE", help="your base from now on, in average wages")
    ] = "",
    version: Annotated[str, typer.Option(help="a version, for every day")] = "",
    reading: Annotated[
        list[str] | None, typer.Option(metavar="SWITCH=READING", help="another reading of a rule")
    ] = None,
    purpose: Annotated[
        str, typer.Option(help="what the points are for; default: the measure's first purpose")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="the stable JSON result")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """When a person reaches the line if nothing changes, and which moves get there soonest.

    Where facts that are not known decide on the earliest day, it is told at best and at worst, with
    the questions to answer; --fact answers one as the file would (true, 12, 2024-03-01, [], null).

    Several cities are answered side by side. Exit status: 0 answered, 2 bad input, 3 no measure in
    force on that day.

    Examples:

    jifen route shanghai --on 2025-06-01 --facts me.yaml

    jifen route shanghai chengdu --on 2025-06-01 --facts me.yaml --json

    jifen route shanghai --on 2025-06-01 --facts me.yaml --without bachelor --takes level_3=12

    jifen route shanghai --on 2025-06-01 --facts me.yaml --fact base_1x_months_last_12=6
    """
    from jifen.policy.fault import DocumentError, PolicyError
    from jifen.policy.purposes import CHOICE

    if lang not in ("zh", "en"):
        _exit_with_words(f"--lang is '{lang[:20]}'; write zh or en")
    language: Lang = "en" if lang == "en" else "zh"
    try:
        words = _answer_cities(
            cities,
            on,
            facts,
            _parse_pairs(fact or (), "--fact", "FACT=VALUE"),
            years,
            most,
            _parse_wishes(without or (), takes or (), costs or ()),
            _parse_multiple(pays),
            version,
            _parse_pairs(reading or (), "--reading", "SWITCH=READING")
            | ({CHOICE: purpose} if purpose else {}),
            language,
            as_json=as_json,
        )
    except PolicyError as error:
        _exit_with_words(error.to_text(language))
    except DocumentError as error:
        _exit_with_words(str(error))
    except ModuleNotFoundError as error:
        _exit_with_words(
            f"`jifen route` needs the lab ({error.name} is missing): pip install 'jifen[lab]'"
        )
    print(words)


def _answer_cities(
    names: Sequence[str],
    on: str,
    facts: str,
    answers: dict[str, str],
    years: int,
    most: int,
    wishes: "Wishes",
    pays: Decimal | None,
    version: str,
    readings: dict[str, str],
    lang: "Lang",
    *,
    as_json: bool,
) -> str:
    from jifen.cities import resolve_city
    from jifen.cli.person import find_policy, read_facts
    from jifen.planning.case import build_case
    from jifen.planning.initial_state import Habits
    from jifen.planning.moves_file import NoMoves
    from jifen.planning.route_text import format_routes
    from jifen.planning.serialization import serialize_plans
    from jifen.planning.several_cities import plan_for_cities
    from jifen.policy.fault import Place

    day = _read_day(on)
    choices: dict[City, CityChoice] = {
        choice.narrowed_city: choice
        for choice in (resolve_city(name, version or None) for name in names)
    }
    policies: dict[City, Policy | None] = {
        city: find_policy(choice, None, day) for city, choice in choices.items()
    }
    if not any(policies.values()):
        raise typer.Exit(NOT_IN_FORCE)
    file = read_facts(facts, lang)
    given = file.given | {fact_id: _parse_fact_value(text) for fact_id, text in answers.items()}
    try:
        planned = list(
            plan_for_cities(
                list(policies),
                given,
                day,
                lambda name, given: build_case(
                    name,
                    given,
                    day,
                    policy=policies[name] if choices[name].version else None,
                    years=years,
                    wishes=wishes.wishes_for_city(name, policies),
                    habits=Habits(pays=pays),
                    readings=readings,
                ),
                policies=policies,
                readings=readings,
                most=most,
                places=file.places | {fact_id: Place("--fact") for fact_id in answers},
                lang=lang,
            )
        )
    except NoMoves as error:
        _exit_with_words(str(error))
    if as_json:
        return json.dumps(serialize_plans(planned, lang), ensure_ascii=False, indent=2)
    return format_routes(planned, lang)


def _parse_fact_value(text: str) -> Any:
    """A value as a file of facts would have it: YAML of one line."""
    from jifen.policy.fault import DocumentError
    from jifen.policy.source import parse_yaml

    try:
        return parse_yaml(text, "--fact").to_plain()
    except DocumentError:
        return text


def _read_day(text: str) -> date:
    from jifen.policy.months import parse_date

    try:
        return parse_date(text)
    except ValueError:
        _exit_with_words(f"--on: '{text[:40]}' is not a date; write YYYY-MM-DD, such as 2025-06-01")


def _exit_with_words(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


def _parse_pairs(given: Sequence[str], option: str, form: str) -> dict[str, str]:
    values = {}
    for word in given:
        key, equals, value = word.partition("=")
        if not (key and equals and value):
            _exit_with_words(f"{option}: '{word[:40]}' is not of the form {form}")
        values[key] = value
    return values


def _parse_wishes(without: Sequence[str], takes: Sequence[str], costs: Sequence[str]) -> "Wishes":
    from jifen.planning.case import Wishes

    months, yuan = dict[str, int](), dict[str, Decimal]()
    for move, text in _parse_pairs(takes, "--takes", "MOVE=MONTHS").items():
        if not text.isascii() or not text.isdigit() or len(text) > 6:
            _exit_with_words(f"--takes {move}: '{text[:20]}' is not a number of months, such as 12")
        months[move] = int(text)
    for move, text in _parse_pairs(costs, "--costs", "MOVE=YUAN").items():
        yuan[move] = _parse_number(text, f"--costs {move}", "an amount in yuan, such as 20000")
    return Wishes(frozenset(without), months, yuan)


def _parse_multiple(text: str) -> Decimal | None:
    if not text:
        return None
    value = _parse_number(text, "--pays", "a multiple of the average wage, such as 0.8 or 1")
    if not 0 <= value <= 10:
        _exit_with_words(f"--pays: {text[:20]} average wages; expected from 0 to 10")
    return value


def _parse_number(text: str, option: str, expected: str) -> Decimal:
    try:
        value = Decimal(text) if text.isascii() and len(text) <= 20 else Decimal("nan")
    except InvalidOperation:
        value = Decimal("nan")
    if not value.is_finite():
        _exit_with_words(f"{option}: '{text[:20]}' is not {expected}")
    return value
