"""A register that is asked over HTTP as its file describes."""

import base64
import hashlib
import hmac
import json
import ssl
import time
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from jifen.office.registry.adapters.answers import read_answer
from jifen.office.registry.adapters.breaker import Breaker
from jifen.office.registry.adapters.description import RegisterDescription, read_description
from jifen.office.registry.models import Person
from jifen.office.registry.registers import RegisterAnswer, RegisterDown

MOST_BYTES = 2 << 20
_NOT_FOUND = 404
_TRIED_AGAIN = (408, 425, 429)
_SERVER_ERROR = 500
_PAUSE_SECONDS = 0.2


class _NoRedirect(HTTPRedirectHandler):
    """Refuses redirects: identity numbers go to the address of the file and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Never."""


class _NoAnswer(Exception):
    """A try that brought no answer; `again`: another try may."""

    def __init__(self, words: str, *, again: bool) -> None:
        super().__init__(words)
        self.again = again


class HttpRegister:
    """One register, kept for the life of a process. Its words of a fault name the file, the status
    and the kind of error, never whom it was asked about."""

    def __init__(self, path: str) -> None:
        self.description = read_description(Path(path))
        description = self.description
        self._breaker = Breaker(description.most_failures, description.rest_seconds)
        context = build_context(description)
        self._open = build_opener(_NoRedirect, HTTPSHandler(context=context)).open

    def ask(self, name: str, city: str, person: Person) -> RegisterAnswer | None:
        """What it holds of a person; None where it holds nothing. Raises RegisterDown."""
        words = {"identity": person.identity, "name": person.name}
        content = self._ask_with(words | {"register": name, "city": city, "credit_code": ""})
        return None if content is None else read_answer(self.description, content)

    def look_up(self, city: str, credit_code: str) -> dict[str, Any] | None:
        """What the business register holds of a unit; None where there is none. Raises
        RegisterDown."""
        words = {"identity": "", "name": "", "register": "business", "city": city}
        content = self._ask_with(words | {"credit_code": credit_code})
        answer = None if content is None else read_answer(self.description, content)
        return answer.facts if answer else None

    def _ask_with(self, words: dict[str, str]) -> Any:
        """The content of the answer; None where the register knows of nobody (404)."""
        description = self.description
        if not self._breaker.admits_try():
            raise RegisterDown(f"{description.file}: failed several times, is left alone for now")
        for number in range(1, description.tries + 1):
            try:
                content = self._try_once(words)
            except _NoAnswer as error:
                if number < description.tries and error.again:
                    time.sleep(_PAUSE_SECONDS * number)
                    continue
                self._breaker.note_failure()
                raise RegisterDown(f"{description.file}: {error}") from None
            self._breaker.note_success()
            return content
        raise RegisterDown(description.file)

    def _try_once(self, words: dict[str, str]) -> Any:
        request = build_request(self.description, words, datetime.now(UTC))
        try:
            with self._open(request, timeout=self.description.seconds) as answer:
                return self._read_body(answer)
        except HTTPError as error:
            if error.code == _NOT_FOUND:
                return None
            again = error.code >= _SERVER_ERROR or error.code in _TRIED_AGAIN
            raise _NoAnswer(f"HTTP {error.code}", again=again) from None
        except URLError as error:
            raise _NoAnswer(type(error.reason).__name__, again=True) from None
        except (OSError, HTTPException) as error:
            raise _NoAnswer(type(error).__name__, again=True) from None
        except (ValueError, RecursionError):
            raise _NoAnswer("the answer is not JSON", again=False) from None

    def _read_body(self, answer: Any) -> Any:
        """The JSON of an answer, within the seconds and bytes that one may take."""
        until, body = time.monotonic() + self.description.seconds, b""
        while part := answer.read1(1 << 16):
            body += part
            if len(body) > MOST_BYTES:
                raise _NoAnswer(f"the answer has more than {MOST_BYTES:,} bytes", again=False)
            if time.monotonic() > until:
                raise _NoAnswer("the answer did not end in time", again=True)
        return json.loads(body.decode("utf-8"))


def build_context(description: RegisterDescription) -> ssl.SSLContext:
    """TLS with the authority and certificate of the file. Raises OSError where they cannot be
    read."""
    context = ssl.create_default_context(cafile=description.authority or None)
    if description.certificate:
        context.load_cert_chain(description.certificate, description.key or None)
    return context


def build_request(description: RegisterDescription, words: dict[str, str], at: datetime) -> Request:
    """The request about somebody, signed as the file says."""
    fields = {name: text.format(**words) for name, text in description.request.items()}
    headers = {"Accept": "application/json", **description.headers}
    if description.method == "get":
        body, address = b"", f"{description.address}?{urlencode(fields)}"
    else:
        body = json.dumps(fields, ensure_ascii=False).encode()
        address, headers["Content-Type"] = description.address, "application/json"
    headers |= build_sign_in(description, address, body, at)
    method = description.method.upper()
    return Request(address, body if method == "POST" else None, headers, method=method)


def build_sign_in(
    description: RegisterDescription, address: str, body: bytes, at: datetime
) -> dict[str, str]:
    """The headers that prove who asks. `signed`: HMAC-SHA256 of time, address and body with lines
    between."""
    secret = description.secret
    if description.sign_in == "basic":
        pair = base64.b64encode(f"{description.user}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if description.sign_in == "bearer":
        return {"Authorization": f"Bearer {secret}"}
    if description.sign_in == "signed":
        moment = str(int(at.timestamp()))
        signed = b"\n".join((moment.encode(), address.encode(), body))
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return {
            "X-Jifen-User": description.user,
            "X-Jifen-Time": moment,
            "X-Jifen-Signature": f"sha256={digest}",
        }
    return {}
