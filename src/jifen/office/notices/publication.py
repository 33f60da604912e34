"""What is published for checking offline: the public keys and the dated list of revocations."""

import time
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from jifen.office.notices.keys import load_notice_keys
from jifen.office.notices.models import Notice, Removed, Revocation
from jifen.policy.text import Text
from jifen.statements.keys import build_jwks
from jifen.statements.revocations import sign_list

LIST_VALID_SECONDS = 12 * 3600
"""Seconds for which a copy of the list may be used."""
_REBUILD_SECONDS = 60
KEYS, REVOKED, CREDENTIAL = "/v/keys.json", "/v/revoked.jwt", "/v/line-reached"


def build_key_list() -> dict[str, Any]:
    """The public keys (JWKS)."""
    return build_jwks(load_notice_keys().public())


def build_issuer_metadata() -> dict[str, Any]:
    """The metadata of the issuer of credentials (SD-JWT VC)."""
    return {"issuer": settings.JIFEN_ADDRESS, "jwks": build_key_list()}


def build_credential_metadata() -> dict[str, Any]:
    """The metadata of the one kind of credential (SD-JWT VC type metadata)."""
    name_of_kind = Text("居住证积分达到标准分值", "Residence-permit points: line reached")
    claims = [
        ("line_reached", Text("达到积分标准分值", "The line of points is reached")),
        ("valid_until", Text("有效期至", "Valid until")),
    ]
    return {
        "vct": settings.JIFEN_ADDRESS + CREDENTIAL,
        "name": name_of_kind.en,
        "display": [
            {"lang": "zh-CN", "name": name_of_kind.zh},
            {"lang": "en", "name": name_of_kind.en},
        ],
        "claims": [
            {
                "path": [name],
                "sd": "always",
                "display": [
                    {"lang": "zh-CN", "label": label.zh},
                    {"lang": "en", "label": label.en},
                ],
            }
            for name, label in claims
        ],
    }


def build_revocation_list() -> str:
    """The list of what was revoked, signed; made anew each minute at most."""
    return _build_list_of_minute(int(time.monotonic() // _REBUILD_SECONDS), settings.JIFEN_ADDRESS)


@lru_cache(maxsize=2)
def _build_list_of_minute(minute: int, address: str) -> str:
    del minute
    at = timezone.now().replace(microsecond=0)
    return build_revocation_list_at(at, address)


def build_revocation_list_at(at: datetime, address: str) -> str:
    """The signed list as of a moment. A notice once listed stays listed: what retention removed
    stays revoked."""
    day = timezone.localtime(at).date()
    places = Revocation.objects.filter(on__lte=day).values_list("notice_id", flat=True)
    removed = Removed.objects.values_list("place", flat=True)
    length = max(_find_highest_id(Notice), _find_highest_id(Removed)) + 1
    where = address + REVOKED
    revoked_indexes = chain(places.iterator(), removed.iterator())
    return sign_list(
        revoked_indexes, length, at, load_notice_keys(), where=where, keep=LIST_VALID_SECONDS
    )


def _find_highest_id(model: type[Notice | Removed]) -> int:
    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0)
