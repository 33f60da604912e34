"""Where a case is, as its applicant sees it."""

from jifen.office.casework.case_policy import process_of
from jifen.office.casework.models import Application
from jifen.policy.text import Lang, Text

GATES = {
    "waiting": Text("未到", "not yet"),
    "open": Text("办理中", "under way"),
    "passed": Text("已办结", "done"),
}


def gate_rows(application: Application, lang: Lang) -> list[dict[str, str]]:
    """Where a case is, as its applicant sees it: offices, not names."""
    process = process_of(application)
    return [
        {"label": process.find_gate(g.gate).label(lang), "words": GATES[g.state](lang)}
        for g in application.gates.all()
    ]
