"""A real OpenID provider (django-oauth-toolkit) in a process of its own, with one person and one
client: what a city's unified identity is to the site.

`python -m tests.world.identity_server FOLDER REDIRECT` serves on a free port of this machine and
prints its address; whoever started it ends it.
"""

import json
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

CLIENT, SECRET = "jifen", "a secret of the test"
LOGIN, PASSWORD = "wangxm", "the password stays with the provider"
PAGES = {
    "registration/login.html": """<!doctype html><html lang="zh"><title>统一身份认证</title>
<link rel="icon" href="data:,"><form method="post">{% csrf_token %}{{ form }}
<button type="submit">登录</button></form></html>""",
    "oauth2_provider/authorize.html": """<!doctype html><html lang="zh"><title>同意</title>
<link rel="icon" href="data:,"><form method="post">{% csrf_token %}
{% for field in form %}{% if field.is_hidden %}{{ field }}{% endif %}{% endfor %}
<p>{{ application.name }}: {{ scopes_descriptions | join:", " }}</p>
<button type="submit">不同意</button> <button type="submit" name="allow" value="True">同意</button>
</form></html>""",
}
"""The pages on which the person signs in and consents; the provider's own need files of styles."""


class QuietHandler(WSGIRequestHandler):
    """Prints nothing for each request."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def configure(folder: Path) -> None:
    """Settings of a small Django site of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.db"}
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        LOGIN_URL="/login/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem.decode(),
            "OAUTH2_VALIDATOR_CLASS": "tests.world.identity_claims.Claims",
            "SCOPES": {"openid": "who you are", "profile": "your name", "email": "your address"},
            "PKCE_REQUIRED": True,
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF="tests.world.identity_urls",
        SECRET_KEY="a key of the test",
        SESSION_COOKIE_NAME="provider-session",
        CSRF_COOKIE_NAME="provider-token",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", PAGES),
                        "django.template.loaders.app_directories.Loader",
                    ],
                },
            }
        ],
        USE_TZ=True,
    )
    django.setup()


def fill(redirect: str, person: dict[str, Any]) -> None:
    """Its tables, the person, and the site as a client that people have to consent to."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from oauth2_provider.models import get_application_model

    call_command("migrate", verbosity=0)
    users: Any = get_user_model()
    users.objects.create_user(
        LOGIN, "", PASSWORD, first_name=person["name"], last_name=person["number"]
    )
    application: Any = get_application_model()
    application.objects.create(
        name="积分",
        client_id=CLIENT,
        client_secret=SECRET,
        client_type="confidential",
        authorization_grant_type="authorization-code",
        redirect_uris=redirect,
        algorithm="RS256",
    )


def main() -> None:
    """Serve until the end of the process."""
    folder, redirect, person = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    configure(folder)
    fill(redirect, person)
    from django.core.wsgi import get_wsgi_application

    server: WSGIServer = make_server(
        "127.0.0.1", 0, get_wsgi_application(), handler_class=QuietHandler
    )
    print(f"http://127.0.0.1:{server.server_port}/o", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
