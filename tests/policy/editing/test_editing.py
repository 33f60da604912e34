"""A change is kept in one form, leads faults back to their paths, and is written as it is read."""

from typing import Any

import pytest

from jifen import cities
from jifen.policy.editing import (
    apply_edit,
    change_nodes,
    changes_between,
    dump_change,
    load_change,
    paths_by_place,
    value_at,
    without,
    write_document,
    write_reform,
)
from jifen.policy.fault import PolicyError
from jifen.policy.patch import apply_changes
from jifen.policy.policy import Policy, Reform
from jifen.policy.reform import read_reform
from jifen.policy.source import parse_yaml
from jifen.policy.text import Text

MASTER = "indicators.education.choice.points.master"
BANDS = "indicators.age.scale.bands"


@pytest.fixture(scope="module")
def shanghai() -> Policy:
    return cities.load("shanghai", "2018")


@pytest.fixture(scope="module")
def document(shanghai: Policy) -> Any:
    return shanghai.document.to_plain()


def test_a_value_that_goes_back_to_the_version_is_no_change(document: Any) -> None:
    change = apply_edit({}, document, MASTER, "105")
    assert change == {MASTER: "105"}
    assert apply_edit(change, document, MASTER, "100") == {}


def test_an_edit_below_a_changed_list_changes_the_list(document: Any) -> None:
    bands = value_at(document, BANDS)
    change = apply_edit({}, document, BANDS, [*bands, {"from": "90", "points": "1"}])
    change = apply_edit(change, document, f"{BANDS}.3.points", "2")
    assert change[BANDS][3] == {"from": "90", "points": "2"}
    assert list(change) == [BANDS]


def test_what_a_draft_adds_is_taken_away_without_a_trace(document: Any) -> None:
    added = {"id": "night", "label": {"zh": "夜班", "en": "Night"}, "group": "basic"}
    change = apply_edit({}, document, "indicators.night", added)
    change = apply_edit(change, document, "indicators.night.group", "bonus")
    assert change["indicators.night"]["group"] == "bonus"
    assert apply_edit(change, document, "indicators.night", None) == {}
    with pytest.raises(KeyError):
        apply_edit({}, document, "indicators.night", None)


def test_an_edit_above_takes_those_below_along(document: Any) -> None:
    change = apply_edit({}, document, MASTER, "105")
    assert apply_edit(change, document, "indicators.education", None) == {
        "indicators.education": None
    }


def test_a_retired_indicator_comes_back_without_a_trace(document: Any) -> None:
    change = apply_edit({}, document, "indicators.award", None)
    assert without(change, "indicators.award") == {}


def test_a_path_that_leads_nowhere_is_refused(document: Any) -> None:
    for path in ("indicators.no_such.label.zh", f"{BANDS}.9.points", "indicators.age.scale.of.x"):
        with pytest.raises(KeyError):
            apply_edit({}, document, path, "1")


def test_a_key_that_may_be_left_out_is_added_and_taken_away(document: Any) -> None:
    cap = "indicators.insurance_years.per_unit.most"
    change = apply_edit({}, document, cap, "120")
    assert change == {cap: "120"}
    assert apply_edit(change, document, cap, None) == {}


def test_a_change_is_stored_as_it_is(document: Any) -> None:
    change = apply_edit({}, document, "indicators.award", None)
    change = apply_edit(change, document, MASTER, "105")
    assert load_change(dump_change(change)) == change


def test_a_file_of_the_change_has_the_same_hash(shanghai: Policy, document: Any) -> None:
    change = apply_edit({}, document, MASTER, "105")
    change = apply_edit(change, document, "indicators.award", None)
    bands = value_at(document, BANDS)
    change = apply_edit(change, document, BANDS, bands[:2])
    nodes, _ = change_nodes(change)
    label = Text("试：改", "a: try")
    text = write_reform("draft-1", label, shanghai.id, change)
    reform, policy = read_reform(parse_yaml(text))
    assert (policy, reform.id, reform.label) == ("shanghai-points", "draft-1", label)
    own = shanghai.apply_reform(Reform("draft-1", label, nodes))
    assert shanghai.apply_reform(reform).hash == own.hash


def test_every_measure_is_written_as_it_is_read() -> None:
    for city in cities.index().values():
        for version in city.versions:
            plain = parse_yaml(version.path.read_text("utf-8")).to_plain()
            assert parse_yaml(write_document(plain)).to_plain() == plain


@pytest.mark.parametrize(
    "text", ["null", "~", "", "a: b", "# x", "12", "true", "2020-01-01", "- x"]
)
def test_texts_that_yaml_could_take_otherwise_stay_texts(text: str) -> None:
    document = {"k": text, "l": [text, None]}
    assert parse_yaml(write_document(document)).to_plain() == document


def test_an_edited_text_becomes_paths_and_values(shanghai: Policy, document: Any) -> None:
    text = write_document(document)
    edited = text.replace("master: 100", "master: 105")
    assert changes_between(document, parse_yaml(edited).to_plain()) == {MASTER: "105"}
    fewer = {
        **document,
        "indicators": [one for one in document["indicators"] if one["id"] != "award"],
        "floor": None,
    }
    found = changes_between(document, fewer)
    assert found == {"indicators.award": None, "floor": None}
    nodes, _ = change_nodes(found)
    made = apply_changes(shanghai.document, nodes, []).to_plain()
    assert made["indicators"] == fewer["indicators"]
    assert "floor" not in made


def test_another_order_of_indicators_is_said_whole(document: Any) -> None:
    turned = {**document, "indicators": document["indicators"][::-1]}
    assert list(changes_between(document, turned)) == ["indicators"]


def test_a_fault_leads_back_to_its_path(shanghai: Policy) -> None:
    nodes, paths = change_nodes({MASTER: "many", BANDS: [{"from": "0", "to": "x", "points": "1"}]})
    draft = shanghai.apply_reform(Reform("draft", Text("稿", "draft"), nodes))
    with pytest.raises(PolicyError) as error:
        draft.rules_on(shanghai.since)
    places = {paths[fault.place] for fault in error.value.faults if fault.place in paths}
    assert {MASTER, f"{BANDS}.0.to"} <= places


def test_every_place_of_a_version_has_a_path(shanghai: Policy, document: Any) -> None:
    paths = paths_by_place(shanghai.document)
    assert set(paths.values()) >= {MASTER, f"{BANDS}.0.points", "decision.lines.0.points"}
    node = shanghai.document.mapping["floor"]
    assert paths[node.place] == "floor"
