"""`jifen account`: the first administrator of a city, forgotten passwords, lost second factors."""

import secrets
import sys
from typing import Annotated, Any

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
    user_model, record = _ready()
    from django.db import transaction
    from django.utils import timezone

    from jifen.cities import index
    from jifen.office.accounts.models import Role, StaffRole

    if city not in index():
        _stop(f"there is no city '{city[:40]}'; there are: {', '.join(index())}")
    if user_model.objects.filter(username__iexact=name).exists():
        _stop(f"'{name[:40]}' is taken; choose another sign-in name")
    password = secrets.token_urlsafe(15)
    with transaction.atomic():
        user = user_model.objects.create_user(name, password, name=shown or name)
        StaffRole.objects.create(
            user=user, role=Role.CITY_ADMIN, city=city, since=timezone.localdate()
        )
        record("role.given", actor="command line", subject=f"user:{user.pk}", city=city)
    print(f"{name}: {password}")
    print("They set up a second factor when they first sign in.", file=sys.stderr)


@app.command()
def password(name: Name) -> None:
    """Set a new password, printed once; every session of theirs ends."""
    user, record = _user(name)
    from django.db import transaction

    made = secrets.token_urlsafe(15)
    with transaction.atomic():
        user.set_password(made)  # sessions carry a hash of the old one, and end with it
        user.save(update_fields=("password",))
        record("signin.password_reset", actor="command line", subject=f"user:{user.pk}")
    print(f"{user.username}: {made}")


@app.command("second-factor")
def second_factor(name: Name) -> None:
    """Remove the second factor of somebody who lost it; staff set up another at once."""
    user, record = _user(name)
    from allauth.mfa.models import Authenticator
    from django.db import transaction

    with transaction.atomic():
        count, _ = Authenticator.objects.filter(user_id=user.pk).delete()
        record("signin.second_factor_removed", actor="command line", subject=f"user:{user.pk}")
    print(f"{user.username}: {count} removed")


def _ready() -> tuple[Any, Any]:
    from jifen.office.site.command import ready

    ready()
    from jifen.office.accounts.models import User
    from jifen.office.audit.actions import record

    return User, record


def _user(name: str) -> tuple[Any, Any]:
    user_model, record = _ready()
    user = user_model.objects.filter(username__iexact=name).first()
    if user is None:
        _stop(f"there is no sign-in name '{name[:40]}'")
    return user, record


def _stop(words: str) -> None:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)
