"""How messages leave: the embedded ways where nothing is set."""

import os

from django.core.exceptions import ImproperlyConfigured

from jifen.office.site.settings.environment import (
    get_var_folder,
    read_choice,
    read_mode,
    read_whole_number,
)

# The address of an SMS gateway, and the secret that both sides sign with. Empty: a local outbox.
JIFEN_SMS_URL = os.environ.get("JIFEN_SMS_URL", "")
JIFEN_SMS_SECRET = os.environ.get("JIFEN_SMS_SECRET", "")
# Which gateway: 'jifen' (the port of docs/sending.md), or 'aliyun' (Alibaba Cloud), which also
# takes the id of an access key and a file of approved templates.
JIFEN_SMS_GATEWAY = read_choice("JIFEN_SMS_GATEWAY", ("jifen", "aliyun"), "jifen")
JIFEN_SMS_USER = os.environ.get("JIFEN_SMS_USER", "")
JIFEN_SMS_TEMPLATES = os.environ.get("JIFEN_SMS_TEMPLATES", "")
if JIFEN_SMS_GATEWAY == "aliyun":
    for _name, _value in (
        ("JIFEN_SMS_USER", JIFEN_SMS_USER),
        ("JIFEN_SMS_SECRET", JIFEN_SMS_SECRET),
        ("JIFEN_SMS_TEMPLATES", JIFEN_SMS_TEMPLATES),
    ):
        if not _value:
            raise ImproperlyConfigured(
                f"JIFEN_SMS_GATEWAY is aliyun and {_name} is not set. Set JIFEN_SMS_USER (id of "
                "the access key), JIFEN_SMS_SECRET (its secret) and JIFEN_SMS_TEMPLATES (a file, "
                "see docs/sending.md)."
            )
if JIFEN_SMS_URL and not JIFEN_SMS_SECRET:
    raise ImproperlyConfigured(
        "JIFEN_SMS_URL is set and JIFEN_SMS_SECRET is not: messages would be signed with nothing. "
        "Set the secret that the gateway knows."
    )
# Group chats that an employer may name, by the schemes of apprise.
JIFEN_GROUP_SERVICES = ("wecombot", "dingtalk", "feishu")
# Any backend of Django's; an embedded installation keeps mails as files.
EMAIL_BACKEND = os.environ.get(
    "JIFEN_EMAIL_BACKEND",
    "django.core.mail.backends."
    + ("smtp.EmailBackend" if read_mode() == "production" else "filebased.EmailBackend"),
)
EMAIL_FILE_PATH = str(get_var_folder() / "mail")
EMAIL_HOST = os.environ.get("JIFEN_EMAIL_HOST", "localhost")
EMAIL_PORT = read_whole_number("JIFEN_EMAIL_PORT", 25, 65_535, "the port of the mail server")
# Mail is sent signed in, and under TLS: "starttls" (port 587), "tls" (port 465) or "none".
EMAIL_HOST_USER = os.environ.get("JIFEN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("JIFEN_EMAIL_PASSWORD", "")
_TLS = os.environ.get("JIFEN_EMAIL_TLS", "none")
if _TLS not in ("none", "starttls", "tls"):
    raise ImproperlyConfigured(
        f"JIFEN_EMAIL_TLS is '{_TLS[:20]}'; write starttls (port 587), tls (port 465) or none"
    )
if EMAIL_HOST_PASSWORD and _TLS == "none":
    raise ImproperlyConfigured(
        "JIFEN_EMAIL_PASSWORD is set and JIFEN_EMAIL_TLS is none: the password would travel in "
        "clear text. Set JIFEN_EMAIL_TLS to starttls or tls."
    )
EMAIL_USE_TLS = _TLS == "starttls"
EMAIL_USE_SSL = _TLS == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("JIFEN_EMAIL_FROM", "jifen@localhost")
