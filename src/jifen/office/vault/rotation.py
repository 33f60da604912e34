"""The file of keys while a key is replaced: announced, then used, then done.

Announced: every process reads the new key and none writes with it. Used: every process writes with
it, and reads what the older ones wrote. Done: nothing depends on the older one. Between two steps
somebody waits until all processes hold the same file (vault/reread.py), so that none meets what it
cannot read. The file itself says how far it is ("announced", "used"), so that whoever is stopped
goes on from there.
"""

import base64
from typing import Any

from jifen.office.vault.keys import new_key, public_half

Written = dict[str, Any]
"""A file of keys as JSON."""

SEAL, INDEX, SIGNATURE = "seal", "index", "signature"
KINDS = (SEAL, INDEX, SIGNATURE)


def is_announced(written: Written, kind: str) -> bool:
    """Whether a new key of that kind stands in the file, and is not used yet."""
    return _FIELDS[kind] in written.get("announced", {})


def is_unfinished(written: Written, kind: str) -> bool:
    """Whether a key of that kind is in use, and something may still depend on the older one."""
    return kind in written.get("used", [])


def announce(written: Written, kind: str) -> Written:
    """The file with a new key that nothing is written with yet."""
    announced = dict(written.get("announced", {}))
    if kind == SEAL:
        name = _next_name("k", written["seal"])
        announced["seal"] = name
        return written | {"announced": announced, "seal": written["seal"] | {name: new_key()}}
    if kind == INDEX:
        announced["index"] = new_key()
    else:
        used_names = [written.get("sign_id", "s1"), *written.get("older_sign", {})]
        announced |= {"sign": new_key(), "sign_id": _next_name("s", used_names)}
    return written | {"announced": announced}


def use(written: Written, kind: str) -> Written:
    """The file with the announced key in use, and the one before it among the older ones."""
    announced = dict(written["announced"])
    changes: Written = {}
    if kind == SEAL:
        changes["current"] = announced.pop("seal")
    elif kind == INDEX:
        changes["older_index"] = [written["index"], *written.get("older_index", [])]
        changes["index"] = announced.pop("index")
    else:
        public = base64.b64encode(public_half(base64.b64decode(written["sign"]))).decode()
        older = written.get("older_sign", {})
        changes["older_sign"] = {written.get("sign_id", "s1"): public} | older
        changes |= {"sign": announced.pop("sign"), "sign_id": announced.pop("sign_id")}
    return written | changes | {"announced": announced, "used": [*written.get("used", []), kind]}


def finish(written: Written, kind: str) -> Written:
    """The file when nothing is left to do under the older key."""
    return written | {"used": [one for one in written.get("used", []) if one != kind]}


def forget(written: Written) -> tuple[Written, list[str]]:
    """The file without the older keys to seal with, and their names."""
    needed = {written["current"], written.get("announced", {}).get("seal")}
    older = [name for name in written["seal"] if name not in needed]
    seal = {name: key for name, key in written["seal"].items() if name in needed}
    return written | {"seal": seal}, older


_FIELDS = {SEAL: "seal", INDEX: "index", SIGNATURE: "sign"}


def _next_name(letter: str, taken: Any) -> str:
    numbers = [int(name[1:]) for name in taken if name[1:].isdecimal()]
    return f"{letter}{max(numbers, default=0) + 1}"
