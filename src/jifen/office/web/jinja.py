"""The template environments, one for each language: names that are not defined fail.

Components are Jinja macros. `t("中文")`, `lang`, `lang_tag` and `other_language` (which a page
can be switched to) are fixed in each environment, so a component needs no context and is compiled
once.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment, StrictUndefined

from jifen.office.web.citations import cited
from jifen.office.web.page_words import build_translate
from jifen.policy.months import format_month
from jifen.policy.quantity import format_number
from jifen.policy.source_titles import format_source_title
from jifen.policy.text import Lang
from jifen.scoring.result_status import describe_future_outcome

TAGS: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
"""What a page calls its language, for browsers and screen readers."""


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The language that a page can be switched to, and its own name."""

    code: Lang
    tag: str
    name: str


OTHERS: dict[Lang, OtherLanguage] = {
    "zh": OtherLanguage("en", TAGS["en"], "English"),
    "en": OtherLanguage("zh", TAGS["zh"], "中文"),
}


def zh(**options: Any) -> Environment:
    """The environment of the Chinese pages."""
    return _environment("zh", options)


def en(**options: Any) -> Environment:
    """The environment of the English pages."""
    return _environment("en", options)


def _environment(lang: Lang, options: dict[str, Any]) -> Environment:
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    made = Environment(**options)
    made.globals |= {"t": build_translate(lang), "lang": lang, "url": reverse, "asset": asset}
    made.globals |= {"lang_tag": TAGS[lang], "other_language": OTHERS[lang]}
    made.globals["reached_words"] = describe_future_outcome
    made.globals |= {"cited": cited, "source_title": format_source_title}
    made.filters["plain"] = format_number
    made.filters["month"] = format_month
    made.filters["in_language"] = lambda words, tongue: words(tongue)
    made.filters["local"] = local_time
    return made


def local_time(at: datetime) -> str:
    """A time in the cities' own clock."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S")


@cache
def asset(path: str) -> str:
    """The address of a static file, with a hash of its content: it may be kept for a year."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"the static file '{path}'")
    digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
    return f"{static(path)}?v={digest}"


@cache
def asset_text(path: str) -> str:
    """What a static file says, for a page that has to stand alone."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(f"the static file '{path}'")
    return Path(found).read_text(encoding="utf-8")
