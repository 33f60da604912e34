"""A city's folder with one edition more: the files of the city, the new measure beside the old
ones, and the index that says from which day it is in force."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from jifen.cities.city_files import INDEX
from jifen.cities.model import City


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """An edition that was corrected: its number, its document and its worked cases."""

    edition: int
    text: str
    cases: str = ""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version that is put in force: its name, its first day, its document, its worked cases
    (empty where it has none), and the editions that this one corrects."""

    version: str
    since: date
    text: str
    cases: str = ""
    earlier: tuple[EarlierEdition, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file in the folder."""
        return f"points-{self.version}.yaml"

    @property
    def cases_file(self) -> str:
        """The name of the file of its worked cases."""
        return f"points-{self.version}.cases.yaml"

    def list_files(self) -> list[tuple[str, str]]:
        """Name and content of every file; earlier editions stand beside the newest."""
        files = [(self.file, self.text), (self.cases_file, self.cases)]
        for old in self.earlier:
            name = f"points-{self.version}.edition-{old.edition}"
            files += [(f"{name}.yaml", old.text), (f"{name}.cases.yaml", old.cases)]
        return [(name, content) for name, content in files if content]


def write_city_with(city: City, versions: list[NewVersion], target: Path) -> Path:
    """A folder of the city with further versions, the oldest first; written whole or not at all. A
    folder that is there already is left as it is. Raises OSError."""
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for path in sorted(city.folder.iterdir()):
            if path.is_file() and path.name != INDEX:
                shutil.copyfile(path, made / path.name)
        for version in versions:
            for name, content in version.list_files():
                _write(made / name, content)
        index = yaml.safe_load((city.folder / INDEX).read_text("utf-8"))
        index["versions"] = _with_versions(index["versions"], versions)
        text = yaml.safe_dump(index, allow_unicode=True, sort_keys=False)
        _write(made / INDEX, text)
        made.replace(target)
    except FileExistsError:
        pass  # another process was faster: the same files stand there
    except OSError:
        if not (target / INDEX).is_file():  # a folder that is not empty cannot be replaced
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _with_versions(
    rows: list[Mapping[str, Any]], versions: list[NewVersion]
) -> list[dict[str, Any]]:
    """The versions of an index: each new one ends the one before it on the day before its own."""
    made = [dict(row) for row in rows]
    for version in versions:
        last = version.since - timedelta(days=1)
        for row in made:
            if row.get("until") is None or row["until"] > last:
                row["until"] = last
        made.append(
            {
                "version": version.version,
                "file": version.file,
                "from": version.since,
                "until": None,
            }
        )
    return made
