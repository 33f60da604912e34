"""How messages leave: the embedded ways where nothing is set."""

import os

from django.core.exceptions import ImproperlyConfigured

from jifen.office.site.settings.environment import mode, var

# The address of an SMS gateway, and the secret that both sides sign with. Empty: a local outbox.
JIFEN_SMS_URL = os.environ.get("JIFEN_SMS_URL", "")
JIFEN_SMS_SECRET = os.environ.get("JIFEN_SMS_SECRET", "")
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
    + ("smtp.EmailBackend" if mode() == "production" else "filebased.EmailBackend"),
)
EMAIL_FILE_PATH = str(var() / "mail")
EMAIL_HOST = os.environ.get("JIFEN_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("JIFEN_EMAIL_PORT", "25"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("JIFEN_EMAIL_FROM", "jifen@localhost")
