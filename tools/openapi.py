"""Write docs/openapi.json, the document of the HTTP API."""

import json
import os
from pathlib import Path

import django

TARGET = Path(__file__).parents[1] / "docs" / "openapi.json"


def main() -> None:
    """Write it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    django.setup()
    from jifen.office.api.site import api  # noqa: PLC0415 - needs the settings

    document = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"
    TARGET.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
