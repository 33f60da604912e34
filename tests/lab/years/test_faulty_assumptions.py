"""One fault each in an assumptions file: the code, the place and the words that a reader sees."""

import pytest

from jifen.policy.fault import PolicyError
from tests.lab.years.projecting import document, read

CASES: list[tuple[str, dict[str, str], dict[str, str], str, str]] = [
    ("unknown key", {}, {"entrnats": "1"}, "JF-P010", "the unknown key 'entrnats'"),
    (
        "another language",
        {},
        {"note": "{zh: 只有中文}"},
        "JF-P011",
        "no 'en' in a text",
    ),
    (
        "a share that is none",
        {},
        {"interruption": "{share: 1.2, months: 3, confidence: unsure}"},
        "JF-P014",
        "a share from 0 to 1",
    ),
    (
        "a share below nought",
        {"title": "moves: improves, steps: [{from: none, to: junior, share: -0.1}]"},
        {},
        "JF-P014",
        "a share from 0 to 1",
    ),
    (
        "months that no year has",
        {},
        {"interruption": "{share: 0, months: 13, confidence: unsure}"},
        "JF-P014",
        "from 1 to 12",
    ),
    ("no such movement", {"age": "moves: grows"}, {}, "JF-P013", "one of: ages, accrues"),
    (
        "a movement that the fact cannot make",
        {"education": "moves: accrues"},
        {},
        "JF-Y001",
        "'accrues' for 'education', a fact of the type choice",
    ),
    (
        "a wide number that moves",
        {"average_annual_tax": "moves: accrues"},
        {},
        "JF-Y001",
        "'accrues' for 'average_annual_tax'",
    ),
    (
        "a key of another movement",
        {"age": "moves: ages, share: 0.5"},
        {},
        "JF-Y003",
        "the key 'share'",
    ),
    ("no steps", {"title": "moves: improves"}, {}, "JF-Y003", "no 'steps'"),
    ("nothing to follow", {"permit_valid": "moves: follows"}, {}, "JF-Y003", "no 'of'"),
    (
        "no window",
        {"insured_months": "moves: window"},
        {},
        "JF-Y004",
        "a window of whole years, from 12 to 240 months",
    ),
    (
        "a window of part of a year",
        {"insured_months": "moves: window, window: 18"},
        {},
        "JF-Y004",
        "a window of 18 months",
    ),
    (
        "a level that is not declared",
        {"base_1x_months_last_48": "moves: window, level: at_1x"},
        {},
        "JF-P013",
        "none is declared",
    ),
    (
        "an unknown answer",
        {"title": "moves: improves, steps: [{from: none, to: senoir, share: 0.1}]"},
        {},
        "JF-P020",
        "write 'senior'",
    ),
    (
        "a step back",
        {
            "title": "moves: improves, steps: [{from: none, to: junior, share: 0.1}, "
            "{from: junior, to: none, share: 0.1}]"
        },
        {},
        "JF-Y004",
        "a step back from 'junior' to 'none'",
    ),
    (
        "more than everybody",
        {
            "title": "moves: improves, steps: [{from: none, to: junior, share: 0.7}, "
            "{from: none, to: level_5, share: 0.6}]"
        },
        {},
        "JF-Y004",
        "steps from 'none' of 1.3 in all",
    ),
    (
        "an unknown fact to set",
        {
            "title": "moves: improves, steps: [{from: none, to: junior, share: 0.1, "
            "sets: {studymode: part_time}}]"
        },
        {},
        "JF-P019",
        "write 'study_mode'",
    ),
    (
        "a fact that moves and is set",
        {
            "study_mode": "moves: improves, steps: [{from: part_time, to: full_time, share: 0.1}]",
            "title": "moves: improves, steps: [{from: none, to: junior, share: 0.1, "
            "sets: {study_mode: part_time}}]",
        },
        {},
        "JF-Y004",
        "'study_mode', which moves of itself",
    ),
    (
        "a condition that is a number",
        {"insured_months": "moves: accrues, while: age"},
        {},
        "JF-Y001",
        "'age', of the type years",
    ),
    (
        "newcomers like an unknown fact",
        {},
        {"entrants": "{share: 0, like: {fact: insured_month, below: 3}, confidence: unsure}"},
        "JF-P019",
        "write 'insured_months'",
    ),
    (
        "bands that overlap",
        {},
        {
            "leavers": "{bands: [{from: 0, to: 30, share: 0}, {from: 30, share: 0}], "
            "reached_leave: 0, confidence: unsure}"
        },
        "JF-Y004",
        "this one from 31 or later",
    ),
    (
        "a level of a fact without a window",
        {},
        {"levels": "{from_highest: [{id: x, share_of: [insured_months]}], confidence: unsure}"},
        "JF-Y001",
        "'insured_months', which has no window",
    ),
    (
        "a confidence without a source",
        {},
        {"interruption": "{share: 0, months: 3, confidence: likely}"},
        "JF-Y005",
        "a figure without one is an assumption",
    ),
    (
        "a source that is not listed",
        {},
        {"interruption": "{share: 0, months: 3, confidence: likely, sources: [S9]}"},
        "JF-P013",
        "the source 'S9'",
    ),
]


@pytest.mark.parametrize(("moves", "parts", "code", "said"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_a_fault_is_told_with_its_place(
    moves: dict[str, str], parts: dict[str, str], code: str, said: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        read(document("shanghai", moves, **parts), "shanghai")
    told = [fault for fault in caught.value.faults if fault.code == code]
    assert any(said in str(fault) for fault in told), str(caught.value)
    assert all(fault.place.file == "trial.yaml" and fault.place.line > 0 for fault in told)
    assert len(caught.value.faults) == len({str(fault) for fault in caught.value.faults})


def test_a_file_without_faults_is_read() -> None:
    assert read(document("shanghai"), "shanghai").id == "trial"


def test_a_fact_that_is_left_out_is_named() -> None:
    text = document("shanghai").replace(" award,", "")
    with pytest.raises(PolicyError, match="JF-Y002") as caught:
        read(text, "shanghai")
    assert "no movement for award" in str(caught.value)


def test_a_fact_that_stands_twice_is_named_with_its_first_line() -> None:
    text = document("shanghai") + "  - {facts: [age], moves: ages, confidence: unsure}\n"
    with pytest.raises(PolicyError, match="the fact 'age' a second time"):
        read(text, "shanghai")


def test_an_unknown_fact_is_named_with_the_nearest() -> None:
    text = document("shanghai") + "  - {facts: [agee], moves: ages, confidence: unsure}\n"
    with pytest.raises(PolicyError, match="the unknown fact 'agee'") as caught:
        read(text, "shanghai")
    assert "write 'age'" in str(caught.value)


def test_the_assumptions_of_another_city_are_refused() -> None:
    with pytest.raises(PolicyError, match="assumptions for 'chengdu'"):
        read(document("chengdu"), "shanghai")


def test_all_faults_are_told_in_one_run() -> None:
    text = document("shanghai", {"age": "moves: ages, share: 0.5", "title": "moves: improves"})
    with pytest.raises(PolicyError) as caught:
        read(text, "shanghai")
    assert {fault.code for fault in caught.value.faults} == {"JF-Y003"}
    assert len(caught.value.faults) == 2
