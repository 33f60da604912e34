"""What makes a page: apps, middleware, templates, static files, the calendar of the cities."""

from pathlib import Path
from typing import Any

from jifen.office.site.settings.environment import read_mode

_WEB = Path(__file__).parents[2] / "web"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "jifen.office.audit",
    "jifen.office.accounts",
    "jifen.office.documents",
    "jifen.office.waiting",
    "jifen.office.registry",
    "jifen.office.casework",
    "jifen.office.desk",
    "jifen.office.lists",
    "jifen.office.messages",
    "jifen.office.notices",
    "jifen.office.api",
    "jifen.office.workshop",
    "jifen.office.consultation",
    "jifen.office.operate",
    "jifen.office.administration",
    "jifen.office.web",
]
# The public pages keep nothing: a session begins with signing in.
MIDDLEWARE = [
    "jifen.office.site.watched_requests.WatchedRequestsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "jifen.office.site.static_files.StaticFilesMiddleware",
    "jifen.office.web.headers.SteadyPolicyMiddleware",
    "jifen.office.web.packing.PackingMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jifen.office.web.editions.EditionsMiddleware",
    "jifen.office.web.preferences.PreferencesMiddleware",
    "jifen.office.web.errors.MethodMiddleware",
    "jifen.office.web.character_filter.CleanMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jifen.office.web.refusal_log.RefusalLogMiddleware",
    "jifen.office.web.bodies.BodyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jifen.office.web.language.LanguageMiddleware",
    "jifen.office.accounts.signin.middleware.StaffMiddleware",
    "jifen.office.web.permissions.PermissionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "jifen.office.accounts.signin.activity.ActivityMiddleware",
]
if read_mode() == "sandbox":
    MIDDLEWARE.insert(0, "jifen.office.sandbox.clock.SandboxClockMiddleware")
ROOT_URLCONF = "jifen.office.site.urls"
WSGI_APPLICATION = "jifen.office.site.wsgi.application"
CSRF_FAILURE_VIEW = "jifen.office.web.errors.forbidden"


def _build_templates(lang: str) -> dict[str, Any]:
    # One environment for each language: `t` and `lang` are fixed in it, so components need no
    # context and are compiled once.
    return {
        "NAME": lang,
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_WEB / "templates"],
        "OPTIONS": {"environment": f"jifen.office.web.jinja.{lang}"},
    }


# Pages of signing in are the library's, in Django's own language, in our frame.
_SIGN_IN: dict[str, Any] = {
    "NAME": "sign-in",
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [_WEB / "signin" / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "jifen.office.web.signin.frame.frame",
        ]
    },
}
TEMPLATES = [_build_templates("zh"), _build_templates("en"), _SIGN_IN]

LANGUAGE_CODE = "zh-hans"
# Only the pages of signing in are translated by Django; ours hold both languages.
USE_I18N = True
USE_TZ = True
# Dates of residence, contribution and assessment are days in the cities.
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = None
# Static files are served from the packages. An address that carries the hash of the content may be
# kept for a year (site/static_files.py); any other is asked for again after a minute.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 60
