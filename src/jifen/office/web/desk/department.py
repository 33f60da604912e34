"""The page of a case for a reviewer of another department: only what the gate needs."""

from typing import Any

from jifen.office.casework.department_scope import DepartmentScope
from jifen.office.web.desk.evidence import DeskFacts


def limit_to_department(context: dict[str, Any], scope: DepartmentScope) -> dict[str, Any]:
    """The values of the page without points, other facts and their papers, decision, notices,
    messages and history: they belong to the office that decides. Of notes, those that name the
    asker or are theirs."""
    return context | {
        "work": _limit_facts(context["work"], scope),
        "materials": [row for row in context["materials"] if row["id"] in scope.materials],
        "questions": {
            fact: question for fact, question in context["questions"].items() if fact in scope.facts
        },
        "gates": [gate for gate in context["gates"] if gate["id"] in scope.gates],
        "threads": [row for row in context["threads"] if row["item"] in _list_items(scope)],
        "thread_items": [row for row in context["thread_items"] if row[0] in _list_items(scope)],
        "corrections": _limit_corrections(context["corrections"], scope),
        "notes": [row for row in context["notes"] if context["case"].user.pk in row["accounts"]],
        **dict.fromkeys(("official", "guess", "claimed", "decision", "returned")),
        **dict.fromkeys(("expedite", "recheck")),
        **{name: [] for name in _EMPTY_LISTS},
        "estimate": {},
        "outcome": "",
    }


_EMPTY_LISTS = ("guess_lines", "told", "papers", "history", "false_records", "checks")


def _list_items(scope: DepartmentScope) -> set[str]:
    """What messages and corrections may be about, as 'fact:award'."""
    facts = {f"fact:{fact}" for fact in scope.facts}
    return facts | {f"material:{material}" for material in scope.materials}


def _limit_corrections(
    corrections: list[dict[str, Any]], scope: DepartmentScope
) -> list[dict[str, Any]]:
    """Of each correction the items of the gate; the words for all only where nothing else was
    asked for."""
    own_items, rows = _list_items(scope), []
    for correction in corrections:
        every = correction["items"]
        items = [item for item in every if f"{item['kind']}:{item['key']}" in own_items]
        if items:
            words = correction["words"] if len(items) == len(every) else ""
            rows.append(correction | {"items": items, "words": words})
    return rows


def _limit_facts(facts: DeskFacts, scope: DepartmentScope) -> DeskFacts:
    return DeskFacts(
        [row for row in facts.open if row["fact"] in scope.facts],
        [fact for fact in facts.agree if fact in scope.facts],
        [row for row in facts.elsewhere if row["fact"] in scope.facts],
        [row for row in facts.decided if row["fact"] in scope.facts],
        False,
        {kind: label for kind, label in facts.needed.items() if kind in scope.materials},
    )
