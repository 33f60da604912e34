"""Where a result goes: written aside in the same folder, put in place whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jifen.drafts import Workspace
from jifen.facts.registers.faults import TARGET, RegisterError
from jifen.facts.words import say


def faults_path(target: Path) -> Path:
    """The side table of a result: facts.parquet → facts.faults.parquet."""
    return target.with_name(f"{target.stem}.faults.parquet")


def check_target(target: Path, inputs: Sequence[Path]) -> None:
    """Refuse a target that would overwrite, or become a part of, what is read."""
    obstacle = None
    if target.suffix != ".parquet":
        obstacle = say("registers.target.a_file_ending", suffix=target.suffix)
    elif target.is_dir():
        obstacle = say("registers.target.a_folder")
    elif any(target.resolve() == path.resolve() for path in inputs):
        obstacle = say("registers.target.a_file_that_is_read")
    elif any(path.is_dir() and path.resolve() in target.resolve().parents for path in inputs):
        obstacle = say("registers.target.a_place_among_the_parts")
    if obstacle:
        raise RegisterError(
            TARGET,
            target,
            obstacle,
            say("registers.target.a_place_for_a_parquet"),
            say("registers.target.choose_another_name_with_o"),
        )


@contextmanager
def open_workspace(target: Path) -> Iterator[Path]:
    """A folder beside the target, gone at the end whatever happens."""
    with Workspace(target) as folder:
        try:
            yield folder.make_folder()
        except OSError as error:
            reason = error.strerror or " ".join(str(error).split())[:200]
            raise RegisterError(
                TARGET,
                target,
                say("registers.target.that_it_cannot_be_written", reason=reason),
                say("registers.target.a_folder_with_room"),
                say("registers.target.make_room_or_choose_another"),
            ) from None


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A finished file and its place."""

    draft: Path
    target: Path

    def keep(self) -> None:
        """Move the file to its place."""
        self.draft.replace(self.target)

    @property
    def moved(self) -> bool:
        """Whether it stands there."""
        return not self.draft.exists()
