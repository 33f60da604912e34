"""Where a result goes: written aside in the same folder, put in place whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jifen.drafts import Workspace
from jifen.facts.registers.faults import TARGET, RegisterError
from jifen.policy.text import Text


def faults_path(target: Path) -> Path:
    """The side table of a result: facts.parquet → facts.faults.parquet."""
    return target.with_name(f"{target.stem}.faults.parquet")


def check_target(target: Path, inputs: Sequence[Path]) -> None:
    """Refuse a target that would overwrite, or become a part of, what is read."""
    obstacle = None
    if target.suffix != ".parquet":
        obstacle = Text(f"以“{target.suffix}”结尾的文件名", f"a file ending in '{target.suffix}'")
    elif target.is_dir():
        obstacle = Text("一个文件夹", "a folder")
    elif any(target.resolve() == path.resolve() for path in inputs):
        obstacle = Text("本次要读取的文件", "a file that is read in the same run")
    elif any(path.is_dir() and path.resolve() in target.resolve().parents for path in inputs):
        obstacle = Text("本次要读取的文件夹之内", "a place among the parts that are read")
    if obstacle:
        raise RegisterError(
            TARGET,
            target,
            obstacle,
            Text("可以写入的 .parquet 文件", "a place for a Parquet file"),
            Text("请用 -o 另取一个文件名", "choose another name with -o"),
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
                Text(f"无法写入（{reason}）", f"that it cannot be written ({reason})"),
                Text("有空间、有权限写入的文件夹", "a folder with room in which you may write"),
                Text(
                    "请腾出空间，或用 -o 换一个位置", "make room, or choose another place with -o"
                ),
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
