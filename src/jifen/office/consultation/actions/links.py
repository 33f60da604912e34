"""Links in mails: whoever has the token read the mail. Tokens are worked out, none is stored."""

from hmac import compare_digest
from uuid import UUID

from jifen.office.vault.seal import blind_index, blind_indexes

_LENGTH = 40
_PURPOSE = "consultation.link"


def make_token(kind: str, key: UUID) -> str:
    """The token of a link of a kind ('comment', 'support', 'subscriber', 'leave')."""
    return blind_index(f"{kind}:{key}", _PURPOSE)[:_LENGTH]


def is_token(token: str, kind: str, key: UUID) -> bool:
    """Whether a token is that of the link, also under a key that was replaced since."""
    known = blind_indexes(f"{kind}:{key}", _PURPOSE)
    return any(compare_digest(one[:_LENGTH].encode(), token.encode()) for one in known)
