"""The port to a city's registers, and the embedded tables behind it.

A register answers for a person with facts as in the contract, and the day of its data. Another one
is named in JIFEN_REGISTERS: a class without arguments ("insurance=package.module.Class"), or a
file that describes a register over HTTP ("insurance=/etc/jifen/insurance.yaml"), or "files" for one
that is asked and answers by files.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from jifen.office.registry.credit_code import normalize_code
from jifen.office.registry.models import Person, RegisterEntry
from jifen.office.registry.models.people import identity_indexes
from jifen.office.registry.words import say
from jifen.office.vault.seal import blind_indexes

REGISTERS = {
    "insurance": say("registers.registers_insurance"),
    "education": say("registers.registers_education"),
    "household": say("registers.registers_household"),
    "tax": say("registers.registers_tax"),
    "police": say("registers.registers_police"),
}
BUSINESS = "business"
CREDIT_CODE = "credit_code"
FILES = "files"
"""The value of JIFEN_REGISTERS for a register that is asked by files."""


class RegisterDown(Exception):
    """A register that does not answer now; asked again later."""


class AwaitsFile(RegisterDown):
    """A register that answers by files, and has not answered about this person yet."""


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What a register holds: fact id → value as in the contract."""

    facts: dict[str, Any]
    as_of: date


class Register(Protocol):
    """One register of one or several cities."""

    def ask(self, name: str, city: str, person: Person) -> RegisterAnswer | None:
        """What it holds of a person; None where it holds nothing. Raises RegisterDown."""


class BusinessRegister(Protocol):
    """The register of units."""

    def look_up(self, city: str, credit_code: str) -> dict[str, Any] | None:
        """Name, district and state of a unit; None where there is none. Raises RegisterDown."""


class EmbeddedTables:
    """RegisterEntry rows."""

    def ask(self, name: str, city: str, person: Person) -> RegisterAnswer | None:
        """What the table holds."""
        entry = RegisterEntry.objects.filter(
            register=name, city=city, key_index__in=identity_indexes(person.identity)
        ).first()
        return RegisterAnswer(entry.facts, entry.as_of) if entry else None

    def look_up(self, city: str, credit_code: str) -> dict[str, Any] | None:
        """What the table holds."""
        entry = RegisterEntry.objects.filter(
            register=BUSINESS, city=city, key_index__in=code_indexes(credit_code)
        ).first()
        return dict(entry.facts) if entry else None


class FileExchange(EmbeddedTables):
    """A register that is asked and answers by files: what it answered is kept in the table, and an
    entry without facts says that it holds nothing."""

    def ask(self, name: str, city: str, person: Person) -> RegisterAnswer | None:
        """What it answered. Raises AwaitsFile before."""
        entry = RegisterEntry.objects.filter(
            register=name, city=city, key_index__in=identity_indexes(person.identity)
        ).first()
        if entry is None:
            raise AwaitsFile(name)
        return RegisterAnswer(entry.facts, entry.as_of) if entry.facts else None


def code_indexes(credit_code: str) -> list[str]:
    """Under what an entry of the business register may stand."""
    return blind_indexes(normalize_code(credit_code), CREDIT_CODE)


def is_description(value: str) -> bool:
    """Whether a value of JIFEN_REGISTERS names a file, not a class."""
    return value.endswith((".yaml", ".yml"))


@cache
def create_register(value: str) -> Any:
    """The register of a value of JIFEN_REGISTERS, one for each process. Raises ImportError,
    OSError, or ValueError where its file has faults."""
    if value == FILES:
        return FileExchange()
    if is_description(value):
        from jifen.office.registry.adapters.http_register import HttpRegister  # noqa: PLC0415 - it imports this

        return HttpRegister(value)
    return import_string(value)()


def find_register(name: str) -> Register:
    """The register of that name."""
    class_path = settings.JIFEN_REGISTERS.get(name)
    found_register: Register = create_register(class_path) if class_path else EmbeddedTables()
    return found_register


def find_business_register() -> BusinessRegister:
    """The register of units."""
    class_path = settings.JIFEN_REGISTERS.get(BUSINESS)
    found_register: BusinessRegister = (
        create_register(class_path) if class_path else EmbeddedTables()
    )
    return found_register
