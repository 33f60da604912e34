"""`jifen registers`: questions to registers without a network, and their answers, as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from jifen.cli.person import BAD_INPUT
from jifen.cli.words import say

app = typer.Typer(help="registers that are asked by files", no_args_is_help=True)
REFUSED = 1
Register = Annotated[str, typer.Argument(help="such as insurance")]


@app.command("questions")
def write_questions(
    register: Register, folder: Annotated[Path, typer.Argument(help="where to write the file")]
) -> None:
    """Write what a register is to be asked now, as CSV."""
    _set_up(register)
    from jifen.office.casework.actions import register_files

    try:
        file, count = register_files.write_questions(register, folder)
    except OSError as error:
        print(f"{folder}: {error.strerror}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    print(f"{file}: {count}")


@app.command("answers")
def read_answers(
    register: Register, file: Annotated[Path, typer.Argument(help="the CSV with the answers")]
) -> None:
    """Take in the answers of a register; what became of each row stands in a file beside it. Status
    1 where some rows were refused."""
    _set_up(register)
    from jifen.office.casework.actions import register_files
    from jifen.office.registry.faults import RegistryFault

    try:
        outcomes = register_files.read_answers(register, file)
    except RegistryFault as fault:
        words = f"{fault.words.zh}\n{fault.words.en}"
        print(f"{file.name}: {fault.code}\n{words}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    except OSError as error:
        print(f"{file}: {error.strerror}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    refused = [outcome for outcome in outcomes if not outcome.is_stored]
    for outcome in refused[:20]:
        print(f"{file.name}:{outcome.line}: {outcome.words.zh} / {outcome.words.en}")
    counted = say(
        "registers.stored_and_refused", stored=len(outcomes) - len(refused), refused=len(refused)
    )
    print(f"{counted.zh} / {counted.en}")
    sys.exit(REFUSED if refused else 0)


def _set_up(register: str) -> None:
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.registry.registers import REGISTERS

    if register not in REGISTERS:
        print(f"'{register}': {', '.join(REGISTERS)}", file=sys.stderr)
        sys.exit(BAD_INPUT)
