"""What `jifen policy check` looks at, and how it says what was found."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jifen.cities import ROOT, UnknownCity, find, index
from jifen.policy.book.plain import fault_dict
from jifen.rulebook.absent import NotThere
from jifen.rulebook.check import CheckedFile, check_city, check_path

_SEVERITIES = ("error", "warning", "info")


def check_all(names: Sequence[str]) -> list[CheckedFile]:
    """The files of cities (all without any) and of paths. Raises UnknownCity, NotThere, OSError."""
    return [file for name in names or list(index()) for file in _checked(name)]


def _checked(name: str) -> list[CheckedFile]:
    path = Path(name)
    if name in index():
        folder = find(name).folder
        return check_city(folder, _beside(name) if folder.parent == ROOT else ())
    if path.exists():
        return check_path(path)
    if path.suffix or len(path.parts) > 1:
        raise NotThere(f"{name}: No such file or directory")
    raise UnknownCity(name)


def _beside(city: str) -> list[Path]:
    """The margins and assumptions that come with Jifen for a city; none where the lab is not
    installed (`pip install jifen[lab]`)."""
    if find_spec("numpy") is None:
        return []
    from jifen.lab.people.margins_file import HERE
    from jifen.lab.years.read import shipped

    return [path for path in (HERE / f"{city}.yaml", shipped(city)) if path.is_file()]


def to_dict(files: Sequence[CheckedFile]) -> dict[str, Any]:
    """The JSON of a check, schema jifen.policy-check.v1."""
    return {
        "schema": "jifen.policy-check.v1",
        "files": [
            {
                "file": _name(file),
                "kind": file.kind.id if file.kind else None,
                "cases_run": file.cases_run,
                "errors": _count(file, "error"),
                "warnings": _count(file, "warning"),
            }
            for file in files
        ],
        "faults": [fault_dict(fault) for file in files for fault in file.faults],
    }


def print_checked(files: Sequence[CheckedFile], *, every: bool) -> None:
    """Every fault, then each file with its kind, then the sums. `every`: infos too."""
    faults = [fault for file in files for fault in file.faults]
    shown = [str(fault) for fault in faults if every or fault.severity != "info"]
    if shown:
        print("\n\n".join(shown), end="\n\n")
    for file in files:
        print(f"{_name(file)}: {_about(file)}")
    print(_summary(files, every=every))


def _name(file: CheckedFile) -> str:
    return f"{file.path.parent.name}/{file.path.name}"


def _about(file: CheckedFile) -> str:
    kind = file.kind.label.en if file.kind else "of no known kind, not checked"
    parts = [f"{kind}, {file.cases_run} run" if file.cases_run else kind]
    parts += [
        f"{number} {severity}{'s' * (number != 1)}"
        for severity in _SEVERITIES[:2]
        if (number := _count(file, severity))
    ]
    return ", ".join(parts)


def _count(file: CheckedFile, severity: str) -> int:
    return sum(fault.severity == severity for fault in file.faults)


def _summary(files: Sequence[CheckedFile], *, every: bool) -> str:
    sums = [(severity, sum(_count(f, severity) for f in files)) for severity in _SEVERITIES]
    words = ", ".join(f"{n} {severity}{'s' * (n != 1)}" for severity, n in sums)
    cases = sum(file.cases_run for file in files)
    words += f"; {cases} worked case{'s' * (cases != 1)} run" if cases else ""
    return words if every or not sums[2][1] else f"{words} (--all shows the infos)"
