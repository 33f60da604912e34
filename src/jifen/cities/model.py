"""A city and the versions of its measure, as its `city.yaml` says them."""

import re
from dataclasses import dataclass
from datetime import date
from glob import escape
from pathlib import Path

from jifen.policy.catalogue import POLICY, Catalogue, join_list
from jifen.policy.fault import Fault, Place, PolicyError, shorten_text
from jifen.policy.text import EMPTY, Text

CITIES = Catalogue("jifen.cities")
"""The words of faults of cities as folders."""
_EARLIER = re.compile(r"\.edition-([0-9]+)\.yaml\Z")


@dataclass(frozen=True, slots=True)
class MeasureVersion:
    """A version of a city's measure: when it is in force and where its file is."""

    version: str
    path: Path
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def list_earlier_editions(self) -> list[Path]:
        """The files of editions that were corrected since, the newest first."""
        pattern = f"{escape(self.path.stem)}.edition-*.yaml"
        paths = [path for path in self.path.parent.glob(pattern) if _EARLIER.search(path.name)]
        return sorted(paths, key=_number_of_edition, reverse=True)


def _number_of_edition(path: Path) -> int:
    found = _EARLIER.search(path.name)
    return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class City:
    """A city, with the versions of its measure from the oldest to the newest. `prefix`: what the
    numbers of its cases, papers and lists begin with; no other city has the same. `caution`: what
    readers take the points for and should not (may be empty). `order`: its place among the
    others."""

    id: str
    label: Text
    about: Text
    prefix: str
    policy: str
    versions: tuple[MeasureVersion, ...]
    caution: Text = EMPTY
    order: int = 0

    @property
    def folder(self) -> Path:
        """Where the files of the city are."""
        return self.versions[0].path.parent

    def find_version(self, version: str) -> MeasureVersion:
        """A version by its name; UnknownVersion where there is none."""
        for candidate in self.versions:
            if candidate.version == version:
                return candidate
        raise UnknownVersion(self, version)

    def version_on(self, day: date) -> MeasureVersion | None:
        """The version in force on a day, or None."""
        return next((v for v in self.versions if v.covers(day)), None)


class UnknownVersion(PolicyError):
    """A version that a city does not have; the message lists those that it has."""

    def __init__(self, city: City, version: str) -> None:
        version_ids = tuple(v.version for v in city.versions)
        words = POLICY.fault_words(
            "JF-P041",
            "version",
            version=shorten_text(version, 40),
            city=city.id,
            known=join_list(version_ids),
        )
        super().__init__([Fault.from_words("JF-P041", Place("version"), words)])
