"""Who signs in, and how: django-allauth does all of it (decision 0007)."""

import os
from typing import Any

from jifen.office.site.settings.environment import read_mode
from jifen.office.site.words import say

_PRODUCTION = read_mode() == "production"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "jifen.office.accounts.signin.passwords.GuessablePasswordValidator"},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "jifen.office.accounts.signin.adapters.AccountAdapter"
MFA_ADAPTER = "jifen.office.accounts.signin.adapters.SecondFactorAdapter"
# A sign-in name and a password: there may be no mail server.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
# Wrong passwords and codes are counted by account and source (accounts/signin/brakes.py), so that
# nobody is locked out by strangers; the library's own counts would do that.
ACCOUNT_RATE_LIMITS: dict[str, str | None] = {"login": None, "login_failed": None}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = say("settings.signin.jifen").zh
# A code that is typed when its half minute is over is right for one more (signin/codes.py).
MFA_TOTP_TOLERANCE = 1
_CODES = "jifen.office.accounts.signin.codes"
MFA_FORMS = {
    "authenticate": f"{_CODES}.SignInForm",
    "reauthenticate": f"{_CODES}.ReauthenticationCodeForm",
    "activate_totp": f"{_CODES}.ActivateForm",
}
# A machine of one's own has no certificate; passkeys need one everywhere else.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _PRODUCTION
USERSESSIONS_TRACK_ACTIVITY = True

# What a session holds is sealed. Messages for the next page may name a person, so they stand there
# and not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "jifen.office.accounts.signin.sessions"
SESSION_COOKIE_NAME = "__Host-session" if _PRODUCTION else "sessionid"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        # Counts of many visitors stand here: with the 300 of the default they push each other out.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 8 * 3600


def read_openid_settings() -> dict[str, Any]:
    """A city's unified identity, where JIFEN_OIDC_SERVER, _CLIENT and _SECRET name one."""
    ours = {"provider_class": "jifen.office.accounts.openid.provider.UnifiedIdentityProvider"}
    server = os.environ.get("JIFEN_OIDC_SERVER")
    if not server:
        return {"openid_connect": ours}
    app = {
        "provider_id": os.environ.get("JIFEN_OIDC_ID", "unified"),
        "name": os.environ.get("JIFEN_OIDC_NAME", say("settings.signin.unified_identity").zh),
        "client_id": os.environ.get("JIFEN_OIDC_CLIENT", ""),
        "secret": os.environ.get("JIFEN_OIDC_SECRET", ""),
        "settings": {"server_url": server},
    }
    return {"openid_connect": {**ours, "APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_PROVIDERS = read_openid_settings()
# Which of its claims hold a person's identity number and name; without the first nobody is tied.
JIFEN_OIDC_IDENTITY_CLAIM = os.environ.get("JIFEN_OIDC_IDENTITY_CLAIM", "")
JIFEN_OIDC_NAME_CLAIM = os.environ.get("JIFEN_OIDC_NAME_CLAIM", "name")
SOCIALACCOUNT_ONLY = False
