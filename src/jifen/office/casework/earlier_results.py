"""Results as an earlier release wrote them, so that its decisions are replayed to the byte.

A decision keeps its result as text. Where a release words or arranges results differently, what it
wrote differently stands here, and nowhere else.
"""

from typing import Any

from jifen.scoring import Assessment
from jifen.scoring.clause_words import format_clause_of_0_1


def write_results(assessment: Assessment, engine_version: str) -> list[dict[str, Any]]:
    """The result in each form that a decision of that engine may have."""
    forms = [assessment.to_dict()]
    if engine_version.startswith("0.1."):
        forms.append(_write_as_0_1(assessment))
    return forms


def _write_as_0_1(assessment: Assessment) -> dict[str, Any]:
    """0.1.0 told doubts of a clause's number in two ways, and did not keep contradictions."""
    result = assessment.to_dict()
    result.pop("contradictions", None)
    bases = [condition.requirement.basis for condition in assessment.conditions]
    bases += [indicator.basis for indicator in assessment.rules.indicators]
    for written, basis in zip([*result["conditions"], *result["lines"]], bases, strict=True):
        written["clause"] = format_clause_of_0_1(basis, "zh")
    return result
