"""The page of a case for a reviewer of another department: only what the gate needs."""

from typing import Any

from jifen.office.casework.department_scope import DepartmentScope
from jifen.office.web.desk.evidence import DeskFacts


def limit_to_department(context: dict[str, Any], scope: DepartmentScope) -> dict[str, Any]:
    """The values of the page without points, other facts and their papers, decision, notices,
    messages and history: they belong to the office that decides."""
    return context | {
        "work": _limit_facts(context["work"], scope),
        "materials": [row for row in context["materials"] if row["id"] in scope.materials],
        "questions": {
            fact: question for fact, question in context["questions"].items() if fact in scope.facts
        },
        "gates": [gate for gate in context["gates"] if gate["id"] in scope.gates],
        **dict.fromkeys(("official", "guess", "claimed", "decision", "returned")),
        **dict.fromkeys(("expedite", "recheck")),
        **{name: [] for name in _EMPTY_LISTS},
        "estimate": {},
        "outcome": "",
    }


_EMPTY_LISTS = ("guess_lines", "told", "papers", "history", "false_records", "checks")


def _limit_facts(facts: DeskFacts, scope: DepartmentScope) -> DeskFacts:
    return DeskFacts(
        [row for row in facts.open if row["fact"] in scope.facts],
        [fact for fact in facts.agree if fact in scope.facts],
        [row for row in facts.elsewhere if row["fact"] in scope.facts],
        [row for row in facts.decided if row["fact"] in scope.facts],
        False,
        {kind: label for kind, label in facts.needed.items() if kind in scope.materials},
    )
