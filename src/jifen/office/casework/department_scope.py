"""What a reviewer of another department sees of a case: the facts of the gates of that department,
the documents that prove them, and nothing else."""

from dataclasses import dataclass

from jifen.office.casework.access import CaseAccess
from jifen.office.casework.case_policy import process_of
from jifen.office.casework.rules import REVIEWER

ALL_FACTS = "*"


@dataclass(frozen=True, slots=True)
class DepartmentScope:
    """The facts and the kinds of documents that may be seen; the gates that they belong to."""

    facts: frozenset[str]
    materials: frozenset[str]
    gates: frozenset[str]


def find_department_scope(case: CaseAccess) -> DepartmentScope | None:
    """What the asker may see; None for whoever handles, files or is the subject of the whole case,
    and for a department whose gate looks at every fact."""
    if case.sides != {REVIEWER}:
        return None
    process = process_of(case.application)
    gates = [gate for gate in process.gates if gate.department in case.departments]
    facts = frozenset(fact for gate in gates for fact in gate.facts)
    if ALL_FACTS in facts:
        return None
    materials = frozenset(m.id for m in process.materials if facts.intersection(m.facts))
    return DepartmentScope(facts, materials, frozenset(gate.id for gate in gates))
