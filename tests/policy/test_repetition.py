"""`for_each`: what is written once for several rows is what each written out would be."""

import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen import cities
from jifen.cities.city_files import load_policy_file
from jifen.policy.document import POLICY
from jifen.policy.repetition import MOST_NODES, write_out_repeats
from jifen.policy.shapes import Sink
from jifen.policy.source import parse_yaml
from jifen.policy.vocabulary_reader import read_vocabulary
from tests.policy.faults import MINIMAL, policy

LIKELY = "    confidence: likely\n"
SHORT = """  - for_each: grounds
    id: has_<fact>
    label: {zh: <zh>, en: Has <fact>}
    group: basic
    condition: {when: <fact> and age >= <age>, points: <points>}
    note: <note>
    confidence: likely
"""
ROWS = """rows:
  grounds:
    - {fact: permit_valid, zh: 持证, age: 18, points: 5, note: {zh: 按证, en: By the permit}}
    - {fact: serious_crime, zh: 犯罪, age: 16, points: -5, note: null}
"""
LONG = """  - id: has_permit_valid
    label: {zh: 持证, en: Has permit_valid}
    group: basic
    condition: {when: permit_valid and age >= 18, points: 5}
    note: {zh: 按证, en: By the permit}
    confidence: likely
  - id: has_serious_crime
    label: {zh: 犯罪, en: Has serious_crime}
    group: basic
    condition: {when: serious_crime and age >= 16, points: -5}
    confidence: likely
"""


def _with_indicators(indicators: str, head: str = "") -> str:
    text = MINIMAL.replace("indicators:\n", f"indicators:\n{indicators}", 1)
    return text.replace("groups:\n", f"{head}groups:\n", 1)


def test_named_rows_give_what_each_written_out_gives() -> None:
    short, long = policy(_with_indicators(SHORT, ROWS)), policy(_with_indicators(LONG))
    assert short.hash == long.hash
    said = [
        [(i.id, i.label, i.group, i.mechanism, i.when, i.basis) for i in made.indicators]
        for made in (short.rules_on(short.since), long.rules_on(long.since))
    ]
    assert said[0] == said[1]


def test_rows_may_stand_in_the_element_and_in_parts_of_a_mechanism() -> None:
    parts = """  - id: together
    label: {zh: 合计, en: Together}
    group: basic
    sum_of:
      parts:
        - {for_each: [{of: insured_months_last_12, each: 1}, {of: insured_months, each: 2}],
           per_unit: {of: <of>, each: <each>, every: 12 months}}
"""
    written = parts[: parts.index("        - {for_each")] + (
        "        - per_unit: {of: insured_months_last_12, each: 1, every: 12 months}\n"
        "        - per_unit: {of: insured_months, each: 2, every: 12 months}\n"
    )
    made = policy(_with_indicators(parts + LIKELY)), policy(_with_indicators(written + LIKELY))
    assert made[0].hash == made[1].hash


def test_an_overlay_changes_one_of_the_elements_by_its_id() -> None:
    text = _with_indicators(SHORT, ROWS).replace(
        "change: {indicators.age.scale.bands.1.points: 45}",
        "change: {indicators.has_permit_valid.condition.points: 7}",
    )
    made = policy(text)
    overlay = made.overlays[0]
    before, after = made.rules_on(made.since), made.rules_on(overlay.since)
    changed = {
        i.id for i in after.indicators if i.mechanism != before.find_indicator(i.id).mechanism
    }
    assert changed == {"has_permit_valid"}


