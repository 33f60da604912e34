"""A new city from the templates of the package: files with comments that teach, sound at once."""

import re
from pathlib import Path
from string import ascii_uppercase

from jifen.cities import CITIES, index
from jifen.policy.fault import Fault, Place, PolicyError, shorten_text
from jifen.policy.text import Text
from jifen.rulebook.words import say

TEMPLATES = Path(__file__).parent / "template"
"""Files with `CITY_ID`, `CITY_NAME` and `CITY_PREFIX` where those of the new city are to stand."""
_IDENT = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_LONGEST = 40


def describe_next_steps(folder: str, name: str) -> Text:
    """What to do with a city that was just made; `folder` as a shell takes it."""
    return say("new_city.next_steps", folder=folder, name=name)


def make_city(ident: str, above: Path) -> Path:
    """Make the folder of a city and give it. Nothing is overwritten. Raises PolicyError."""
    if not _IDENT.match(ident) or len(ident) > _LONGEST:
        raise _build_error("identifier", ident=shorten_text(ident, _LONGEST))
    if ident in index():
        raise _build_error("taken", ident=ident, place=index()[ident].folder)
    folder = above / ident
    words = {
        "CITY_ID": ident,
        "CITY_NAME": ident.replace("_", " ").title(),
        "CITY_PREFIX": _free_prefix(ident),
    }
    try:
        above.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        for path in sorted(TEMPLATES.iterdir()):
            (folder / path.name).write_text(_fill_template(path.read_text("utf-8"), words), "utf-8")
    except FileExistsError as error:
        raise _build_error("not_empty", place=error.filename or folder) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise _build_error("unwritable", place=error.filename or folder, why=why) from None
    return folder


def _fill_template(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(name, word)
    return text


def _free_prefix(ident: str) -> str:
    """Two capitals that no other city has: of the id where they are free."""
    taken = {city.prefix for city in index().values()}
    letters = re.sub(r"[^A-Z]", "", ident.upper())
    of_id = [letters[0] + letter for letter in letters[1:]]
    others = [first + second for first in ascii_uppercase for second in ascii_uppercase]
    return next(prefix for prefix in [*of_id, *others] if prefix not in taken)


def _build_error(kind: str, **values: object) -> PolicyError:
    return PolicyError(
        [
            Fault.from_words(
                "JF-X008", Place("city new", 0), CITIES.fault_words("JF-X008", kind, **values)
            )
        ]
    )
