"""What is published for checking without the site: keys, what was revoked, the page to keep."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jifen.office.notices import publication
from jifen.office.notices.content.templates import load_templates
from jifen.office.web.jinja import asset_text
from jifen.office.web.page import template_of
from jifen.office.web.signed import lang_of

_HOUR = "public, max-age=3600"


def _json(said: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = _HOUR
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys (JWKS)."""
    del request
    return _json(publication.build_key_list())


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Who issues credentials (SD-JWT VC)."""
    del request
    return _json(publication.build_issuer_metadata())


@require_safe
def kind_of_credential(request: HttpRequest) -> HttpResponse:
    """The one kind of credential."""
    del request
    return _json(publication.build_credential_metadata())


@require_safe
def revoked(request: HttpRequest) -> HttpResponse:
    """The dated, signed list of what was revoked."""
    del request
    response = HttpResponse(
        publication.build_revocation_list(), content_type="application/statuslist+jwt"
    )
    response.headers["Cache-Control"] = "public, max-age=60"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """One file that checks square codes without the network: with today's keys and list inside.
    It is a download, so that its script runs from the disk of whoever keeps it."""
    lang = lang_of(request)
    kinds = {kind: paper.title(lang) for kind, paper in load_templates().items()}
    said: dict[str, Any] = {
        "keys": publication.build_key_list(),
        "revoked": publication.build_revocation_list(),
        "lang": lang,
        "kinds": kinds,
    }
    has_sm2 = any(key["crv"] == "SM2" for key in said["keys"]["keys"])
    scripts = (["web/verify-sm2.js"] if has_sm2 else []) + ["web/verify.js"]
    inside = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
    context = {
        "inside": inside,
        "script": "\n".join(map(asset_text, scripts)),
        "at": timezone.now(),
        "hours": publication.LIST_VALID_SECONDS // 3600,
    }
    body = template_of(lang, "notices/offline.html").render(**context)
    response = HttpResponse(body)
    response.headers["Content-Disposition"] = 'attachment; filename="jifen-verify.html"'
    response.headers["Cache-Control"] = "no-store"
    return response
