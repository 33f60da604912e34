"""A faulty brief names the place, what stands there and what to do, in both languages."""

from typing import Any

import pytest

from jifen.policy.fault import PolicyError
from tests.lab.search.briefs import document, read_text

ONE_OF_TWO = ("either people or share_of_today", "write one of the two")
KNOWN = "one of the figures of vary: bachelor, line"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"admit": {"people": 5, "share_of_today": 0.9}},
            (
                "people and share_of_today",
                "either people or share_of_today",
                "write one of the two",
            ),
        ),
        (
            {"admit": {"within": 5}},
            (
                "neither people nor share_of_today",
                "either people or share_of_today",
                "write one of the two",
            ),
        ),
        (
            {"admit": {"people": -5}},
            ("-5", "a number from 0 on", "correct the number"),
        ),
        (
            {"limits": {"groups": [{"by": "education", "most_loss": 8}]}},
            ("8", "a share from 0 to 1", "write 0.02 for 2 %"),
        ),
        (
            {"limits": {"keep_order": [["bachelor", "mastr"]]}},
            (
                "the unknown figure 'mastr'",
                "one of the figures of vary: bachelor, line",
                "correct or remove it",
            ),
        ),
    ],
)
def test_a_fault_of_a_brief_says_what_to_do(
    more: dict[str, Any], words: tuple[str, str, str]
) -> None:
    made = document(["bachelor", "line"], {"people": 5}) | more
    with pytest.raises(PolicyError) as caught:
        read_text(str(made))
    [fault] = caught.value.faults
    assert (fault.code, fault.found, fault.expected, fault.remedy) == ("JF-L007", *words)
    assert fault.place.file == "brief.yaml"
    chinese = fault.in_language("zh")
    assert chinese.found
    assert chinese.remedy != fault.remedy


def test_a_brief_without_limits_or_preferences_has_the_plain_ones() -> None:
    wanted = read_text(str(document(["bachelor"], {"people": 5})))
    assert wanted.prefer == ("change", "closeness", "worst_loss")
    assert (wanted.most_changed, wanted.orders, wanted.groups) == (None, (), ())
