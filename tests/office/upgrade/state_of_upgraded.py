"""A program: what an upgraded installation says of its decisions, papers and people, as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from jifen.office.site.command import set_up_django


def describe_upgraded(folder: Path) -> dict[str, Any]:
    """Each decision scored again, each paper opened and its statement checked; the keys and one
    statement are written into the folder, to be checked by the command."""
    from jifen.office.casework.actions.decisions import replay_decision
    from jifen.office.casework.models import Decision
    from jifen.office.notices.actions.printing import read_pdf
    from jifen.office.notices.keys import load_notice_keys
    from jifen.office.notices.models import Printing, Sheet
    from jifen.office.registry.models import Person
    from jifen.statements.jws import read_signed
    from jifen.statements.keys import build_jwks, name_key

    public = load_notice_keys().public()
    keys = {name_key(key): key for key in public}
    sheets = list(Sheet.objects.order_by("pk"))
    (folder / "public-keys.json").write_text(json.dumps(build_jwks(public)), encoding="utf-8")
    (folder / "statement.txt").write_text(sheets[0].statement, encoding="utf-8")
    decisions = Decision.objects.select_related("application").order_by("pk")
    return {
        "decisions": [
            [decision.application.number, decision.engine_version, replay_decision(decision).same]
            for decision in decisions
        ],
        "papers": [
            [read_pdf(sheet)[:5].decode(), read_signed(sheet.statement, keys).genuine]
            for sheet in sheets
        ],
        "waiting": Printing.objects.count(),
        "names": sorted(person.name for person in Person.objects.all()),
    }


if __name__ == "__main__":
    set_up_django()
    print(json.dumps(describe_upgraded(Path(sys.argv[1])), ensure_ascii=False))
