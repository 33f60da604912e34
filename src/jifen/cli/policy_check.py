"""What `jifen policy check` looks at, and how it says what was found."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jifen.cities import (
    INDEX,
    ROOT,
    UnknownCity,
    find_city,
    index,
    is_path,
    list_city_folders,
    read_city,
)
from jifen.cli.words import say
from jifen.policy.book.plain import fault_to_dict
from jifen.policy.text import Lang
from jifen.rulebook.city_check import CheckedFile, check_city, check_path
from jifen.rulebook.missing_path import PathNotFound

_SEVERITIES = ("error", "warning", "info")


def check_all(names: Sequence[str]) -> list[CheckedFile]:
    """The files of cities (all without any) and of paths. Raises UnknownCity, NotThere, OSError."""
    if not names:
        return [file for folder, _ in list_city_folders() for file in _check_folder(folder)]
    return [file for name in names for file in _check_named(name)]


def _check_named(name: str) -> list[CheckedFile]:
    path = Path(name)
    if name in index():
        return _check_folder(find_city(name).folder)
    if path.exists():
        return _check_folder(path) if path.is_dir() else check_path(path)
    city, at, version = name.rpartition("@")
    if at and city in index():
        return check_path(find_city(city).find_version(version).path)
    if at and (Path(city) / INDEX).is_file():
        return check_path(read_city(Path(city)).find_version(version).path)
    if is_path(name):
        raise PathNotFound(f"{name}: No such file or directory")
    raise UnknownCity(name)


def _check_folder(folder: Path) -> list[CheckedFile]:
    """A city, with what comes with Jifen for one of its own; of a folder that holds cities each."""
    if (folder / INDEX).is_file():
        return check_city(folder, _list_shipped_files(folder.name) if folder.parent == ROOT else ())
    below = sorted(path.parent for path in folder.glob(f"*/{INDEX}"))
    return [file for path in below for file in check_city(path)] if below else check_path(folder)


def _list_shipped_files(city: str) -> list[Path]:
    """The margins and assumptions that come with Jifen for a city; none where the lab is not
    installed (`pip install jifen[lab]`)."""
    if find_spec("pyarrow") is None:
        return []
    from jifen.lab.people.margins_file import HERE
    from jifen.lab.years.assumptions_file import shipped_assumptions_file

    return [
        path for path in (HERE / f"{city}.yaml", shipped_assumptions_file(city)) if path.is_file()
    ]


def check_to_dict(files: Sequence[CheckedFile], lang: Lang = "en") -> dict[str, Any]:
    """The JSON of a check, schema jifen.policy-check.v1."""
    return {
        "schema": "jifen.policy-check.v1",
        "files": [
            {
                "file": _format_name(file),
                "kind": file.kind.id if file.kind else None,
                "cases_run": file.cases_run,
                "errors": _count_faults(file, "error"),
                "warnings": _count_faults(file, "warning"),
            }
            for file in files
        ],
        "faults": [
            fault_to_dict(fault.in_language(lang)) for file in files for fault in file.faults
        ],
    }


def print_checked(files: Sequence[CheckedFile], *, every: bool, lang: Lang = "en") -> None:
    """Every fault, then each file with its kind, then the sums. `every`: infos too."""
    faults = [fault.in_language(lang) for file in files for fault in file.faults]
    shown = [str(fault) for fault in faults if every or fault.severity != "info"]
    if shown:
        print("\n\n".join(shown), end="\n\n")
    for file in files:
        print(_format_name(file) + say("policy_check.colon")(lang) + _describe_file(file, lang))
    print(_format_summary(files, lang, every=every))


def _format_name(file: CheckedFile) -> str:
    return f"{file.path.parent.name}/{file.path.name}"


def _describe_file(file: CheckedFile, lang: Lang) -> str:
    kind = (file.kind.label if file.kind else _NO_KIND)(lang)
    ran = _format_count(file.cases_run, "run", lang)
    parts = [kind, ran] if file.cases_run else [kind]
    parts += [
        _format_count(number, severity, lang)
        for severity in _SEVERITIES[:2]
        if (number := _count_faults(file, severity))
    ]
    return _JOINT(lang).join(parts)


def _count_faults(file: CheckedFile, severity: str) -> int:
    return sum(fault.severity == severity for fault in file.faults)


def _format_count(number: int, what: str, lang: Lang) -> str:
    """'3 warnings', or '3 项警告'."""
    singular, plural = _COUNTED[what]
    return f"{number} {(singular if number == 1 else plural)(lang)}"


def _format_summary(files: Sequence[CheckedFile], lang: Lang, *, every: bool) -> str:
    sums = [(severity, sum(_count_faults(f, severity) for f in files)) for severity in _SEVERITIES]
    words = _JOINT(lang).join(_format_count(number, severity, lang) for severity, number in sums)
    cases = sum(file.cases_run for file in files)
    if cases:
        words += say("policy_check.between_sums")(lang) + _format_count(cases, "cases", lang)
    return words if every or not sums[2][1] else words + _MORE(lang)


_JOINT = say("policy_check.joint")
_NO_KIND = say("policy_check.no_kind")
_MORE = say("policy_check.more")
_COUNTED = {
    "error": (say("policy_check.one_error"), say("policy_check.several_error")),
    "warning": (say("policy_check.one_warning"), say("policy_check.several_warning")),
    "info": (say("policy_check.one_info"), say("policy_check.several_info")),
    "run": (say("policy_check.run_counted"), say("policy_check.run_counted")),
    "cases": (say("policy_check.one_cases"), say("policy_check.several_cases")),
}
"""What is counted: one of it, and several."""
