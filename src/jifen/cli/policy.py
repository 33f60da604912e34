"""`jifen policy`: check, show, compare and print the measures, as people and programs read them."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from jifen.policy import Lang, Policy

FAULTY, BAD_INPUT = 1, 2
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The measures themselves: check, show, compare, print.",
)

City = Annotated[
    str, typer.Argument(help="an id (see `jifen cities`), id@version or a path", show_default=False)
]
LangOption = Annotated[str, typer.Option("--lang", help="zh or en")]
JsonOption = Annotated[bool, typer.Option("--json", help="for a program")]
VersionOption = Annotated[
    str, typer.Option("--version", help="a version; default: the newest", show_default=False)
]
OnOption = Annotated[
    str, typer.Option("--on", help="the rules of this day, YYYY-MM-DD", show_default=False)
]


@app.command()
def check(
    what: Annotated[
        list[str] | None,
        typer.Argument(help="cities, folders of cities or files in them; all cities without any"),
    ] = None,
    as_json: JsonOption = False,
    every: Annotated[bool, typer.Option("--all", help="notes too, such as every cliff")] = False,
    lang: Annotated[str, typer.Option("--lang", help="of the faults: zh or en")] = "en",
) -> None:
    """Report all faults of the files of cities in one run, and run their worked cases.

    Every file of a city is checked: the city, facts, series, measures, worked cases, procedure,
    permit, lists, entitlements, moves, margins. Exit status 0 clean (warnings allowed), 1 an error
    or a worked case that gives something else than it says, 2 nothing that can be checked.

    Example: jifen policy check shanghai my-city/points-2027.yaml
    """
    from jifen.cli.policy_check import check_all, check_to_dict, print_checked

    chosen = choose_language(lang)
    with exit_on_bad_input(chosen):
        files = check_all(what or [])
    if as_json:
        _print_json(check_to_dict(files, chosen))
    else:
        print_checked(files, every=every, lang=chosen)
    errors = any(fault.severity == "error" for file in files for fault in file.faults)
    raise typer.Exit(FAULTY if errors else 0)


@app.command()
def show(
    city: City,
    version: VersionOption = "",
    on: OnOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """Show a version as a table: rules, clauses, confidence.

    Example: jifen policy show shanghai --version 2015 --lang en
    """
    from jifen.policy.book.plain import to_dict
    from jifen.policy.book.terminal import print_table

    chosen = choose_language(lang)
    with exit_on_bad_input(chosen):
        policy, day = _choose_policy(city, version, on)
        if as_json:
            _print_json(to_dict(policy, day, chosen))
            return
        print_table(policy, day, chosen)


@app.command()
def versions(city: City, as_json: JsonOption = False, lang: LangOption = "zh") -> None:
    """List the versions of a city's measure, from the oldest.

    Example: jifen policy versions chengdu --json
    """
    from jifen.cities import load_policy_file, resolve_city
    from jifen.policy.book.plain import version_to_dict

    chosen = choose_language(lang)
    with exit_on_bad_input(chosen):
        policies = [load_policy_file(version.path) for version in resolve_city(city).city.versions]
    if as_json:
        _print_json([version_to_dict(policy) for policy in policies])
        return
    for policy in policies:
        until = policy.until or "…"
        print(f"{policy.version}  {policy.since} – {until}  {policy.title(chosen)}")
        for overlay in policy.overlays:
            print(f"      {overlay.since} – {overlay.until or '…'}  {overlay.label(chosen)}")


@app.command()
def diff(
    measures: Annotated[
        list[str],
        typer.Argument(metavar="CITY OLD NEW | OLD NEW", show_default=False),
    ],
    as_json: JsonOption = False,
    lang: LangOption = "zh",
) -> None:
    """What differs between two versions, in words and in points.

    A city and two of its versions, or two measures: `id@version`, policy files, folders of cities
    (then the newest version of each).

    Examples: jifen policy diff shanghai 2013 2018

    jifen policy diff shanghai@2018 my-city/points-2027.yaml
    """
    from jifen.policy.diff import find_difference

    chosen = choose_language(lang)
    with exit_on_bad_input(chosen):
        comparison = find_difference(*_load_two_measures(measures))
    if as_json:
        _print_json(comparison.to_dict(chosen))
    else:
        print(comparison.to_text(chosen), end="")


@app.command()
def schema(
    kind: Annotated[
        str, typer.Option("--kind", help="of a kind of file; default: a measure (points)")
    ] = "",
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help="with the ids of a city's folder; written into it"),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh or en")] = "en",
) -> None:
    """Print the JSON Schema of a kind of file, for an editor that completes and validates.

    With --folder the schema of every kind is written into the folder's .jifen, with the ids of its
    facts, groups, sources and series, and the settings of VS Code are printed; with --kind too,
    that one schema is printed and nothing is written.

    Examples: jifen policy schema > policy.schema.json

    jifen policy schema --kind process --folder my-city
    """
    from jifen.cities import resolve_city
    from jifen.rulebook.schemas import SHAPES, build_schema, editor_settings, write_schemas

    chosen = choose_language(lang)
    if kind and kind not in SHAPES:
        _exit_with_words(
            f"--kind: '{kind[:40]}' is not a kind of file; there are: {', '.join(SHAPES)}"
        )
    with exit_on_bad_input(chosen):
        place = resolve_city(str(folder)).city.folder if folder is not None else None
        if kind or place is None:
            _print_json(build_schema(kind or "points", place))
            return
        for path in write_schemas(place):
            print(path, file=sys.stderr)
        _print_json(editor_settings())


@app.command()
def book(
    city: City,
    version: VersionOption = "",
    on: OnOption = "",
    output: Annotated[
        str, typer.Option("-o", "--output", help="a file; default: standard output")
    ] = "",
    lang: LangOption = "zh",
) -> None:
    """Print a version in full as one HTML page that needs no network.

    Example: jifen policy book shanghai -o shanghai.html
    """
    from jifen.cities.worked_cases import find_cases_of_policy
    from jifen.drafts import write_whole
    from jifen.policy.book import book_page

    chosen = choose_language(lang)
    with exit_on_bad_input(chosen):
        policy, _ = _choose_policy(city, version, on)
        day = _read_day(on) if on else None
        page = book_page(policy, find_cases_of_policy(policy), chosen, on=day)
        if output:
            write_whole(Path(output), page.encode())
    if not output:
        print(page)


@contextmanager
def exit_on_bad_input(lang: "Lang" = "en") -> Iterator[None]:
    """Bad input ends with status 2 and words on stderr, never with a traceback."""
    from jifen.policy.fault import DocumentError
    from jifen.rulebook.missing_path import PathNotFound

    try:
        yield
    except DocumentError as error:
        _exit_with_words(error.to_text(lang))
    except PathNotFound as error:
        _exit_with_words(str(error))
    except ModuleNotFoundError as error:
        _exit_with_words(f"this needs the lab ({error.name} is missing): pip install 'jifen[lab]'")
    except BrokenPipeError:
        raise
    except OSError as error:
        _exit_with_words(f"{error.filename or 'the file'}: {error.strerror or error}")


def _exit_with_words(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


def choose_language(lang: str) -> "Lang":
    if lang not in ("zh", "en"):
        _exit_with_words(f"--lang: '{lang[:20]}' is not a language of this program; write zh or en")
    return "en" if lang == "en" else "zh"


def _read_day(text: str) -> date:
    from jifen.policy.months import parse_date

    try:
        return parse_date(text)
    except ValueError:
        _exit_with_words(f"--on: '{text[:40]}' is not a date; write YYYY-MM-DD, such as 2025-06-01")


def _load_two_measures(measures: list[str]) -> "tuple[Policy, Policy]":
    from jifen.cities import load_policy_file, resolve_city

    if len(measures) == 3:
        city = resolve_city(measures[0]).city
        old, new = (load_policy_file(city.find_version(version).path) for version in measures[1:])
        return old, new
    if len(measures) != 2:
        _exit_with_words(
            f"policy diff: {len(measures)} arguments; expected a city and two of its versions, or "
            "two measures, such as: shanghai 2013 2018"
        )
    old, new = (
        load_policy_file((choice.version or choice.city.versions[-1]).path)
        for choice in map(resolve_city, measures)
    )
    return old, new


def _choose_policy(city: str, version: str, on: str) -> "tuple[Policy, date]":
    """The version that is meant, and the day whose rules are meant."""
    from jifen.cities import load_policy_file, resolve_city
    from jifen.policy.book.contents import latest_day

    choice = resolve_city(city, version or None)
    chosen_city = choice.city
    day = _read_day(on) if on else None
    chosen_version = choice.version or (
        chosen_city.version_on(day) if day else chosen_city.versions[-1]
    )
    if chosen_version is None:
        spans = ", ".join(
            f"{v.version} ({v.since} – {v.until or '…'})" for v in chosen_city.versions
        )
        _exit_with_words(
            f"--on: no version of {chosen_city.id} is in force on {day}; there are: {spans}"
        )
    policy = load_policy_file(chosen_version.path)
    if day and not policy.in_force_on(day):
        until = policy.until or "…"
        _exit_with_words(
            f"--on: {day} is outside {policy.since} – {until}, when {policy.version} is in force"
        )
    return policy, day or latest_day(policy)


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=2))
