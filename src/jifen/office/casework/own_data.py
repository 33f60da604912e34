"""Everything that is kept of a person, for that person."""

import json
from collections.abc import Mapping
from typing import Any

from jifen.office.audit.queries import list_reads_of
from jifen.office.casework.models import Application
from jifen.office.registry.models import Person


def own_data(person: Person, more: Mapping[str, Any] | None = None) -> str:
    """JSON: the person, every case with its facts and decisions, and who looked at them; `more`:
    what others keep."""
    cases = Application.objects.filter(person=person).order_by("id")
    told = {
        "schema": "jifen.own-data.v1",
        "person": {
            "name": person.name,
            "identity_number": person.identity,
            "phone": person.phone,
        },
        "applications": [_case(a) for a in cases],
        **(more or {}),
    }
    return json.dumps(told, ensure_ascii=False, indent=1, default=str)


def _case(a: Application) -> dict[str, Any]:
    return {
        "number": a.number,
        "city": a.city,
        "state": a.state,
        "opened": a.created_at,
        "facts": [
            {
                "fact": item.fact,
                "claimed": item.given,
                "found": item.found,
                "finding": item.finding,
                "source": item.source,
                "words": item.words,
            }
            for item in a.items.all()
        ],
        "documents": [
            {"kind": m.kind, "uploaded": [v.at for v in m.versions.all()]}
            for m in a.materials.prefetch_related("versions")
        ],
        "decisions": [
            {"outcome": d.outcome, "signed_at": d.signed_at, "result": json.loads(d.result)}
            for d in a.decisions.filter(signed_at__isnull=False)
        ],
        "history": [{"at": e.at, "act": e.act} for e in a.events.filter(internal=False)],
        "looked_at": list_reads_of(f"application:{a.pk}"),
    }
