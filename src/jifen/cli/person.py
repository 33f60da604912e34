"""`jifen assess` and `jifen compare`: one person, under one policy or side by side."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

from jifen import cities
from jifen.cli.result_text import format_comparison, format_result
from jifen.cli.words import say
from jifen.facts.facts_file import FactsFile, read_facts_path, read_facts_stream
from jifen.facts.fault_translation import translate_faults
from jifen.policy.fault import DocumentError, PolicyError
from jifen.policy.months import parse_date
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.text import Lang
from jifen.scoring.comparison import compare
from jifen.scoring.evaluator import assess
from jifen.scoring.result_status import result_to_dict

SCORED, BAD_INPUT, NOT_IN_FORCE = 0, 2, 3
_EXAMPLES = """examples:
  jifen assess shanghai --on 2025-06-01 --facts me.yaml
  jifen assess chengdu --on 2022-06-15 --facts - --json < me.json
  jifen assess shanghai --on 2025-06-01 --facts me.yaml --reading insurance_count=continuous
  jifen compare shanghai shanghai@2013 chengdu --on 2025-06-01 --facts me.yaml"""


class _Parser(argparse.ArgumentParser):
    """Usage errors end with status 2 and one clear line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}\n{self.format_usage()}")


def parse_day_argument(text: str) -> date:
    try:
        return parse_date(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text[:40]}' is not a date; write YYYY-MM-DD, such as 2025-06-01"
        ) from None


def _build_parser() -> _Parser:
    parser = _Parser(prog="jifen", epilog=_EXAMPLES)
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    raw = argparse.RawDescriptionHelpFormatter
    assess_parser = commands.add_parser(
        "assess",
        help="score one person",
        description="Score one person under the version in force on a day (or a named one).",
        epilog=_EXAMPLES,
        formatter_class=raw,
    )
    assess_parser.add_argument("city", help="an id (see `jifen cities`), id@version, or a path")
    assess_parser.add_argument(
        "--version", help="a version of the measure; default: the one in force"
    )
    assess_parser.add_argument(
        "--months", action="store_true", help="show derived facts month by month"
    )
    compare_parser = commands.add_parser(
        "compare",
        help="one person under several cities or versions",
        description="Score one person under several cities or versions, side by side.",
        epilog=_EXAMPLES,
        formatter_class=raw,
    )
    compare_parser.add_argument("measures", nargs="+", metavar="CITY[@VERSION]")
    for command in (assess_parser, compare_parser):
        command.add_argument(
            "--on", type=parse_day_argument, required=True, metavar="DATE", help="YYYY-MM-DD"
        )
        command.add_argument(
            "--facts", required=True, metavar="FILE", help="YAML or JSON; - reads standard input"
        )
        command.add_argument("--json", action="store_true", help="the stable JSON result")
        command.add_argument("--lang", choices=("zh", "en"), default="zh")
        command.add_argument(
            "--reading",
            action="append",
            default=[],
            metavar="SWITCH=READING",
            help="another reading of an unclear rule, see `jifen policy show`",
        )
        command.add_argument(
            "--purpose",
            metavar="PURPOSE",
            help="what the points are for; default: the first purpose of the measure",
        )
    return parser


def run_command(arguments: Sequence[str]) -> int:
    """Run `assess …` or `compare …`; returns the exit status."""
    options = _build_parser().parse_args(arguments)
    try:
        return _run_assess(options) if options.command == "assess" else _run_compare(options)
    except PolicyError as error:
        print(error.to_text(options.lang), file=sys.stderr)
        return BAD_INPUT
    except DocumentError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT


def _parse_choices(options: argparse.Namespace) -> dict[str, str]:
    """The readings, and the purpose where one is chosen."""
    purpose = {CHOICE: options.purpose} if options.purpose else {}
    return parse_readings(options.reading) | purpose


def _run_assess(options: argparse.Namespace) -> int:
    policy = find_policy(options.city, options.version, options.on)
    if policy is None:
        return NOT_IN_FORCE
    file, lang = read_facts(options.facts, options.lang), options.lang
    result = assess(
        policy,
        file.given,
        options.on,
        readings=_parse_choices(options),
        places=file.places,
        lang=lang,
    )
    for words in result.warnings:
        print(f"{say('person.note')(lang)}{words(lang)}", file=sys.stderr)
    if options.json:
        print(_format_json(result_to_dict(result, lang)))
    else:
        print(format_result(result, policy, lang, months=options.months))
    return SCORED


def _run_compare(options: argparse.Namespace) -> int:
    policies, absent = [], []
    for measure in options.measures:
        policy = find_policy(measure, None, options.on)
        if policy:
            policies.append(policy)
        else:
            absent.append(cities.resolve_city(measure).city)
    if not policies:
        return NOT_IN_FORCE
    file, lang = read_facts(options.facts, options.lang), options.lang
    comparison = compare(
        policies,
        file.given,
        options.on,
        readings=_parse_choices(options),
        places=file.places,
        lang=lang,
        also_named=[cities.load_vocabulary(city.folder) for city in absent],
    )
    if options.json:
        documents = [result_to_dict(assessment, lang) for assessment in comparison.assessments]
        extra = {"assessments": documents, "not_in_force": [city.id for city in absent]}
        print(_format_json(comparison.to_dict(lang) | extra))
    else:
        print(format_comparison(comparison, lang))
    return SCORED


def find_policy(name: str | cities.CityChoice, version: str | None, on: date) -> Policy | None:
    """The version that is named, or the one in force; where there is none, says so (None).
    `name`: an id, `id@version` or a path (docs/cities.md). Raises PolicyError."""
    choice = name if isinstance(name, cities.CityChoice) else cities.resolve_city(name, version)
    if choice.version is not None:
        return cities.load_policy_file(choice.version.path)
    city = choice.city
    policy = cities.in_force(city, on)
    if policy is None:
        periods = ", ".join(f"{v.version}: {v.since} – {v.until or '…'}" for v in city.versions)
        print(
            f"no policy of {city.id} is in force on {on}; versions: {periods}. "
            "Choose another day, or name a version with --version.",
            file=sys.stderr,
        )
    return policy


def read_facts(name: str, lang: Lang) -> FactsFile:
    """A file of facts, or standard input (-). Raises DocumentError."""
    try:
        if name == "-" and sys.stdin is not None:
            return read_facts_stream(sys.stdin.buffer, "<stdin>", lang)
        return read_facts_path(Path(name), lang)
    except DocumentError as error:
        raise translate_faults(error, lang) from None


def parse_readings(given: Sequence[str]) -> dict[str, str]:
    return {switch: reading for switch, _, reading in (word.partition("=") for word in given)}


def _format_json(result: object) -> str:
    return json.dumps(result, ensure_ascii=False, indent=2)
