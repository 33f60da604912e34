"""The worked cases of a version become those of the version that follows on it: the same people,
and what the new rules give them. What a draft changes was accepted before as intended."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jifen.cities.city_files import read_yaml_file
from jifen.cities.worked_cases import WorkedCase, read_cases
from jifen.facts.fault import FactsError
from jifen.policy.editing import write_document
from jifen.policy.fault import DocumentError
from jifen.policy.policy import Policy
from jifen.policy.purposes import CHOICE
from jifen.policy.quantity import format_number
from jifen.policy.text import Text
from jifen.rulebook.words import say
from jifen.scoring import Assessment, assess
from jifen.scoring.selected_people import select_people_of_case

_WORDS = {True: "true", False: "false", None: None}
_ANSWERS = ("eligible", "vetoed", "reached")


def write_inherited_cases(
    base: Policy, new: Policy, changed: Mapping[str, Text], accepted: Text
) -> str:
    """The file of worked cases of a new version; empty where the version it follows on has none.

    `base`: the version that it follows on; `new`: the new version; `changed`: case → what it gave
    before, for those that the draft changes; `accepted`: who accepted them. A case that the new
    rules cannot count is left out. Raises PolicyError where the cases of the base cannot be read,
    OSError."""
    path = _path_of_cases(base)
    if path is None or not path.is_file():
        return ""
    plain = read_yaml_file(path).to_plain()
    cases = []
    for written, case in zip(plain["cases"], read_cases(path), strict=True):
        expected = _work_out_expected(new, case)
        if expected:
            before = changed.get(case.id)
            cases.append(
                _rewrite_case(written, new)
                | {"expect": expected, "source": _tell_source(case, base, before, accepted)}
            )
    if not cases:
        return ""
    heading = say("inherited_cases.heading", version=new.version, base=base.version)
    return f"# {heading.zh}\n# {heading.en}\n" + write_document(plain | {"cases": cases})


def _path_of_cases(policy: Policy) -> Path | None:
    return policy.path.with_name(policy.path.stem + ".cases.yaml") if policy.path else None


def _rewrite_case(written: dict[str, Any], new: Policy) -> dict[str, Any]:
    """A case as it stands in the file, without readings that the new rules do not have."""
    case = {key: value for key, value in written.items() if key not in ("expect", "source")}
    readings = {
        switch: reading
        for switch, reading in (case.pop("readings", None) or {}).items()
        if reading in new.choices.get(switch, ())
    }
    if readings:
        case["readings"] = readings
    if case.get("purpose") not in (None, *new.choices.get(CHOICE, ())):
        del case["purpose"]
    return case


def _readings_of(case: WorkedCase, new: Policy) -> dict[str, str]:
    chosen = case.readings.items()
    return {name: word for name, word in chosen if word in new.choices.get(name, ())}


def _work_out_expected(new: Policy, case: WorkedCase) -> dict[str, Any]:
    """What the new rules give, for everything that the case states; empty where they cannot count
    it."""
    readings = _readings_of(case, new)
    try:
        if case.people:
            outcome = select_people_of_case(new, replace(case, readings=readings))
            return {key: outcome[key] for key in outcome if key in case.expect}
        return _describe_result(assess(new, case.facts, case.on, readings=readings), case)
    except (FactsError, DocumentError, ValueError):
        return {}


def _describe_result(result: Assessment, case: WorkedCase) -> dict[str, Any]:
    stated, expected = set(case.expect), dict[str, Any]()
    lines = {line.indicator.id: line.bounds for line in result.lines}
    named = [ident for ident in case.expect.get("lines") or () if ident in lines]
    if named:
        expected["lines"] = {ident: _point(*lines[ident]) for ident in named}
    elif stated == {"lines"}:  # every indicator that it names was retired
        stated = {"total", "reached"}
    if "total" in stated:
        expected["total"] = _point(*result.bounds)
    if "bounds" in stated or ("total" in stated and expected["total"] is None):
        expected["bounds"] = [format_number(end) for end in result.bounds]
    return expected | {key: _WORDS[getattr(result, key)] for key in _ANSWERS if key in stated}


def _point(low: Any, high: Any) -> str | None:
    return format_number(low) if low == high else None


def _tell_source(
    case: WorkedCase, base: Policy, before: Text | None, accepted: Text
) -> dict[str, str]:
    """Where the expected figures of a case come from."""
    name = base.version
    if before is not None:
        words = say(
            "inherited_cases.another_result", version=name, before=before, accepted=accepted
        )
        return {"zh": words.zh, "en": words.en}
    source = case.source
    version = say("inherited_cases.version", version=name)
    prefix = say("inherited_cases.version_and_space").zh
    if not source.zh or source.zh.startswith(prefix):
        return {"zh": source.zh or version.zh, "en": source.en or version.en}
    words = say("inherited_cases.same_result", version=name, source=source)
    return {"zh": words.zh, "en": words.en}
