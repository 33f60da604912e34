"""Signing in through a provider on this machine, and each lie that it may tell."""

import html
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.site.settings import signin
from tests.world.identity_provider import CLIENT, KEY_ID, IdentityProvider, identity_provider

pytestmark = pytest.mark.django_db
LOGIN = "/account/oidc/unified/login/"
CALLBACK = "/account/oidc/unified/login/callback/"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    with identity_provider() as here:
        monkeypatch.setenv("JIFEN_OIDC_SERVER", here.address)
        monkeypatch.setenv("JIFEN_OIDC_CLIENT", CLIENT)
        monkeypatch.setenv("JIFEN_OIDC_SECRET", "a secret of the test")
        monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", signin.read_openid_settings())
        yield here


def _go(client: Client) -> dict[str, str]:
    """To the provider: what it was asked for."""
    page = client.post(LOGIN).content.decode()
    (address,) = re.findall('http-equiv="refresh" content="0;url=([^"]+)"', page)
    asked = parse_qs(urlsplit(html.unescape(address)).query)
    return {name: value for name, (value,) in asked.items()}


def _come_back(client: Client, provider: IdentityProvider) -> Any:
    asked = _go(client)
    provider.nonce = provider.nonce or asked["nonce"]
    return client.get(CALLBACK, {"code": "code", "state": asked["state"]})


def _is_refused(client: Client, answer: Any) -> bool:
    """A page says so, nobody is signed in, and no account was made."""
    is_signed_in = "_auth_user_id" in client.session
    return answer.status_code < 500 and not is_signed_in and not User.objects.exists()


def test_who_is_vouched_for_signs_in(provider: IdentityProvider) -> None:
    client = Client()
    assert _come_back(client, provider)["Location"] == "/my/"
    (somebody,) = User.objects.all()
    assert client.session["_auth_user_id"] == str(somebody.pk)
    provider.nonce = ""
    again = Client()
    _come_back(again, provider)
    assert again.session["_auth_user_id"] == str(somebody.pk)


def test_after_twelve_hours_the_provider_is_asked_again(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, now = Client(), time.time()
    _come_back(client, provider)
    monkeypatch.setattr("jifen.office.accounts.openid.sessions.time.time", lambda: now + 11 * 3600)
    assert client.get("/my/").status_code == 200
    monkeypatch.setattr("jifen.office.accounts.openid.sessions.time.time", lambda: now + 13 * 3600)
    assert client.get("/my/")["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def test_each_sign_in_has_a_nonce_and_a_challenge_of_its_own(provider: IdentityProvider) -> None:
    one, other = _go(Client()), _go(Client())
    assert one["nonce"] != other["nonce"]
    assert one["code_challenge_method"] == "S256"
    assert one["code_challenge"] != other["code_challenge"]


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another site"},
        {"aud": [CLIENT, "another site"], "azp": "another site"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nonce": None},
        {"nonce": "of another sign-in"},
        {"sub": None},
        {"sub": "2002"},
    ],
    ids=str,
)
def test_a_token_that_says_something_wrong_is_refused(
    provider: IdentityProvider, change: dict[str, Any]
) -> None:
    provider.change = change
    client = Client()
    assert _is_refused(client, _come_back(client, provider))


def _sign_with_another_key(claims: dict[str, Any]) -> str:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, other, "RS256", headers={"kid": KEY_ID})


def _sign_with_nothing(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", "none", headers={"kid": KEY_ID})


def _name_a_key_that_is_not_there(claims: dict[str, Any]) -> str:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, other, "RS256", headers={"kid": "key-2"})


def _break(claims: dict[str, Any]) -> str:
    return "not.a.token"


def _say_nothing(claims: dict[str, Any]) -> None:
    return None


@pytest.mark.parametrize(
    "sign",
    [
        _sign_with_another_key,
        _sign_with_nothing,
        _name_a_key_that_is_not_there,
        _break,
        _say_nothing,
    ],
)
def test_a_token_that_is_not_signed_by_the_provider_is_refused(
    provider: IdentityProvider, sign: Any
) -> None:
    provider.sign = sign
    client = Client()
    assert _is_refused(client, _come_back(client, provider))


def test_the_public_key_is_no_shared_secret(provider: IdentityProvider) -> None:
    """A known trick: the public key, taken as the secret of an HMAC."""
    public = provider.key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    provider.sign = lambda claims: jwt.encode(claims, public, "HS256", headers={"kid": KEY_ID})
    client = Client()
    assert _is_refused(client, _come_back(client, provider))


def test_user_info_about_somebody_else_is_refused(provider: IdentityProvider) -> None:
    provider.info = {"sub": "2002"}
    client = Client()
    assert _is_refused(client, _come_back(client, provider))


def test_a_description_that_names_another_issuer_is_refused(provider: IdentityProvider) -> None:
    provider.description = {"issuer": "https://elsewhere.example"}
    client = Client()
    answer = client.post(LOGIN)
    assert answer.status_code == 401
    assert _is_refused(client, answer)


def test_a_token_is_good_for_one_sign_in(provider: IdentityProvider) -> None:
    """Somebody who got hold of another's answer cannot play it again."""
    _come_back(Client(), provider)
    User.objects.all().delete()
    thief = Client()
    assert _is_refused(thief, _come_back(thief, provider))


def test_a_state_that_the_session_does_not_know_is_refused(provider: IdentityProvider) -> None:
    asked = _go(Client())
    provider.nonce = asked["nonce"]
    thief = Client()
    answer = thief.get(CALLBACK, {"code": "code", "state": asked["state"]})
    assert _is_refused(thief, answer)


def test_a_provider_that_is_away_is_told_and_nothing_breaks(
    provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {**signin.read_openid_settings()["openid_connect"]}
    away["APPS"] = [{**away["APPS"][0], "settings": {"server_url": "http://127.0.0.1:9"}}]
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", {"openid_connect": away})
    answer = Client().post(LOGIN)
    assert answer.status_code == 401
    assert "统一身份认证登录没有成功" in answer.content.decode()


def test_whoever_cancels_there_is_told_that_nothing_happened(provider: IdentityProvider) -> None:
    client = Client()
    asked = _go(client)
    answer = client.get(CALLBACK, {"error": "access_denied", "state": asked["state"]}, follow=True)
    assert "您取消了登录" in answer.content.decode()
    assert _is_refused(client, answer)


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "密码不会传给本站"), ("en", "your password stays there")]
)
def test_it_is_said_what_the_provider_will_tell(
    provider: IdentityProvider, lang: str, words: str
) -> None:
    assert words in Client().get(LOGIN, {"lang": lang}).content.decode()


def test_a_provider_that_nobody_configured_is_not_found(provider: IdentityProvider) -> None:
    assert Client().post("/account/oidc/another/login/").status_code == 404
