"""What an applicant reads when a case cannot be begun, filled in or filed."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    batch_import,
    corrections,
    drafts,
    materials,
    review,
    submission,
)
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.models import Application, MaterialVersion
from jifen.office.registry.models import Person, Unit
from jifen.office.sheets.batch_reader import Batch, BatchRow
from tests.world.faults import refused
from tests.world.office import GOOD, Office, identity, photo, typed, unit
from tests.world.town import MONDAY, Town, facts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return Office()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_nothing_is_begun_on_a_day_without_a_measure(office: Office) -> None:
    with refused(
        "JF-K002",
        "2000-01-01 没有施行中的积分办法，不能申请。",
        "No measure is in force on 2000-01-01.",
    ):
        drafts.open_draft(
            office.operator, "shanghai", office.person, unit=office.unit, on=date(2000, 1, 1)
        )


def test_a_second_application_says_what_becomes_of_the_first(office: Office) -> None:
    office.draft()
    with refused(
        "JF-K004",
        "此人在本市已有一件未办结的申请，不能同时再开一件。请继续办理原申请；"
        "如果是其他单位代办的，请先由该单位撤回。",
        "This person already has an open application in the city. Continue that one; if another "
        "unit filed it, that unit has to withdraw it first.",
    ):
        drafts.open_draft(office.operator, "shanghai", office.person, unit=office.unit)


# -------------------------------------------------------------------------------------- documents


def test_too_many_files_of_one_document_are_put_into_one(office: Office) -> None:
    case = office.draft()
    files = [(f"{n}.jpg", photo(f"rgb({n * 8}, 0, 0)")) for n in range(31)]
    materials.upload_files(case, "diploma", files[:30])
    with refused(
        "JF-K010",
        "同一材料最多上传 30 个文件。请把多页合并成一个 PDF。",
        "At most 30 files per material: put the pages into one PDF.",
        "diploma",
    ):
        materials.upload_files(case, "diploma", files[30:])
    assert MaterialVersion.objects.count() == 30


def test_a_document_that_nobody_asks_for_is_refused(office: Office) -> None:
    with refused(
        "JF-K011",
        "没有这种材料。请从列出的材料中选择。",
        "There is no such kind of document. Choose one of those listed.",
        "selfie",
    ):
        materials.upload_files(office.draft(), "selfie", [("a.jpg", photo())])


def test_a_document_of_another_case_is_not_taken_back(office: Office) -> None:
    other = office.submitted()
    version = MaterialVersion.objects.filter(material__application=other).first()
    assert version is not None
    person = Person.objects.create(identity="x", identity_index="x", name="李雷")
    case = drafts.open_draft(
        office.operator, "shanghai", person, unit=office.unit, district="pudong"
    )
    with refused(
        "JF-K011",
        "本案没有这份材料。请刷新页面，从列出的材料中选择。",
        "This case has no such document. Reload, and choose one of those listed.",
    ):
        materials.drop_version(case, version)
    version.refresh_from_db()
    assert version.dropped_at is None


def _asked_for_the_diploma(office: Office) -> MaterialVersion:
    """The diploma was looked at, and a better one is asked for."""
    application = office.submitted()
    version = MaterialVersion.objects.get(
        material__application=application, material__kind="diploma"
    )
    seen = review.FactFinding("education", "confirmed", documents=[version.pk])
    review.record_finding(access_case(office.clerk, application.key), seen)
    asked = [RequestedItem("material", "diploma", "unreadable", "看不清")]
    corrections.ask_correction(access_case(office.clerk, application.key), asked)
    return version


def test_a_document_that_a_clerk_looked_at_stays(office: Office) -> None:
    version = _asked_for_the_diploma(office)
    case = access_case(office.operator, version.material.application.key)
    with refused(
        "JF-K012",
        "此文件已被审核过，不能撤回；请上传新的文件。",
        "This file has been reviewed and stays; upload a new one.",
    ):
        materials.drop_version(case, version)


def test_a_correction_takes_only_what_it_asks_for(office: Office) -> None:
    version = _asked_for_the_diploma(office)
    case = access_case(office.operator, version.material.application.key)
    with refused(
        "JF-K013",
        "这次补正不涉及此材料。只需处理列出的项目。",
        "This correction does not ask for this document; only the listed items are open.",
        "permit",
    ):
        materials.upload_files(case, "permit", [("x.jpg", photo("green"))])


# ----------------------------------------------------------------------------------------- filing


def _filed(office: Office, facts: dict[str, Any] | None = None, **changes: Any) -> None:
    case = office.with_documents(office.draft(facts, **changes))
    submission.submit_case(case, "k")


def test_a_value_that_cannot_be_used_names_its_place_and_what_belongs_there(
    office: Office,
) -> None:
    with refused(
        "JF-K020",
        "现为“doctr”，应为以下之一：none, college, bachelor, bachelor_with_degree, "
        "master, doctor。可能想填 doctor。",
        "Found 'doctr'; expected one of: none, college, bachelor, bachelor_with_degree, master, "
        "doctor. Did you mean doctor?",
        "education",
    ):
        _filed(office, education="doctr")


def test_an_answer_that_is_missing_is_named_by_its_label(office: Office) -> None:
    facts = {fact: value for fact, value in GOOD.items() if fact != "education"}
    with refused(
        "JF-K021",
        "“学历学位”还没有填写，会影响结果。请填写。",
        "'Education' is not answered and matters: answer it.",
        "education",
    ):
        _filed(office, facts)


def test_without_an_office_nothing_is_filed(office: Office) -> None:
    case = office.with_documents(office.draft())
    Application.objects.update(district="")
    with refused(
        "JF-K024",
        "还没有选定受理的区。请选择。",
        "The district whose office has the case is not chosen yet: choose it.",
        "district",
    ):
        submission.submit_case(case, "k")


def test_in_shanghai_nobody_files_alone(office: Office) -> None:
    user = office.person_user
    case = drafts.open_draft(user, "shanghai", office.person, unit=None, district="pudong")
    drafts.save_draft(case, typed(GOOD), seen=0)
    with refused(
        "JF-K025",
        "本市由用人单位申报，个人不能直接提交。请联系用人单位。",
        "In this city the employer files; a person cannot submit. Ask the employer.",
    ):
        submission.submit_case(case, "k")


def test_an_employer_that_is_not_confirmed_files_nothing_yet(office: Office) -> None:
    case = office.with_documents(office.draft())
    Unit.objects.update(state="submitted")
    with refused(
        "JF-K026",
        "单位登记还没有核实，核实后才能提交；已填写的内容会保留。",
        "The employer's registration is not confirmed yet. What was filled in stays.",
    ):
        submission.submit_case(case, "k")
    assert Application.objects.get().items.count() == len(GOOD)


def test_chengdu_takes_no_second_application_within_a_month() -> None:
    town = Town()
    facts = facts_of("2024", "33")
    first = town.decided(facts, MONDAY, by=town.neighbour)
    again = MONDAY + timedelta(days=30)
    case = drafts.open_draft(
        town.neighbour, "chengdu", first.application.person, unit=None, district="wuhou", on=again
    )
    born = first.application.person.identity[6:14]
    facts["birth_date"] = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    drafts.save_draft(case, typed({fact: _plain(value) for fact, value in facts.items()}), seen=0)
    with refused(
        "JF-K027",
        "上次申请日为 2024-03-04，1 个月内不能再次申请。",
        "The last application was on 2024-03-04; none within 1 month(s) of it.",
    ):
        submission.submit_case(case, "k", on=again)


@pytest.mark.parametrize("filed", [True, False], ids=["filed", "of another unit"])
def test_a_row_of_a_workbook_leaves_what_is_not_its_own_draft_alone(
    office: Office, filed: bool
) -> None:
    """JF-K080 is told beside the row; the other rows go on."""
    person, other = office.person, unit(7, office.admin)
    application = office.submitted() if filed else office.draft().application
    row = BatchRow(3, person.name, person.identity, "", {"education": "doctor"})
    good = BatchRow(4, "李雷", identity(9), "", {"education": "doctor"})
    asker = office.unit if filed else other
    taken = batch_import.import_batch(
        office.admin, asker, None, Batch((row, good), ()), lambda value: {"text": value}
    )
    assert (taken.created, list(taken.refused)) == (1, [3])
    assert taken.refused[3].zh == "此人已有一件已提交或由其他单位办理的申请，没有改动。"
    assert taken.refused[3].en == (
        "This person has an application that is filed already or another unit's; nothing was "
        "changed."
    )
    assert application.items.get(fact="education").given == ["bachelor_with_degree"]
