"""The file of the keys of notices while one of its keys is replaced.

The key of statements is announced first: it is published beside the one in use, so that whoever
checks notices offline has it before it signs. The seal of PDF files carries its certificate in
every notice, so it is replaced at once.
"""

from typing import Any

from jifen.office.notices.key_file import generate_seal
from jifen.office.notices.statement_keys import derive_public_text, generate_statement_key
from jifen.office.vault.ciphers import DEFAULT

KeyFileFields = dict[str, Any]
"""A file of the keys of notices as JSON."""


def has_announced_key(fields: KeyFileFields) -> bool:
    """Whether a key of statements is published that does not sign yet."""
    return "announced" in fields


def announce_statement_key(fields: KeyFileFields, suite: str = DEFAULT) -> KeyFileFields:
    """The file with a new key of statements that is published only, of the suite. Raises
    StatementFault JF-V008."""
    return fields | {"announced": generate_statement_key(suite)}


def activate_announced_key(fields: KeyFileFields) -> KeyFileFields:
    """The file with the announced key signing; the one before it stays published."""
    remaining = {name: value for name, value in fields.items() if name != "announced"}
    older = [derive_public_text(fields["statement"]), *fields["older"]]
    return remaining | {"statement": fields["announced"], "older": older}


def replace_seal(fields: KeyFileFields, name: str) -> KeyFileFields:
    """The file with a new seal; of the one before it the certificate is kept."""
    older = [fields["certificate"], *fields.get("older_certificates", [])]
    return fields | generate_seal(name) | {"older_certificates": older}
