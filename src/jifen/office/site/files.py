"""Static files: kept for a year under the address with their hash, and sent compressed."""

import gzip
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from jifen.office.web.jinja import asset

KEPT = "max-age=31536000, public, immutable"
_WORDS = ("text/", "image/svg+xml")


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, which knows no addresses with a hash in the query and packs nothing itself."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """A static file."""
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        if request.META.get("QUERY_STRING") and request.get_full_path() == _address(request.path):
            response.headers["Cache-Control"] = KEPT
        if not response.headers.get("Content-Type", "").startswith(_WORDS):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        whole = request.method == "GET" and response.status_code == 200
        return _packed(response, request.path) if takes_gzip and whole else response


def _packed(response: HttpResponseBase, path: str) -> HttpResponse:
    body = _gzip(path, b"".join(response)) if path not in _made else _made[path]
    packed = HttpResponse(body, headers=dict(response.headers.items()))
    packed.headers["Content-Encoding"] = "gzip"
    packed.headers["Content-Length"] = str(len(body))
    # Its tag is that of the bytes that are not packed.
    packed.headers.pop("ETag", None)
    response.close()
    return packed


_made: dict[str, bytes] = {}


def _gzip(path: str, content: bytes) -> bytes:
    """Packed once: the files do not change while the site runs."""
    _made[path] = gzip.compress(content, mtime=0)
    return _made[path]


@cache
def _address(path: str) -> str:
    return asset(path.removeprefix(settings.STATIC_URL))
