"""Where people lie: a path of this machine, or an address of any filesystem that pyarrow knows
(`s3://bucket/folder`, `gs://`, `hdfs://`, `abfs://`, `file://`); and folders whose names hold a
column (`district=pudong/`, hive partitions)."""

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from os import environ
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from pyarrow import fs

from jifen.scoring.files.file_faults import FileFault
from jifen.scoring.words import say

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/(?!/)(.*)", re.DOTALL)
"""What a path makes of an address: its two slashes become one."""
_NOTHING = "__HIVE_DEFAULT_PARTITION__"
"""What writers of partitions put where there is no value."""
Partition = tuple[tuple[str, str | None], ...]
"""Names and values that a file has by its folders."""

RESUME_NEEDS_A_PATH = say("files.locations.resume_needs_a_path")


@dataclass(frozen=True)
class Location:
    """A place in a filesystem of pyarrow."""

    filesystem: Any
    path: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, and what its folders say of all its people."""

    file: Path
    partition: Partition = ()


def find_location(path: Path) -> Location | None:
    """The place of an address; None for a path of this machine. Raises OSError (also where no such
    filesystem is known)."""
    address = read_address(path)
    if address is None:
        return None
    scheme, _, rest = address.partition("://")
    return Location(
        _connect_filesystem(scheme, rest.partition("/")[0]), _strip_scheme(scheme, rest)
    )


def read_address(path: Path) -> str | None:
    """The address that a path was made of: `s3://bucket/people`; None for a path."""
    match = _ADDRESS.fullmatch(path.as_posix())
    if match is None:
        return None
    scheme, rest = match.groups()
    return f"{scheme}:///{rest}" if scheme == "file" else f"{scheme}://{rest}"


def _strip_scheme(scheme: str, rest: str) -> str:
    return rest if scheme in ("s3", "gs", "gcs", "file") else "/" + rest.partition("/")[2]


@lru_cache(maxsize=8)
def _connect_filesystem(scheme: str, host: str) -> Any:
    try:
        if scheme == "s3":
            return _connect_s3()
        return fs.FileSystem.from_uri(f"{scheme}://{host}/")[0]
    except (pa.ArrowInvalid, ValueError) as error:
        raise OSError(str(error)) from error


def _connect_s3() -> Any:
    """As the variables of AWS say; `AWS_ENDPOINT_URL` names another store than Amazon's."""
    endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return fs.S3FileSystem()
    scheme, _, host = endpoint.partition("://")
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return fs.S3FileSystem(endpoint_override=host.rstrip("/"), scheme=scheme, region=region)


def path_exists(path: Path) -> bool:
    """Whether there is a file or a folder. Raises OSError for a store that does not answer."""
    location = find_location(path)
    if location is None:
        return path.exists()
    [found] = location.filesystem.get_file_info([location.path])
    return bool(found.type != fs.FileType.NotFound)


def is_folder(path: Path) -> bool:
    """Whether it is a folder."""
    location = find_location(path)
    if location is None:
        return path.is_dir()
    [found] = location.filesystem.get_file_info([location.path])
    return bool(found.type == fs.FileType.Directory)


def measure_file(path: Path) -> tuple[int, int]:
    """The bytes of a file, and when it was written (nanoseconds)."""
    location = find_location(path)
    if location is None:
        known = path.stat()
        return known.st_size, known.st_mtime_ns
    [found] = location.filesystem.get_file_info([location.path])
    return int(found.size or 0), int(found.mtime_ns or 0)


def list_folder(path: Path, suffixes: tuple[str, ...]) -> list[FoundFile]:
    """The files of a folder with one of these endings, in the order of their names; those in
    folders that hold a column (`district=pudong`) too, to any depth."""
    location = find_location(path)
    if location is None:
        names = [found.relative_to(path).as_posix() for found in path.rglob("*") if found.is_file()]
    else:
        selector = fs.FileSelector(location.path, recursive=True)
        root = location.path.rstrip("/") + "/"
        names = [
            found.path.removeprefix(root)
            for found in location.filesystem.get_file_info(selector)
            if found.type == fs.FileType.File
        ]
    found_files = list[FoundFile]()
    for name in sorted(names):
        *folders, last = name.split("/")
        if Path(last).suffix.lower() not in suffixes or (last.startswith(("_", ".")) and folders):
            continue
        if all("=" in folder for folder in folders):
            found_files.append(FoundFile(path / name, tuple(map(_read_folder, folders))))
    return found_files


def _read_folder(folder: str) -> tuple[str, str | None]:
    name, _, value = folder.partition("=")
    return unquote(name), None if value == _NOTHING else unquote(value)


def fetch_file(path: Path) -> Path:
    """A copy on this machine of a file that lies elsewhere; the path itself where it is here.
    Removed when the program ends. Parquet is read where it lies and needs none."""
    location = find_location(path)
    if location is None:
        return path
    if isinstance(location.filesystem, fs.LocalFileSystem):
        return Path(location.path)
    return _fetch_once(path, *measure_file(path))


@contextmanager
def place_results(target: Path) -> Iterator[Path]:
    """Where to write a result: the target itself, or of an address a file of this machine that is
    put there when all went well, with what was written beside it (that also where nothing could be
    scored). An object appears whole or not at all; the result comes last. Raises FileFault."""
    try:
        location = find_location(target)
    except OSError as error:
        raise unreachable_place_fault(target, error) from error
    if location is None or isinstance(location.filesystem, fs.LocalFileSystem):
        yield target if location is None else Path(location.path)
        return
    with tempfile.TemporaryDirectory(prefix="jifen-result-") as folder:
        written = Path(folder, target.name)
        try:
            yield written
        except Exception:
            written.unlink(missing_ok=True)
            _put_files(Path(folder), written, location, target)  # what could not be used
            raise
        _put_files(Path(folder), written, location, target)


def _put_files(folder: Path, written: Path, location: Location, target: Path) -> None:
    """The files of a folder beside the target, the result last. Raises FileFault."""
    others = [file for file in sorted(folder.iterdir()) if file != written]
    try:
        for file in (*others, *([written] if written.exists() else [])):
            fs.copy_files(
                str(file),
                location.path.removesuffix(target.name) + file.name,
                source_filesystem=fs.LocalFileSystem(),
                destination_filesystem=location.filesystem,
            )
    except (OSError, pa.ArrowInvalid) as error:
        raise unreachable_place_fault(target, error) from error


def unreachable_place_fault(path: Path, error: Exception) -> FileFault:
    """A store that does not answer, or refuses; the first line of what it said."""
    said = str(error).partition("\n")[0][:200]
    return FileFault(
        read_address(path) or path, say("files.locations.cannot_be_reached", error=said)
    )


@lru_cache(maxsize=256)
def _fetch_once(path: Path, size: int, written: int) -> Path:
    del size, written  # another file under the same name is fetched again
    location = find_location(path)
    assert location is not None
    folder = Path(tempfile.mkdtemp(prefix="jifen-fetched-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    target = folder / path.name
    fs.copy_files(
        location.path,
        str(target),
        source_filesystem=location.filesystem,
        destination_filesystem=fs.LocalFileSystem(),
    )
    return target
