"""What is different between two texts, in parts that a reader sees as one."""

import re
from difflib import SequenceMatcher

Change = tuple[str, str]
"""'same', 'gone' or 'new', and the words."""
_PART = re.compile(r"\{\w+\}|[A-Za-z0-9'’]+|\s+|.", re.DOTALL)


def compare_words(before: str, after: str) -> list[Change]:
    """The parts of both in order. Placeholders and words of letters are never cut; of Chinese each
    character is a part. Joined without 'new' they are `before`, without 'gone' `after`."""
    old, new = _PART.findall(before), _PART.findall(after)
    changes = list[Change]()
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            changes.append(("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            changes.append(("gone", "".join(old[i1:i2])))
        if j2 > j1:
            changes.append(("new", "".join(new[j1:j2])))
    return changes
