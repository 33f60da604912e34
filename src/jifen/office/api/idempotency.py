"""Repeated requests with the same Idempotency-Key get the stored answer and change nothing."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from jifen.office.api.models import Answered, Token
from jifen.office.api.words import say
from jifen.office.casework.faults import CaseFault


def answer_once(
    request: HttpRequest, work: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, Any]:
    """Do the work once for each key and store the answer. Without a key the work is always done.
    Raises CaseFault where a key is used again for another request."""
    key = request.headers.get("Idempotency-Key", "").strip()[:80]
    if not key:
        with transaction.atomic():  # an error undoes all of it
            return work()
    token: Token = request.auth  # type: ignore[attr-defined] # set by the bearer
    digest = hashlib.sha256(
        f"{request.method} {request.path}\n".encode() + request.body
    ).hexdigest()
    while True:
        if stored_answer := _find_answer(token, key, digest):
            return stored_answer
        try:
            with transaction.atomic():
                answer = _hold_key(token, key, digest)
                answer.status, answer.body = work()
                answer.save(update_fields=("status", "body"))
            return answer.status, answer.body
        except _KeyHeld:
            # The same request came at the same moment: by now it is answered, or it failed and
            # gave the key back.
            continue


class _KeyHeld(Exception):
    """Another request holds the key."""


def _hold_key(token: Token, key: str, digest: str) -> Answered:
    """Hold the key before the work begins. The same request at the same moment waits here for the
    transaction of the first, and then finds its answer. Raises _KeyHeld."""
    try:
        with transaction.atomic():
            return Answered.objects.create(
                token=token, key=key, request_hash=digest, status=0, body={}
            )
    except IntegrityError:
        raise _KeyHeld from None


def _find_answer(token: Token, key: str, digest: str) -> tuple[int, Any] | None:
    answered = Answered.objects.filter(token=token, key=key).first()
    if answered is None:
        return None
    if answered.request_hash != digest:
        words = say("idempotency.this_key_was_used")
        raise CaseFault("JF-A001", words, "Idempotency-Key")
    return answered.status, answered.body
