"""`jifen account`: the first administrators of a city, forgotten passwords, lost second factors."""

import sys
from collections.abc import Callable
from enum import StrEnum
from types import ModuleType
from typing import Annotated, Never

import typer

from jifen.cli.person import BAD_INPUT

app = typer.Typer(help="accounts of an installation", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="the sign-in name")]


class Administration(StrEnum):
    """The three that nobody holds together."""

    SECURITY_ADMIN = "security_admin"
    CITY_ADMIN = "city_admin"
    AUDITOR = "auditor"


@app.command()
def add(
    name: Name,
    city: Annotated[str, typer.Option(help="the city that they administer")],
    shown: Annotated[str, typer.Option("--shown", help="the name that others see")] = "",
    role: Annotated[
        Administration,
        typer.Option(
            help="security_admin gives roles; city_admin sets the city up and confirms roles that "
            "sign; auditor reads the log"
        ),
    ] = Administration.SECURITY_ADMIN,
) -> None:
    """Add somebody who administers a city; prints a password, once. A city begins with a security
    administrator, who gives all other roles, and a city administrator, who confirms those that
    sign: two people."""
    from jifen.cities import index

    if city not in index():
        _exit_with_words(f"there is no city '{city[:40]}'; there are: {', '.join(index())}")
    password = _run_action(lambda accounts: accounts.add_administrator(name, city, shown, role))
    print(f"{name}: {password}")
    print("They set up a second factor when they first sign in.", file=sys.stderr)


@app.command()
def password(name: Name) -> None:
    """Set a new password, printed once; every session of theirs ends."""
    print(f"{name}: {_run_action(lambda accounts: accounts.reset_password(name))}")


@app.command("second-factor")
def second_factor(name: Name) -> None:
    """Remove the second factor of somebody who lost it; staff set up another at once."""
    print(f"{name}: {_run_action(lambda accounts: accounts.remove_second_factor(name))} removed")


def _run_action(act: Callable[[ModuleType], object]) -> object:
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.accounts import installation
    from jifen.office.accounts.faults import RoleFault

    try:
        return act(installation)
    except RoleFault as fault:
        _exit_with_words(f"{fault.code}: {fault.words.en}")


def _exit_with_words(words: str) -> Never:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)
