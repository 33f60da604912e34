"""What an assessment says, word for word: the JSON of several people under a policy with one of
everything. The expected texts stand in `printed`; whoever changes a wording changes them there."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen.policy import Policy
from jifen.policy.text import Lang
from jifen.scoring import assess
from tests.policy.faults import HERE, policy

PRINTED = Path(__file__).parent / "printed"
ON = date(2023, 8, 1)
LANGUAGES: list[Lang] = ["zh", "en"]
_KNOWN: dict[str, Any] = {
    "birth_date": "1983-01-01",
    "insured_months": 61,
    "insured_months_last_12": 12,
    "base_ratio": "2.5",
    "education": "college",
    "permit_valid": True,
    "serious_crime": False,
    "detention_dates": [],
}
PEOPLE: dict[str, dict[str, Any]] = {
    "of whom nothing is known": {},
    "of whom all is known": _KNOWN,
    "with records": _KNOWN | {"detention_dates": ["2018-08-01", "2018-08-02", "2023-08-01"]},
    "at the cap of the group": _KNOWN | {"insured_months": 720, "birth_date": "1995-01-01"},
    "with a crime": _KNOWN | {"serious_crime": True},
    "of whom it is not known whether there is a crime": {
        ident: value for ident, value in _KNOWN.items() if ident != "serious_crime"
    },
    "without a permit": _KNOWN | {"permit_valid": False},
    "too young": _KNOWN | {"birth_date": "2005-08-02", "insured_months": 0},
    "of age": _KNOWN | {"birth_date": "2005-08-01", "insured_months": 6},
    "whose base does not apply": _KNOWN | {"base_ratio": None, "education": "none"},
    "whose schooling is open": {i: v for i, v in _KNOWN.items() if i != "education"},
    "of whom only records are known": {"detention_dates": ["2023-01-01", "2023-02-01"]},
    "whose condition is open": {i: v for i, v in _KNOWN.items() if i != "insured_months_last_12"},
    "whose permit is not known": {i: v for i, v in _KNOWN.items() if i != "permit_valid"},
    "with months by records": {
        ident: value for ident, value in _KNOWN.items() if not ident.startswith("insured")
    }
    | {"contributions": [{"from": "2020-01", "to": "2023-07", "base": 9000}]},
}


def full() -> Policy:
    return policy((HERE / "printed" / "full.yaml").read_text("utf-8"))


def printed(lang: Lang) -> str:
    parts = {}
    for name, facts in PEOPLE.items():
        result = assess(full(), facts, ON)
        said = result.to_dict(lang)
        del said["policy_hash"]
        said["warnings"] = [words(lang) for words in result.warnings]
        said["answered"] = str(result.answered)
        parts[name] = said
    return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_json_of_an_assessment(lang: Lang) -> None:
    assert printed(lang) == (PRINTED / f"assessments.{lang}.json").read_text("utf-8")


def test_the_json_names_the_policy_by_its_hash() -> None:
    assert assess(full(), {}, ON).to_dict()["policy_hash"] == full().hash