def test_facts_may_be_written_for_each_row() -> None:
    head = "city: sample\nsections: [{id: person, label: {zh: 本人, en: You}}]\nfacts:\n"
    short = head + (
        "  - for_each: [{id: pension, zh: 养老, most: 12}, {id: medical, zh: 医疗, most: 24}]\n"
        "    id: <id>_months\n    type: months\n    most: <most>\n"
        "    label: {zh: <zh>保险, en: <id>}\n"
        "relations:\n  - {for_each: [{a: pension, b: medical}], fact: <a>_months, "
        "at_most: <b>_months}\n"
    )
    long = head + (
        "  - {id: pension_months, type: months, most: 12, label: {zh: 养老保险, en: pension}}\n"
        "  - {id: medical_months, type: months, most: 24, label: {zh: 医疗保险, en: medical}}\n"
        "relations:\n  - {fact: pension_months, at_most: medical_months}\n"
    )
    sink = Sink()
    one, other = (read_vocabulary(parse_yaml(text), sink) for text in (short, long))
    assert not sink.faults
    assert list(one) == list(other)
    assert one.relations == other.relations


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4, unique=True))
def test_there_is_one_element_for_each_row_in_their_order(words: list[str]) -> None:
    rows = ", ".join(f"{{word: {word}}}" for word in words)
    text = f"groups:\n  - {{for_each: [{rows}], id: group_<word>, label: {{zh: <word>, en: x}}}}\n"
    written = write_out_repeats(parse_yaml(text), POLICY, Sink()).to_plain()
    assert [group["id"] for group in written["groups"]] == [f"group_{word}" for word in words]
    assert all(list(group) == ["id", "label"] for group in written["groups"])


def test_what_comes_out_is_bounded_whatever_is_written() -> None:
    rows = ", ".join(["{a: x}"] * 5_000)
    element = ", ".join(f"k{number}: <a>" for number in range(5_000))
    text = f"groups:\n  - {{for_each: [{rows}], id: <a>, label: {{{element}}}}}\n"
    sink, began = Sink(), time.process_time()
    write_out_repeats(parse_yaml(text), POLICY, sink)
    assert [fault.code for fault in sink.faults] == ["JF-P091"]
    assert f"{MOST_NODES:,}" in sink.faults[0].found
    assert time.process_time() - began < 20  # 25,000,000 values would take minutes


@pytest.mark.parametrize("word", ["age < 18", "<", "< age >", "1 <2> 3"])
def test_signs_of_a_condition_are_no_words_of_a_row(word: str) -> None:
    text = f'warnings:\n  - {{for_each: [{{a: b}}], id: <a>, when: "{word}"}}\n'
    sink = Sink()
    written = write_out_repeats(parse_yaml(text), POLICY, sink).to_plain()
    assert (written["warnings"], sink.faults) == ([{"id": "b", "when": word}], [])


def test_the_shipped_files_keep_every_element_that_they_had(tmp_path: Path) -> None:
    """The ids that Zhongshan's table had when each of its insurances was written out."""
    measure = cities.load("zhongshan", "2014")
    kinds = ("pension", "medical", "unemployment", "injury", "maternity")
    ids = [indicator.id for indicator in measure.rules_on(measure.since).indicators]
    for place in ("province", "here"):
        assert [i for i in ids if i.removeprefix(f"{place}_") in kinds] == [
            f"{place}_{kind}" for kind in kinds
        ]
    folder = shutil.copytree(cities.find_city("zhongshan").folder, tmp_path / "zhongshan")
    file = folder / "points-2014.yaml"
    before, selection = file.read_text("utf-8").split("  selection:\n")
    _, quotas = selection.split("  quotas:\n", 1)
    before = before.replace("edition: 2\nrecorded_on: 2026-12-01", FIRST_EDITION)
    file.write_text(f"{before}  quotas:\n{quotas}", "utf-8")
    policy = load_policy_file(file)
    assert policy.hash == HASH_WRITTEN_OUT


FIRST_EDITION = "edition: 1\nrecorded_on: 2026-11-30"
HASH_WRITTEN_OUT = "sha256:4cb6e47d01db4707f56a2201da48c39d20d66f8cf73894876a9ee89c56c5f441"
"""Of the first edition of Zhongshan's measure of 2014, which says nothing of the selection, before
it was written with `for_each`: the same rules, to the byte."""
