"""The typer part of the command line: everything but the two commands that must start fast."""

import json
import os
import sys
from typing import Annotated

import typer

from jifen import __version__
from jifen.cli import (
    account,
    audit,
    facts,
    keys,
    lab,
    lists,
    notices,
    office,
    operations,
    policy,
    population,
    registers,
    route,
    studio,
)
from jifen.cli import city as folders
from jifen.cli.city_sources import HELP, OPTION, use_folders

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"jifen {__version__}")
        raise typer.Exit


@app.callback()
def jifen(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="and no more")
    ] = False,
    cities: Annotated[
        list[str] | None, typer.Option(OPTION, metavar="DIR", help=HELP, show_default=False)
    ] = None,
) -> None:
    """积分 Jifen: residence-permit points of Chinese cities, with every reason."""
    use_folders(cities or [])


app.add_typer(policy.app, name="policy")
app.add_typer(folders.app, name="city")
app.add_typer(lab.app, name="lab")
app.add_typer(facts.app, name="facts")
app.command()(population.score)
app.command()(notices.verify)
app.command()(route.route)
app.command()(audit.migrate)
app.command()(office.worker)
app.command()(office.calendar)
app.command()(office.replay)
app.command()(office.check)
app.command()(office.retention)
app.command()(operations.doctor)
app.command()(operations.backup)
app.command()(operations.restore)
keys.app.command("backup")(operations.new_backup_keys)
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(lists.app, name="lists")
app.add_typer(registers.app, name="registers")
app.add_typer(account.app, name="account")
app.add_typer(studio.app, name="studio")


_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


@app.command(context_settings=_PASS_ON)
def assess(context: typer.Context) -> None:
    """Score one person: `jifen assess shanghai --on 2025-06-01 --facts me.yaml`."""
    from jifen.cli import person

    sys.exit(person.run_command(["assess", *context.args]))


@app.command(context_settings=_PASS_ON)
def compare(context: typer.Context) -> None:
    """One person under several cities or versions: `jifen compare shanghai chengdu@2020 …`."""
    from jifen.cli import person

    sys.exit(person.run_command(["compare", *context.args]))


@app.command()
def cities(
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """List the cities and the versions of their measures.

    Example: jifen cities --json
    """
    from jifen.cities import index
    from jifen.rulebook.faulty_cities import leave_out_broken

    if lang not in ("zh", "en"):
        print(f"--lang is '{lang[:20]}'; write zh or en", file=sys.stderr)
        sys.exit(2)
    leave_out_broken()
    if as_json:
        listed = [
            {
                "city": city.id,
                "label": {"zh": city.label.zh, "en": city.label.en},
                "policy": city.policy,
                "versions": [
                    {
                        "version": version.version,
                        "from": version.since.isoformat(),
                        "until": version.until.isoformat() if version.until else None,
                    }
                    for version in city.versions
                ],
            }
            for city in index().values()
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for city in index().values():
        print(f"{city.id}  {city.label('en' if lang == 'en' else 'zh')}")
        for version in city.versions:
            print(f"    {version.version}  {version.since} – {version.until or '…'}")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on; or HOST")] = "",
    port: Annotated[int, typer.Option(help="port to listen on; or PORT")] = 0,
    worker: Annotated[
        bool, typer.Option(help="do background work too; --no-worker where a service does")
    ] = True,
) -> None:
    """Serve the office on this machine: `jifen serve --port 8000`."""
    try:
        from jifen.office.site.server import PortTaken
        from jifen.office.site.server import serve_site as run
    except ModuleNotFoundError as error:
        print(
            f"`jifen serve` needs the office ({error.name} is missing): "
            "pip install 'jifen[office]'",
            file=sys.stderr,
        )
        sys.exit(2)
    text = os.environ.get("PORT", "8000")
    if not port and not (text.isdigit() and 0 < int(text) < 65536):
        print(f"PORT is '{text[:20]}'; expected a number from 1 to 65535", file=sys.stderr)
        sys.exit(2)
    try:
        run(host or os.environ.get("HOST", "127.0.0.1"), port or int(text), with_worker=worker)
    except PortTaken as error:
        print(error, file=sys.stderr)
        sys.exit(2)
