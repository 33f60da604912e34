"""`jifen studio`: the process that simulates drafts, and people of a register for it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from jifen.cli.person import BAD_INPUT

app = typer.Typer(no_args_is_help=True, help="the policy studio: simulation and populations")


@app.command()
def simulate(
    beside: Annotated[
        bool, typer.Option("--beside", help="end with the process that started this one")
    ] = False,
) -> None:
    """Simulate drafts until it is stopped; `jifen worker` starts one. Several may run.

    Example: jifen studio simulate
    """
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.operate.heartbeats import SIMULATION, Heart
    from jifen.office.workshop.simulation.process import simulate as run

    with Heart(SIMULATION):
        run(beside=beside)


@app.command()
def register(
    city: Annotated[str, typer.Argument(help="a city, see `jifen cities`: the people's facts")],
    people: Annotated[Path, typer.Argument(help="CSV, .xlsx, Parquet, Arrow, or packed people")],
    name: Annotated[str, typer.Option(help="what the office calls them")],
    source: Annotated[str, typer.Option(help="where they come from")],
    as_of: Annotated[str, typer.Option(help="the day of the figures, YYYY-MM-DD")],
    office: Annotated[str, typer.Option(help="the office that may use them; default: CITY")] = "",
) -> None:
    """Register people of a register, on whom the drafts of an office are tried.

    Example: jifen studio register shanghai people.parquet --name 2026 --source export
    --as-of 2026-06-30
    """
    from jifen.cli.lab_errors import report_errors
    from jifen.cli.population import parse_day_or_exit
    from jifen.office.site.command import set_up_django

    day = parse_day_or_exit(as_of)
    set_up_django()
    from jifen.cities import index
    from jifen.office.workshop.actions.effects import register_population

    for one in (city, office or city):
        if one not in index():
            print(f"'{one[:40]}' is no city; see `jifen cities`", file=sys.stderr)
            sys.exit(BAD_INPUT)
    with report_errors("en"):
        made = register_population(office or city, city, name, source, day, people)
    print(f"{made.people:,} people  {made.hash}")
