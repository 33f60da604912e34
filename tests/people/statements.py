"""Signed statements for tests: keys, days, and what is stated."""

import json
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jifen.statements import Statement
from jifen.statements.jws import raw_signature
from jifen.statements.keys import build_jwks, name_key, read_key_list

ON = date(2026, 11, 26)
AT = datetime(2026, 11, 26, 4, tzinfo=UTC)
SAID = Statement(
    city="shanghai",
    office="浦东新区",
    number="SH-PUDONG-2026-N000001",
    kind="notice",
    name="王**",
    result="reached",
    line="120",
    on=ON,
    until=date(2027, 5, 1),
    index=5,
)
DEEP = "[" * 200_000


class Key:
    """A signer on a key of its own."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.public = self._key.public_key()
        self.key_id = name_key(self.public)

    def sign(self, message: bytes) -> bytes:
        how = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        return raw_signature(self._key.sign(message, how))


KEY, OTHER = Key(), Key()
KEYS = read_key_list(json.dumps(build_jwks([KEY.public])))
