"""A page in the visitor's language and view: what every page's frame needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.http import urlencode
from jinja2 import Template

from jifen.cities import City, index
from jifen.office.web.preferences import preferences
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class Frame:
    """The head and foot of a page: where it is, how it is read, which form it keeps."""

    path: str
    query: tuple[tuple[str, str], ...]
    elder: bool
    keeps_form: bool
    cities: tuple[City, ...]
    here: str

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
    chosen = preferences(request)
    query = tuple((k, str(v)) for k, v in request.GET.items() if k not in ("lang", "view"))
    frame = Frame(
        path or request.path,
        query[:8],
        chosen.view == "elder",
        keeps_form,
        tuple(index().values()),
        here,
    )
    body = template_of(chosen.lang, template).render(frame=frame, **(context or {}))
    return HttpResponse(body, status=status)


def template_of(lang: Lang, name: str) -> Template:
    """A compiled template in a language."""
    found: Template = engines[lang].get_template(name).template  # type: ignore[attr-defined]
    return found
