"""`jifen facts`: from the registers of a city to the facts that its measure asks for."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from jifen.cli.facts_map import propose_map
from jifen.cli.file_summary import describe_skipped_rows
from jifen.cli.words import say
from jifen.policy.text import Lang, Text

if TYPE_CHECKING:
    from jifen.facts.registers import DerivationSummary
    from jifen.policy.model import Rules

BAD_INPUT, NOT_IN_FORCE = 2, 3
app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Facts of many people: derive them from register extracts.",
)


app.command("map")(propose_map)


@app.callback()
def _keep_group() -> None:
    """Facts of many people: derive them from register extracts."""


@app.command()
def derive(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`", show_default=False)],
    extracts: Annotated[
        list[Path],
        typer.Argument(
            metavar="EXTRACT...",
            help="contributions: person, from, to (or month), base, status, schemes; "
            "Parquet, CSV, Arrow, or a folder of parts",
            show_default=False,
        ),
    ],
    on: Annotated[str, typer.Option("--on", help="the day of assessment, YYYY-MM-DD")],
    output: Annotated[Path, typer.Option("-o", "--output", help="a Parquet file")],
    people: Annotated[
        Path | None, typer.Option(help="one row per person; its other columns pass through")
    ] = None,
    records: Annotated[
        Path | None, typer.Option(help="dated records: person, fact (detention_dates …), date")
    ] = None,
    record_facts: Annotated[
        str,
        typer.Option(help="the lists that RECORDS covers, by commas; default: those that it names"),
    ] = "",
    version: Annotated[
        str, typer.Option("--version", help="a version; default: the one in force")
    ] = "",
    mapping: Annotated[
        Path | None, typer.Option("--map", help="of EXTRACT, see `jifen facts map`")
    ] = None,
    people_map: Annotated[Path | None, typer.Option(help="a mapping of PEOPLE")] = None,
    records_map: Annotated[Path | None, typer.Option(help="a mapping of RECORDS")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="refuse any faulty row")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Turn register extracts into the fact columns of a population table.

    Example: jifen facts derive shanghai --on 2025-06-01 parts/ --people people.parquet -o
    facts.parquet
    """
    language: Lang = "en" if lang == "en" else "zh"
    with _exit_on_bad_input(language):
        day = _read_day(on, language)
        rules = _find_rules(city, version, day, language)
        covers = [name.strip() for name in record_facts.split(",")] if record_facts else None
        run = _import_derivation(language)
        mappings = _load_mappings(rules, mapping, people_map, records_map)
        start = time.monotonic()
        with _show_progress() as tell:
            summary = run(
                rules,
                day,
                extracts,
                output,
                people=people,
                records=records,
                record_facts=covers,
                mappings=mappings,
                strict=strict,
                progress=tell,
            )
        print(_describe_summary(summary, time.monotonic() - start)(language), file=sys.stderr)
        for line in describe_skipped_rows(summary.left_out):
            print(line(language), file=sys.stderr)


def _load_mappings(rules: "Rules", *paths: Path | None) -> Any:
    """The mappings of contributions, people and records. Raises PolicyError, FileFault."""
    from jifen.facts.extracts.mapping import load_mapping
    from jifen.facts.registers.sources import RegisterMappings

    return RegisterMappings(
        *(load_mapping(path, rules.vocabulary) if path else None for path in paths)
    )


@contextmanager
def _exit_on_bad_input(lang: Lang) -> Iterator[None]:
    """Bad input ends with status 2 and words; a stop by the system clears up as Ctrl-C does."""
    from jifen.facts.extracts.fault import FileFault
    from jifen.facts.registers.faults import RegisterError
    from jifen.policy.fault import DocumentError

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except RegisterError as error:
        _exit_with_words(error.words(lang))
    except FileFault as error:
        _exit_with_words(error.words(lang))
    except DocumentError as error:
        _exit_with_words(error.to_text(lang))
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit_with_words(words: str, status: int = BAD_INPUT) -> NoReturn:
    print(words, file=sys.stderr)
    raise typer.Exit(status)


def _import_derivation(lang: Lang) -> "Callable[..., DerivationSummary]":
    try:
        from jifen.facts.registers import derive_registers as run
    except ModuleNotFoundError as error:
        words = say("facts.jifen_facts_derive_needs", error_name=error.name)
        _exit_with_words(words(lang))
    return run


def _read_day(text: str, lang: Lang) -> date:
    from jifen.policy.months import parse_date

    try:
        return parse_date(text)
    except ValueError:
        words = say("facts.on_is_not_a_date", text=text[:40])
        _exit_with_words(words(lang))


def _find_rules(city: str, version: str, on: date, lang: Lang) -> "Rules":
    from jifen.cities import in_force, load_policy_file, resolve_city

    choice = resolve_city(city, version or None)
    policy = load_policy_file(choice.version.path) if choice.version else in_force(choice.city, on)
    if policy is None:
        spans = ", ".join(
            f"{v.version}: {v.since} – {v.until or '…'}" for v in choice.city.versions
        )
        words = say("facts.no_policy", on=on, city=city, spans=spans)
        _exit_with_words(words(lang), NOT_IN_FORCE)
    return policy.rules_on(on)


@contextmanager
def _show_progress() -> Iterator[Callable[[str, float], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=done)

        yield tell


def _describe_summary(done: "DerivationSummary", seconds: float) -> Text:
    rate = done.rows / max(seconds, 1e-9)
    derived = ", ".join(done.derived)
    lines = [
        say(
            "facts.persons_from_rows_in_s",
            target=done.target,
            persons=done.persons,
            rows=done.rows,
            seconds=seconds,
            rate=rate,
            derived_count=len(done.derived),
            derived=derived,
        )
    ]
    if done.faults:
        lines.append(
            say(
                "facts.faults_of_persons_whose_derived",
                faulty_persons=done.faulty_persons,
                faults=done.faults,
                faults_table=done.faults_table,
            )
        )
    if done.strangers:
        lines.append(
            say(
                "facts.rows_are_of_persons_who",
                strangers=done.strangers,
                faults_table=done.faults_table,
            )
        )
    if done.unrecorded:
        names = ", ".join(done.unrecorded)
        lines.append(say("facts.left_unknown_since_records_names", names=names))
    return Text(*("\n".join(words(lang) for words in lines) for lang in _LANGUAGES))


_LANGUAGES: tuple[Lang, Lang] = ("zh", "en")
