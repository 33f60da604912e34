"""The file of the keys of notices while one of its keys is replaced.

The key of statements is announced first: it is published beside the one in use, so that whoever
checks papers offline has it before it signs. The seal of PDF files carries its certificate in every
paper, so it is replaced at once.
"""

from typing import Any

from jifen.office.notices.keyfile import new_seal, new_statement_key, public_pem

Written = dict[str, Any]
"""A file of the keys of notices as JSON."""


def is_announced(written: Written) -> bool:
    """Whether a key of statements is published that does not sign yet."""
    return "announced" in written


def announce(written: Written) -> Written:
    """The file with a new key of statements that is published only."""
    return written | {"announced": new_statement_key()}


def use(written: Written) -> Written:
    """The file with the announced key signing; the one before it stays published."""
    rest = {name: value for name, value in written.items() if name != "announced"}
    older = [public_pem(written["statement"]), *written["older"]]
    return rest | {"statement": written["announced"], "older": older}


def replace_seal(written: Written, name: str) -> Written:
    """The file with a new seal; of the one before it the certificate is kept."""
    older = [written["certificate"], *written.get("older_certificates", [])]
    return written | new_seal(name) | {"older_certificates": older}
