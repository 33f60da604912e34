"""A page in the visitor's language and view: what every page's frame needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.http import urlencode
from jinja2 import Template

from jifen.cities import City, index
from jifen.office.web.preferences import preferences
from jifen.policy.text import Lang

_PREVIEWED = frozenset({"/", "/compare/"})


@dataclass(frozen=True, slots=True)
class Frame:
    """The head and foot of a page: where it is, how it is read, which form it keeps."""

    path: str
    query: tuple[tuple[str, str], ...]
    elder: bool
    keeps_form: bool
    cities: tuple[City, ...]
    here: str
    signed_in: str = ""
    """The name of whoever is signed in."""
    address: str = ""
    """Where the site is on the web, for the picture of a link; empty where nobody said."""

    @property
    def city(self) -> str:
        """The city of the page; empty where it is of none."""
        return self.here if self.here in {city.id for city in self.cities} else ""

    @property
    def has_preview(self) -> bool:
        """Whether a link to the page shows a preview of it: the pages for everybody, whose address
        holds no code."""
        return bool(self.address) and (bool(self.city) or self.path in _PREVIEWED)

    def switch(self, **chosen: str) -> str:
        """The address of this page under another language or view."""
        kept = [(name, value) for name, value in self.query if name not in chosen]
        return f"{self.path}?{urlencode([*kept, *chosen.items()])}"


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    keeps_form: bool = False,
    here: str = "",
    path: str = "",
) -> HttpResponse:
    """Render a page. `keeps_form`: switching the language posts the form of the page along."""
    frame = frame_of(request, keeps_form=keeps_form, here=here, path=path)
    lang = preferences(request).lang
    body = template_of(lang, template).render(frame=frame, **(context or {}))
    return HttpResponse(body, status=status)


def frame_of(
    request: HttpRequest, *, keeps_form: bool = False, here: str = "", path: str = ""
) -> Frame:
    """The head and foot for a request."""
    query = tuple((k, str(v)) for k, v in request.GET.items() if k not in ("lang", "view"))
    return Frame(
        path or request.path,
        query[:8],
        preferences(request).view == "elder",
        keeps_form,
        tuple(index().values()),
        here,
        _signed_in(request),
        settings.JIFEN_ADDRESS.rstrip("/"),
    )


def _signed_in(request: HttpRequest) -> str:
    """Without a session cookie nobody is asked: public pages stay the same for everybody."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not hasattr(request, "user"):
        return ""
    return request.user.get_full_name() if request.user.is_authenticated else ""


def template_of(lang: Lang, name: str) -> Template:
    """A compiled template in a language."""
    found: Template = engines[lang].get_template(name).template  # type: ignore[attr-defined]
    return found
