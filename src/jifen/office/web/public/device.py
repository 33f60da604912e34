"""What a browser needs to answer the questions of a city by itself: the measure as data, and the
screens without anybody's answers.

Both hold no personal data and are the same for everybody. Their addresses carry the digest of their
bytes, so that a browser keeps them for good; without it the browser asks each time for changes.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.http import urlencode

from jifen.cities import City
from jifen.office.web.public.answers import Answers
from jifen.office.web.public.catalogue import today
from jifen.office.web.public.packed_files import PackedFile, pack
from jifen.office.web.public.script_modules import module_address
from jifen.office.web.public.self_assessment import work_out
from jifen.office.web.public.steps.blank_screens import blank_screens
from jifen.policy.model import Rules
from jifen.policy.policy import Policy
from jifen.policy.text import Lang
from jifen.scoring.device import (
    FORMAT,
    NotRepresentable,
    serialize_device_document,
    write_fault_sentences,
)


@lru_cache(maxsize=64)
def device_file(rules: Rules, on: date) -> PackedFile:
    """The document; where the measure cannot be carried it says so, and a page asks the server."""
    return pack(_device_content(rules, on))


def _device_content(rules: Rules, on: date) -> bytes:
    try:
        return serialize_device_document(rules, on)
    except NotRepresentable as error:
        return _refusal(rules, on, error)


@lru_cache(maxsize=256)
def is_carried(rules: Rules) -> bool:
    """Whether a browser can score by this measure."""
    try:
        serialize_device_document(rules, today())
    except NotRepresentable:
        return False
    return True


def screens_file(city: City, policy: Policy, on: date, lang: Lang, *, elder: bool) -> PackedFile:
    """The screens of a city in a language and a view."""
    # made anew each day: they say "today"
    key = (city.id, policy.hash, on, lang, elder, today())
    if key not in _screens:
        if len(_screens) >= _SCREENS_MOST:
            _screens.clear()
        work = work_out(policy, on, Answers(), presets=False)
        document = blank_screens(city, work, lang, elder=elder)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        _screens[key] = pack(text.encode())
    return _screens[key]


_SCREENS_MOST = 48
_screens: dict[tuple[object, ...], PackedFile] = {}


def _refusal(rules: Rules, on: date, error: NotRepresentable) -> bytes:
    document = {
        "format": FORMAT,
        "city": rules.city,
        "version": rules.version,
        "on": on.isoformat(),
        "ask": fault_document("JF-Z001", "not_carried", what=error.element),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def device_address(rules: Rules, on: date) -> str:
    """Where a page finds the document of its rules, for good: with day, readings and digest."""
    readings = [(f"reading.{switch}", reading) for switch, reading in rules.choices.items()]
    query = [("on", on.isoformat()), *readings, ("v", device_file(rules, on).digest)]
    return f"{reverse('device', args=[rules.city])}?{urlencode(query)}"


@dataclass(frozen=True, slots=True)
class DeviceAddresses:
    """Where a page finds what it scores with: the module, the measure, the screens."""

    module: str
    measure: str
    screens: str


def device_addresses(
    city: City, policy: Policy, rules: Rules, on: date, lang: Lang, *, elder: bool
) -> DeviceAddresses | None:
    """For the page of a city; None where the server has to score. Those of another day than today
    are named without their digest: nobody makes them before they are asked for. A measure of
    several purposes is scored by the server: its screens are those of one purpose."""
    if policy.purposes or not is_carried(rules):
        return None
    shown = [("on", on.isoformat()), ("words", lang), ("text", "large" if elder else "standard")]
    measure = f"{reverse('device', args=[rules.city])}?{urlencode([('on', on.isoformat())])}"
    if on == today():
        shown.append(("v", screens_file(city, policy, on, lang, elder=elder).digest))
        measure = device_address(policy.rules_on(on), on)
    screens = f"{reverse('screens', args=[city.id])}?{urlencode(shown)}"
    return DeviceAddresses(module_address("device/page.js"), measure, screens)


def fault_document(code: str, kind: str, **values: object) -> dict[str, object]:
    """A fault for a program: its code and a sentence in both languages."""
    chinese, english = (
        template.format(**values) for template in write_fault_sentences()[code][kind]
    )
    return {"code": code, "words": {"zh": chinese, "en": english}}
