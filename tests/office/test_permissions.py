"""Every address has an audience; a new one must be given its own here."""

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    "home",
    "healthz",
    "robots",
    "favicon",
    "compare",
    "assess",
    "update",
    "save",
    "load",
    "versions",
    "book",
    "diff",
}
# Those that take forms without a token: they store nothing and nobody is signed in.
WITHOUT_TOKEN = {"compare", "assess", "update", "save", "load"}


def _patterns() -> list[URLPattern]:
    found: list[URLPattern] = []
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLResolver):
            waiting += entry.url_patterns
        else:
            found.append(entry)
    return found


def test_every_address_has_an_audience() -> None:
    assert {pattern.name for pattern in _patterns()} == PUBLIC


def test_only_pages_that_keep_nothing_take_forms_without_a_token() -> None:
    exempt = {p.name for p in _patterns() if getattr(p.callback, "csrf_exempt", False)}
    assert exempt == WITHOUT_TOKEN
