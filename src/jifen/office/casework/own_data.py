"""Everything that is kept of a person, for that person."""

import json
from collections.abc import Mapping
from typing import Any

from jifen.office.audit.queries import list_reads_of
from jifen.office.casework.models import Application
from jifen.office.registry.models import Person


def export_own_data(person: Person, more: Mapping[str, Any] | None = None) -> str:
    """JSON: the person, every case with its facts and decisions, and who looked at them; `more`:
    what others keep."""
    cases = Application.objects.filter(person=person).order_by("id")
    document = {
        "schema": "jifen.own-data.v1",
        "person": {
            "name": person.name,
            "identity_number": person.identity,
            "phone": person.phone,
        },
        "applications": [_case_to_dict(application) for application in cases],
        **(more or {}),
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _case_to_dict(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "city": application.city,
        "state": application.state,
        "opened": application.created_at,
        "facts": [
            {
                "fact": item.fact,
                "claimed": item.given,
                "found": item.found,
                "finding": item.finding,
                "source": item.source,
                "words": item.words,
            }
            for item in application.items.all()
        ],
        "documents": [
            {"kind": material.kind, "uploaded": [version.at for version in material.versions.all()]}
            for material in application.materials.prefetch_related("versions")
        ],
        "decisions": [
            {
                "outcome": decision.outcome,
                "signed_at": decision.signed_at,
                "result": json.loads(decision.result),
            }
            for decision in application.decisions.filter(signed_at__isnull=False)
        ],
        "history": [
            {"at": event.at, "act": event.act}
            for event in application.events.filter(internal=False)
        ],
        "looked_at": list_reads_of(f"application:{application.pk}"),
    }
