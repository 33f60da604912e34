"""`jifen account`: the first administrator of a city, forgotten passwords, lost second factors."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Annotated, Never

import typer

from jifen.cli.person import BAD_INPUT

app = typer.Typer(help="accounts of an installation", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="the sign-in name")]


@app.command()
def add(
    name: Name,
    city: Annotated[str, typer.Option(help="the city that they administer")],
    shown: Annotated[str, typer.Option("--shown", help="the name that others see")] = "",
) -> None:
    """Add a city administrator, who gives all other roles; prints a password, once."""
    from jifen.cities import index

    if city not in index():
        _stop(f"there is no city '{city[:40]}'; there are: {', '.join(index())}")
    password = _told(lambda accounts: accounts.add_administrator(name, city, shown))
    print(f"{name}: {password}")
    print("They set up a second factor when they first sign in.", file=sys.stderr)


@app.command()
def password(name: Name) -> None:
    """Set a new password, printed once; every session of theirs ends."""
    print(f"{name}: {_told(lambda accounts: accounts.new_password(name))}")


@app.command("second-factor")
def second_factor(name: Name) -> None:
    """Remove the second factor of somebody who lost it; staff set up another at once."""
    print(f"{name}: {_told(lambda accounts: accounts.remove_second_factor(name))} removed")


def _told(act: Callable[[ModuleType], object]) -> object:
    from jifen.office.site.command import ready

    ready()
    from jifen.office.accounts import installation
    from jifen.office.accounts.actions import RoleFault

    try:
        return act(installation)
    except RoleFault as fault:
        _stop(f"{fault.code}: {fault.words.en}")


def _stop(words: str) -> Never:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)
