"""What somebody writes as CITY: an id, `id@version`, the path of a city's folder or of a policy
file in one. Only commands and Python read it; addresses of pages and of the API hold ids alone."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jifen.cities.city_files import INDEX, load_policy_file, read_city
from jifen.cities.model import CITIES, City, MeasureVersion
from jifen.cities.sources import place_fault_in_folder
from jifen.policy.catalogue import join_list
from jifen.policy.fault import Fault, Place, PolicyError, shorten_text
from jifen.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class CityChoice:
    """A city, and the version where one is named."""

    city: City
    version: MeasureVersion | None = None

    @property
    def narrowed_city(self) -> City:
        """The city with the named version as its only one; the whole city where none is named."""
        return replace(self.city, versions=(self.version,)) if self.version else self.city


def resolve_city(text: str, version: str | None = None) -> CityChoice:
    """The city and version that a text names; `version`: one that was named beside it. An id comes
    before a folder of the same name (write `./NAME` for that). Raises PolicyError."""
    choice = _resolve_text(text)
    if version is None:
        return choice
    if choice.version and choice.version.version != version:
        words = CITIES.fault_words(
            "JF-X007", "two_versions", one=choice.version.version, other=shorten_text(version, 40)
        )
        raise PolicyError([Fault.from_words("JF-X007", Place("version"), words)])
    return choice if choice.version else CityChoice(choice.city, choice.city.find_version(version))


def _resolve_text(text: str) -> CityChoice:
    from jifen.cities import find_city, index  # noqa: PLC0415 - they read cities with this package

    if text in index():
        return CityChoice(find_city(text))
    if _path_exists(text):
        return _choose_by_path(Path(text))
    before, at, version = text.rpartition("@")
    if at and before in index():
        city = find_city(before)
        return CityChoice(city, city.find_version(version))
    if at and _path_exists(before):
        city = _choose_by_path(Path(before)).city
        return CityChoice(city, city.find_version(version))
    if is_path(text):
        raise _path_error(text, "missing")
    return CityChoice(find_city(before if at else text))  # raises UnknownCity


def is_path(text: str) -> bool:
    """Whether a text can only be a path: it has a separator, begins with a dot or names a file."""
    return "/" in text or text.startswith(".") or text.endswith((".yaml", ".yml"))


def _path_exists(text: str) -> bool:
    try:
        return bool(text) and Path(text).exists()
    except (OSError, ValueError):  # a name that is too long, or holds a zero
        return False


def _choose_by_path(path: Path) -> CityChoice:
    path = path.absolute()  # files are kept by their paths, whatever folder one stands in
    if path.is_dir():
        return CityChoice(_read_city_folder(path))
    if not path.name.endswith((".yaml", ".yml")):
        raise _path_error(str(path), "no_policy")
    city = _read_city_folder(path.parent)
    if path.name == INDEX:
        return CityChoice(city)
    same = (version for version in city.versions if version.path.name == path.name)
    return CityChoice(city, next(same, None) or _read_unlisted_version(path))


def _read_city_folder(folder: Path) -> City:
    """The city of a folder. Raises PolicyError; its faults name the whole path."""
    try:
        if not (folder / INDEX).is_file():
            inner_cities = sorted(path.parent.name for path in folder.glob(f"*/{INDEX}"))
            if inner_cities:
                raise _path_error(str(folder), "holds_cities", known=join_list(inner_cities))
            raise _path_error(str(folder), "no_index")
        return read_city(folder)
    except OSError as error:
        raise _path_error(str(folder), "unreadable", why=error.strerror or str(error)) from None
    except PolicyError as error:
        raise PolicyError(_place_in_folder(fault, folder) for fault in error.faults) from None


def _place_in_folder(fault: Fault, folder: Path) -> Fault:
    return place_fault_in_folder(fault, folder) if fault.place.file == INDEX else fault


def _read_unlisted_version(path: Path) -> MeasureVersion:
    """A policy file that city.yaml does not name (a draft): its own days are taken."""
    policy = load_policy_file(path)
    return MeasureVersion(policy.version, path, policy.since, policy.until)


def _path_error(place: str, kind: str, **values: object) -> PolicyError:
    words = CITIES.fault_words("JF-X004", kind, place=shorten_text(place, 200), **values)
    return PolicyError([Fault.from_words("JF-X004", Place(shorten_text(place, 200), 0), words)])


def find_city_of_policy(policy: Policy) -> City:
    """The city of a policy that was read from a file, or the one with its id. Raises
    PolicyError."""
    from jifen.cities import find_city  # noqa: PLC0415 - it reads cities with this package

    if policy.path is not None and (policy.path.parent / INDEX).is_file():
        return _read_city_once(policy.path.parent)
    return find_city(policy.city)


@cache
def _read_city_once(folder: Path) -> City:
    return read_city(folder)
