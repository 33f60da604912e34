"""The same request again, by its Idempotency-Key, is answered the same and does nothing more."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from jifen.office.api.models import Answered, Token
from jifen.office.casework.faults import CaseFault
from jifen.policy.text import Text


def once(request: HttpRequest, work: Callable[[], tuple[int, dict[str, Any]]]) -> tuple[int, Any]:
    """Work once per key. Raises CaseFault where a key comes back with another request."""
    key = request.headers.get("Idempotency-Key", "").strip()[:80]
    if not key:
        with transaction.atomic():  # an error leaves no half of it
            return work()
    token: Token = request.auth  # type: ignore[attr-defined] # set by the bearer
    digest = hashlib.sha256(
        f"{request.method} {request.path}\n".encode() + request.body
    ).hexdigest()
    while True:
        if there := _kept(token, key, digest):
            return there
        try:
            with transaction.atomic():
                answer = _take(token, key, digest)
                answer.status, answer.body = work()
                answer.save(update_fields=("status", "body"))
            return answer.status, answer.body
        except _Taken:
            # The same request came at the same moment: by now it is answered, or it failed and
            # gave the key back.
            continue


class _Taken(Exception):
    """Another request holds the key."""


def _take(token: Token, key: str, digest: str) -> Answered:
    """Hold the key before the work begins: whoever comes at the same moment waits here for the
    transaction of the first, and then finds its answer. Raises _Taken."""
    try:
        with transaction.atomic():
            return Answered.objects.create(
                token=token, key=key, request_hash=digest, status=0, body={}
            )
    except IntegrityError:
        raise _Taken from None


def _kept(token: Token, key: str, digest: str) -> tuple[int, Any] | None:
    row = Answered.objects.filter(token=token, key=key).first()
    if row is None:
        return None
    if row.request_hash != digest:
        words = Text("同一幂等键用于不同的请求。", "This key was used for another request.")
        raise CaseFault("JF-A001", words, "Idempotency-Key")
    return row.status, row.body
