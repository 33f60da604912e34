"""Static files: cached for a year under the address with their hash, and sent compressed."""

import gzip
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from jifen.office.web.jinja import asset

CACHE_FOR_A_YEAR = "max-age=31536000, public, immutable"
_TEXT_TYPES = ("text/", "image/svg+xml")


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Adds hashed addresses and compression to WhiteNoise."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """A static file."""
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        if request.META.get("QUERY_STRING") and request.get_full_path() == _get_hashed_address(
            request.path
        ):
            response.headers["Cache-Control"] = CACHE_FOR_A_YEAR
        if not response.headers.get("Content-Type", "").startswith(_TEXT_TYPES):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        whole = request.method == "GET" and response.status_code == 200
        return _compress_response(response, request.path) if takes_gzip and whole else response


def _compress_response(response: HttpResponseBase, path: str) -> HttpResponse:
    body = (
        _compress_once(path, b"".join(response)) if path not in _compressed else _compressed[path]
    )
    packed = HttpResponse(body, headers=dict(response.headers.items()))
    packed.headers["Content-Encoding"] = "gzip"
    packed.headers["Content-Length"] = str(len(body))
    # Its tag is that of the bytes that are not packed.
    packed.headers.pop("ETag", None)
    response.close()
    return packed


_compressed: dict[str, bytes] = {}


def _compress_once(path: str, content: bytes) -> bytes:
    """Compressed once, since the files do not change while the site runs."""
    _compressed[path] = gzip.compress(content, mtime=0)
    return _compressed[path]


@cache
def _get_hashed_address(path: str) -> str:
    return asset(path.removeprefix(settings.STATIC_URL))
