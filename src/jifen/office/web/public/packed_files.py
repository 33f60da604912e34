"""Files that a page fetches and keeps: the same for everybody, packed once, known by their digest.

An address that carries the digest of the bytes may be kept for good; any other is asked for again.
"""

import gzip
import hashlib
from dataclasses import dataclass

import zopfli.gzip
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

KEPT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "public, no-cache"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """Bytes, the same packed, and their digest."""

    content: bytes
    packed: bytes
    digest: str


def pack(content: bytes) -> PackedFile:
    """Bytes as they are served."""
    return _name_by_digest(content, gzip.compress(content, mtime=0))


def pack_tightly(content: bytes) -> PackedFile:
    """The same, a twentieth smaller and a hundred times slower: for what is made once a process."""
    return _name_by_digest(content, zopfli.gzip.compress(content, numiterations=5))


def _name_by_digest(content: bytes, packed: bytes) -> PackedFile:
    return PackedFile(content, packed, hashlib.sha256(content).hexdigest()[:16])


def serve_packed(
    request: HttpRequest, file: PackedFile, content_type: str, *, kept: bool
) -> HttpResponse:
    """Packed for whoever takes it: there is no secret in it, so its length tells nothing. `kept`:
    the address names these bytes."""
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    body = file.packed if takes_gzip else file.content
    response = HttpResponse(body, content_type=content_type)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ("Accept-Encoding",))
    response.headers["Cache-Control"] = KEPT if kept else ASKED_AGAIN
    tag = f'W/"{file.digest}"'
    response.headers["ETag"] = tag
    return get_conditional_response(request, etag=tag, response=response) or response
