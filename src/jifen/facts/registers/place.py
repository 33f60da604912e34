"""Where a result goes: written aside in the same folder, put in place whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jifen.drafts import Workspace
from jifen.facts.registers.words import TARGET, RegisterError


def faults_path(target: Path) -> Path:
    """The side table of a result: facts.parquet → facts.faults.parquet."""
    return target.with_name(f"{target.stem}.faults.parquet")


def check_target(target: Path, inputs: Sequence[Path]) -> None:
    """Refuse a target that would overwrite, or become a part of, what is read."""
    found = ""
    if target.suffix != ".parquet":
        found = f"a file ending in '{target.suffix}'"
    elif target.is_dir():
        found = "a folder"
    elif any(target.resolve() == path.resolve() for path in inputs):
        found = "a file that is read in the same run"
    elif any(path.is_dir() and path.resolve() in target.resolve().parents for path in inputs):
        found = "a place among the parts that are read"
    if found:
        raise RegisterError(
            TARGET, target, found, "a place for a Parquet file", "choose another name with -o"
        )


@contextmanager
def workspace(target: Path) -> Iterator[Path]:
    """A folder beside the target, gone at the end whatever happens."""
    with Workspace(target) as folder:
        try:
            yield folder.make()
        except OSError as error:
            said = error.strerror or " ".join(str(error).split())[:200]
            raise RegisterError(
                TARGET,
                target,
                f"that it cannot be written ({said})",
                "a folder with room in which you may write",
                "make room, or choose another place with -o",
            ) from None


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished file and its place."""

    made: Path
    target: Path

    def keep(self) -> None:
        """Move the file to its place."""
        self.made.replace(self.target)

    @property
    def moved(self) -> bool:
        """Whether it stands there."""
        return not self.made.exists()
