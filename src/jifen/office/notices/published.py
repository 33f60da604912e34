"""What is published for checking without the site: keys, the dated list of what was revoked."""

import time
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from jifen.office.notices.keys import notice_keys
from jifen.office.notices.models import Notice, Removed, Revocation
from jifen.statements.keys import build_key_list
from jifen.statements.revocations import sign_list

KEEP = 12 * 3600
"""Seconds for which a copy of the list may be used."""
_MADE_ANEW = 60
KEYS, REVOKED, CREDENTIAL = "/v/keys.json", "/v/revoked.jwt", "/v/line-reached"


def keys() -> dict[str, Any]:
    """The public keys (JWKS)."""
    return build_key_list(notice_keys().public())


def issuer() -> dict[str, Any]:
    """The metadata of the issuer of credentials (SD-JWT VC)."""
    return {"issuer": settings.JIFEN_ADDRESS, "jwks": keys()}


def kind_of_credential() -> dict[str, Any]:
    """The metadata of the one kind of credential (SD-JWT VC type metadata)."""
    claims = [
        ("line_reached", "达到积分标准分值", "The line of points is reached"),
        ("valid_until", "有效期至", "Valid until"),
    ]
    return {
        "vct": settings.JIFEN_ADDRESS + CREDENTIAL,
        "name": "Residence-permit points: line reached",
        "display": [
            {"lang": "zh-CN", "name": "居住证积分达到标准分值"},
            {"lang": "en", "name": "Residence-permit points: line reached"},
        ],
        "claims": [
            {
                "path": [name],
                "sd": "always",
                "display": [{"lang": "zh-CN", "label": zh}, {"lang": "en", "label": en}],
            }
            for name, zh, en in claims
        ],
    }


def revoked() -> str:
    """The list of what was revoked, signed; made anew each minute at most."""
    return _made(int(time.monotonic() // _MADE_ANEW), settings.JIFEN_ADDRESS)


@lru_cache(maxsize=2)
def _made(minute: int, address: str) -> str:
    del minute
    at = timezone.now().replace(microsecond=0)
    return revoked_on(at, address)


def revoked_on(at: datetime, address: str) -> str:
    """The list as of a moment. A place once told of is never left out again: what retention removed
    stays revoked."""
    day = timezone.localtime(at).date()
    places = Revocation.objects.filter(on__lte=day).values_list("notice_id", flat=True)
    removed = Removed.objects.values_list("place", flat=True)
    many = max(_last(Notice), _last(Removed)) + 1
    where = address + REVOKED
    every = chain(places.iterator(), removed.iterator())
    return sign_list(every, many, at, notice_keys(), where=where, keep=KEEP)


def _last(model: type[Notice | Removed]) -> int:
    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0)
