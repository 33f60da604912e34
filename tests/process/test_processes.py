"""The procedures of the cities, and faults in files of them."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen import cities
from jifen.policy.fault import PolicyError
from jifen.process import (
    NoProcess,
    find_process,
    list_required_materials,
    load_processes,
    read_process,
)

ON = date(2026, 1, 5)


def test_in_shanghai_the_employer_files_and_in_chengdu_the_person() -> None:
    shanghai, chengdu = find_process("shanghai", ON), find_process("chengdu", ON)
    assert "person" not in shanghai.filers
    assert chengdu.filers == {"person"}
    assert (shanghai.office, chengdu.office) == ("employer_district", "permit_district")
    assert (shanghai.days, chengdu.days) == (20, 15)
    assert chengdu.refiling.not_twice_in_months == 1
    assert chengdu.refiling.not_while_pending
    assert len(shanghai.districts) == 16
    assert len(chengdu.districts) == 23


def test_between_two_measures_there_is_no_procedure() -> None:
    with pytest.raises(NoProcess):
        find_process("chengdu", date(2020, 3, 1))


@pytest.mark.parametrize("city", ["shanghai", "chengdu"])
def test_what_no_source_tells_is_marked_unsure(city: str) -> None:
    for process in load_processes(city):
        assert process.correction.provenance.confidence == "unsure"
        assert process.expedited.provenance.confidence == "unsure"
        assert process.expedited.provenance.note.zh == "来源未见规定，为本系统的规则"


def _asked(city: str, version: str, **values: Any) -> set[str]:
    rules = cities.load(city, version).rules_on(ON)
    return {w.material.id for w in list_required_materials(find_process(city, ON), rules, values)}


def test_documents_follow_from_what_is_claimed() -> None:
    nothing = _asked("shanghai", "2018", education="none", title="none", award="none")
    assert {"permit", "identity_card", "contract"} <= nothing
    assert not {"diploma", "degree", "title_certificate", "marriage_certificate"} & nothing
    graduated = _asked("shanghai", "2018", education="bachelor")
    assert "diploma" in graduated
    assert "degree" not in graduated
    assert "degree" in _asked("shanghai", "2018", education="master")
    part = _asked("shanghai", "2018", education="master", study_mode="part_time")
    assert "part_time_record" in part
    assert "marriage_certificate" in _asked("shanghai", "2018", spouse_local_months=24)


def test_each_reason_names_the_indicator_and_its_clause() -> None:
    rules = cities.load("shanghai", "2018").rules_on(ON)
    found = list_required_materials(find_process("shanghai", ON), rules, {"education": "master"})
    (why,) = next(w.why for w in found if w.material.id == "degree")
    assert (why.fact, why.indicator) == ("education", "education")
    assert "第六条" in why.cite.zh


def _faults(tmp_path: Path, old: str, new: str, city: str = "shanghai") -> str:
    text = (cities.find_city(city).folder / "process.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "process.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_process(file)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("study_mode = part_time", "study_mode == part_time", "JF-R001"),
        ("study_mode = part_time", "study_mod = part_time", "write 'study_mode'"),
        ("facts: [education]", "facts: [educaton]", "write 'education'"),
        ('facts: ["*"]', "facts: [title]", "do not cover every fact once"),
        ("    days: 20\n    correction", "    days: 5\n    correction", "but the gates one after"),
        ("    from: 2013-07-01", "    from: 2013-07-01\n    until: 2012-01-01", "before it begins"),
        (
            "        department: police",
            "        after: [police]\n        department: police",
            "wait for",
        ),
        ("id: identity_card", "id: permit", "permit"),
        ("    office: employer_district", "    ofice: employer_district", "write 'office'"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, old: str, new: str, words: str) -> None:
    said = _faults(tmp_path, old, new)
    assert words in said
    assert "process.yaml:" in said


def test_two_procedures_are_not_in_force_on_one_day(tmp_path: Path) -> None:
    said = _faults(tmp_path, "    from: 2024-02-20", "    from: 2024-02-19", "chengdu")
    assert "are in force on the same day" in said
