"""What protects visitors: keys, hosts, headers, bounds on what is taken in."""

import os

from csp.constants import NONE, SELF

from jifen.office.site.settings.environment import (
    get_keys_file,
    get_notice_keys_file,
    read_allowed_hosts,
    read_mode,
    read_names,
    read_proxy_count,
    read_public_address,
    read_secret_key,
    read_suite,
)

_PRODUCTION = read_mode() == "production"

DEBUG = False
SECRET_KEY = read_secret_key()
JIFEN_MODE = read_mode()
JIFEN_KEYS = get_keys_file()
JIFEN_NOTICE_KEYS = get_notice_keys_file()
# What new keys are of: AES and P-256, or SM4 and SM2 (docs/running.md).
JIFEN_SUITE = read_suite()
# What signs notices: a class like FileKeys. A city with a hardware module names its own.
JIFEN_NOTICE_SIGNER = os.environ.get("JIFEN_NOTICE_SIGNER", "jifen.office.notices.keys.FileKeys")
# Where anybody checks a notice: it stands in square codes on paper, so it may not change.
JIFEN_ADDRESS = read_public_address()
AUTH_USER_MODEL = "accounts.User"
# Lines to other machines that the operator protects otherwise than by TLS (site/plain_lines.py).
JIFEN_PLAIN_LINES = read_names("JIFEN_PLAIN_LINES")
# Whose address is counted where requests are: the one that the last proxy of our own saw.
ALLAUTH_TRUSTED_PROXY_COUNT = read_proxy_count()
ALLOWED_HOSTS = read_allowed_hosts()
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS if name != "*"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: the square code of an authenticator app; a picture runs nothing
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _PRODUCTION else 0
# Only a proxy of one's own (JIFEN_PROXIES) is believed when it says that a visitor came by https;
# without one anybody could write this header.
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if _PRODUCTION and read_proxy_count() else None
)
SESSION_COOKIE_SECURE = _PRODUCTION
CSRF_COOKIE_SECURE = _PRODUCTION
CSRF_COOKIE_NAME = "__Host-csrf" if _PRODUCTION else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# The proxy of a city decides on redirects and subdomains.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]

# A person is a few kilobytes; 600 contribution spells of five fields are the most of a form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# Documents of several pages at once; each is bounded when it is looked at.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_200_000
