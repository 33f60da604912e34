"""What a browser keeps to go on without a network: the service worker and its list of files."""

import hashlib
import json
from functools import cache

from django.urls import reverse

from jifen.cities import index
from jifen.office.web.jinja import asset, asset_text
from jifen.office.web.public.packed_files import PackedFile, pack
from jifen.office.web.public.script_modules import module_address, script_modules

_SCRIPT = "web/service-worker.js"
ASSETS = (
    "web/jifen.css",
    "web/steps.css",
    "web/stored_answers.js",
    "web/steps.js",
    "web/mark.svg",
    "web/icon-180.png",
    "web/icon-192.png",
    "web/jifen.webmanifest",
)
"""The static files of the pages that work without a network."""


@cache
def service_worker() -> PackedFile:
    """The script with its list: other files make another script, and the browser takes it."""
    files = [*map(asset, ASSETS), *map(module_address, script_modules())]
    pages = [reverse("assess", args=[city]) for city in index()]
    script = asset_text(_SCRIPT)
    version = hashlib.sha256("\n".join([script, *files, *pages]).encode()).hexdigest()[:16]
    release = {
        "version": version,
        "files": files,
        "cities": [reverse("home"), *pages],
        "offline": reverse("offline"),
    }
    return pack(f"const RELEASE = {json.dumps(release)};\n{script}".encode())
