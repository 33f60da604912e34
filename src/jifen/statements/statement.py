"""The statement in the square code of a notice: what a window needs to know, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen.statements.faults import StatementFault
from jifen.statements.jws import sign_claims
from jifen.statements.keys import Signer
from jifen.statements.words import say

VERSION = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """What a notice says. `name` is masked; `result` is 'reached', 'below', 'refused', 'vetoed' or
    '' (a paper without a result), never the points; `line` the line that was reached or not ('' for
    none). `until`: its last day, None where the paper names none. `index`: its place in the list of
    what was revoked. `since`: its first day where that is after the day of issue (a renewal decided
    before the points of now end), else None: it holds from `on`."""

    city: str
    office: str
    number: str
    kind: str
    name: str
    result: str
    line: str
    on: date
    until: date | None
    index: int
    since: date | None = None

    def to_claims(self) -> dict[str, Any]:
        """As it is signed; what is empty is left out."""
        claims: dict[str, Any] = {
            "v": VERSION,
            "city": self.city,
            "office": self.office,
            "no": self.number,
            "kind": self.kind,
            "name": self.name,
            "result": self.result,
            "line": self.line,
            "on": self.on.isoformat(),
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "idx": self.index,
        }
        return {name: value for name, value in claims.items() if value != ""}

    def sign_with(self, by: Signer) -> str:
        """A compact JWS: the same text for the same statement where the signer is steady."""
        return sign_claims(self.to_claims(), by)


def read_statement(claims: Mapping[str, Any]) -> Statement:
    """The statement of signed claims. Raises StatementFault JF-V003."""
    try:
        if claims["v"] != VERSION:
            raise ValueError("another version")
        text = {name: str(claims.get(name, "")) for name in _TEXTS}
        since, until = (str(claims.get(name, "")) for name in ("from", "to"))
        return Statement(
            city=text["city"],
            office=text["office"],
            number=text["no"],
            kind=text["kind"],
            name=text["name"],
            result=text["result"],
            line=text["line"],
            on=date.fromisoformat(claims["on"]),
            until=date.fromisoformat(until) if until else None,
            index=int(claims["idx"]),
            since=date.fromisoformat(since) if since else None,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise StatementFault("JF-V003", _OTHER) from error


_TEXTS = ("city", "office", "no", "kind", "name", "result", "line")
_OTHER = say("statement.other")


def extract_statement(text: str) -> str:
    """The signed statement within the text of a square code (an address with it after '#')."""
    return text.strip().rpartition("#")[2]
