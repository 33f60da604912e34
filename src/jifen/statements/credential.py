"""A credential that discloses what its holder chooses (SD-JWT VC): the line is reached, and until
when. Nothing else is in it: no name, no points, no number of a notice.

RFC 9901 (SD-JWT) and the IETF draft 'SD-JWT-based Verifiable Credentials'. The claims are hashed
with a salt each; the holder hands on only those that somebody needs. It is not bound to a key of
the holder: whoever has it can show it, so it proves that a line was reached, not who reached it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from jifen.statements.check import CHINA
from jifen.statements.encoding import decode_base64url, encode_base64url, from_json, to_json
from jifen.statements.faults import StatementFault
from jifen.statements.jws import read_signed, sign_claims
from jifen.statements.keys import Keys, Signer
from jifen.statements.words import say

KIND = "dc+sd-jwt"
REACHED, UNTIL = "line_reached", "valid_until"
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class CredentialOrigin:
    """Where a credential comes from: its issuer and the kind of credential as addresses, the list
    of revocations, and its place in it."""

    issuer: str
    kind: str
    revoked: str
    index: int


def sign_credential(
    days: tuple[date, date],
    at: datetime,
    place: CredentialOrigin,
    salts: tuple[bytes, bytes],
    by: Signer,
) -> str:
    """'<signed>~<disclosure>~<disclosure>~'. `days`: the first and the last on which it holds.
    `salts`: 16 random bytes for each claim.

    That it begins and ends with these days is open in any case ('nbf', 'exp'): for whoever is not
    shown `until` it would never end. Of the moment it says only the day, by which it is not known
    again.
    """
    since, until = days
    if any(len(salt) < SALT_BYTES for salt in salts):
        raise ValueError("a salt has 16 random bytes")
    values: tuple[tuple[str, Any], ...] = ((REACHED, True), (UNTIL, until.isoformat()))
    disclosures = [
        encode_base64url(to_json([encode_base64url(salt), name, value]))
        for salt, (name, value) in zip(salts, values, strict=True)
    ]
    claims = {
        "iss": place.issuer,
        "iat": _first_moment(at.astimezone(CHINA).date()),
        "nbf": _first_moment(since),
        "exp": _first_moment(until + timedelta(days=1)),
        "vct": place.kind,
        "status": {"status_list": {"idx": place.index, "uri": place.revoked}},
        "_sd": sorted(map(_hash_disclosure, disclosures)),
        "_sd_alg": "sha-256",
    }
    return "~".join((sign_claims(claims, by, KIND), *disclosures, ""))


def _first_moment(day: date) -> int:
    return int(datetime.combine(day, time(), CHINA).timestamp())


def _hash_disclosure(disclosure: str) -> str:
    return encode_base64url(hashlib.sha256(disclosure.encode()).digest())


def disclose_claims(credential: str, names: tuple[str, ...]) -> str:
    """The credential with only the named claims open."""
    head, *disclosures = credential.rstrip("~").split("~")
    chosen = [disclosure for disclosure in disclosures if _open_disclosure(disclosure)[1] in names]
    return "~".join((head, *chosen, ""))


def read_credential(credential: str, keys: Keys, at: datetime) -> Mapping[str, Any]:
    """The claims that are disclosed, with issuer, kind and status. Raises StatementFault where it
    is no genuine credential, discloses what was not signed, or does not hold at the moment `at`.
    Whether it was revoked stands on the list of `status_of`, which is to be looked into."""
    head, *disclosures = credential.strip().rstrip("~").split("~")
    signed_text = read_signed(head, keys)
    if signed_text.genuine is not True or signed_text.header.get("typ") != KIND:
        raise StatementFault("JF-V005", _FORGED)
    signed_ = signed_text.claims.get("_sd", [])
    opened = {}
    for disclosure in disclosures:
        _, name, value = _open_disclosure(disclosure)
        if _hash_disclosure(disclosure) not in signed_ or name in opened:
            raise StatementFault("JF-V005", _FORGED)
        opened[name] = value
    open_claims = {name: v for name, v in signed_text.claims.items() if not name.startswith("_sd")}
    _check_period(open_claims, at)
    return open_claims | opened


def find_status(claims: Mapping[str, Any]) -> tuple[str, int]:
    """The address of the list of revocations, and the place in it. Raises StatementFault."""
    try:
        status = claims["status"]["status_list"]
        return str(status["uri"]), int(status["idx"])
    except (KeyError, TypeError, ValueError) as error:
        raise StatementFault("JF-V005", _FORGED) from error


def _check_period(claims: Mapping[str, Any], at: datetime) -> None:
    """From 'nbf' (absent in the first ones) and before 'exp'."""
    try:
        since, until = float(claims.get("nbf", 0)), float(claims["exp"])
    except (KeyError, TypeError, ValueError) as error:
        raise StatementFault("JF-V005", _FORGED) from error
    if not since <= at.timestamp() < until:
        raise StatementFault("JF-V007", _OVER)


def _open_disclosure(disclosure: str) -> tuple[str, str, Any]:
    try:
        salt, name, value = from_json(decode_base64url(disclosure))
    except (ValueError, TypeError) as error:
        raise StatementFault("JF-V005", _FORGED) from error
    return salt, str(name), value


_FORGED = say("credential.forged")

_OVER = say("credential.over")
