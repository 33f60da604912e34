"""An OpenID provider on this machine that answers as a test says: honestly, or with lies."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "jifen"
KEY_ID = "key-1"
PERSON = {"sub": "1001", "name": "王小明", "id_number": ""}


@cache
def _make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class IdentityProvider:
    """`sign` makes the token of a sign-in from its claims, after `change` was applied to them;
    `description` and `info` are what stands in the description and the user info instead of the
    truth."""

    address: str
    key: rsa.RSAPrivateKey = field(default_factory=_make_key)
    nonce: str = ""
    change: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str | None] = lambda claims: None

    def __post_init__(self) -> None:
        self.sign = self.sign_honestly

    def sign_honestly(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, "RS256", headers={"kid": KEY_ID})

    def answer(self, path: str) -> dict[str, Any]:
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self._describe,
            "/keys": self._list_keys,
            "/token": self._give_token,
            "/userinfo": lambda: PERSON | self.info,
        }
        return answers[path]()

    def _describe(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
        } | self.description

    def _list_keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": KEY_ID, "alg": "RS256", "use": "sig"}]}

    def _give_token(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "sub": PERSON["sub"],
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
        } | self.change
        signed = self.sign({name: value for name, value in claims.items() if value is not None})
        token = {"access_token": "access", "token_type": "Bearer", "expires_in": 300}
        return token | ({"id_token": signed} if signed else {})


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """A provider until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            body = json.dumps(provider.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
