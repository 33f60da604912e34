"""`--cities DIR` on any command, before or after its name: folders of cities that come before those
of JIFEN_CITIES."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Never

OPTION = "--cities"
BAD_INPUT = 2
_ENGLISH = (["policy", "check"], ["policy", "schema"])
"""Commands that speak English where no language is asked for."""
HELP = (
    "a folder that holds cities, or the folder of one; may be repeated, and comes before those "
    "that JIFEN_CITIES names"
)


def take_cities(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--cities DIR`, whose folders are put before all other sources. What
    follows `--` is left alone. Ends the command with status 2 where a folder cannot be used."""
    rest, folders, at = list[str](), list[str](), 0
    while at < len(arguments) and arguments[at] != "--":
        word = arguments[at]
        if word == OPTION:
            at += 1
            if at == len(arguments):
                _exit_with_words(f"{OPTION}: expected a folder after it")
            folders.append(arguments[at])
        elif word.startswith(f"{OPTION}="):
            folders.append(word.partition("=")[2])
        else:
            rest.append(word)
        at += 1
    use_folders(folders)
    _choose_report_language(rest)
    return [*rest, *arguments[at:]]


def use_folders(folders: Sequence[str]) -> None:
    """Put folders before all other sources of cities; ends the command with status 2 where one is
    not there or cannot be named."""
    if not folders:
        return
    from jifen.cities import prepend_folders
    from jifen.cli.words import say

    for folder in folders:
        if not folder or not Path(folder).is_dir():
            words = say("city_sources.no_folder", folder=folder)
            _exit_with_words(f"{OPTION}: {words.zh} / {words.en}")
    try:
        prepend_folders(folders)
    except ValueError as error:
        words = say("city_sources.separator")
        _exit_with_words(f"{OPTION}: '{error}' {words.zh} / {words.en}")


def _choose_report_language(arguments: Sequence[str]) -> None:
    """Faults of sources are told in the language that the command speaks: the one that it is asked
    for, else its own default."""
    words = " ".join(arguments).replace("=", " ").split()
    asked = words[words.index("--lang") + 1] if "--lang" in words[:-1] else ""
    english = asked == "en" or (not asked and words[:2] in _ENGLISH)
    if not english:
        from jifen.cities import set_report_language

        set_report_language("zh")


def _exit_with_words(words: str) -> Never:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)
