"""What is enough evidence, what needs a look, and what comes back."""

import re
from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    materials,
    registers,
    submission,
)
from jifen.office.casework.actions.confirmation import confirm_fact, confirm_facts
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.actions.review import FactFinding
from jifen.office.casework.evidence import (
    collect_evidence,
    list_confirmable_facts,
    list_missing_kinds,
)
from jifen.office.casework.faults import CaseFault, ConcurrentChange
from jifen.office.casework.models import Application, Item, RegisterCheck, Review
from jifen.office.registry.models import RegisterEntry
from jifen.process import find_process
from tests.world.office import GOOD, Office, photo, today, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Its staff sign in without a second factor."""
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)
    return Office()


def _case(who: User, application: Application, act: str = "") -> Any:
    return access_case(User.objects.get(pk=who.pk), application.key, act)


def _says(application: Application, name: str, **facts: Any) -> None:
    key = application.person.identity_index
    RegisterEntry.objects.create(
        register=name, city="shanghai", key_index=key, facts=facts, as_of=today()
    )


def test_a_paper_is_enough_and_silence_with_no_paper_is_not(office: Office) -> None:
    application = office.submitted()
    registers.ask_due_registers()
    evidence = collect_evidence(application)
    assert evidence["education"].sufficient_proofs == {"paper"}
    assert [one.state for one in evidence["education"].registers] == ["no_record"]
    months = evidence["insured_months"]
    assert (months.is_enough, months.sufficient_proofs, months.papers) == (False, frozenset(), ())
    assert list_missing_kinds(application, evidence) == {"insurance_record"}
    assert "insured_months" not in list_confirmable_facts(application, evidence)
    assert "education" in list_confirmable_facts(application, evidence)


def test_nothing_claimed_is_enough_but_never_of_what_is_held_against_somebody(
    office: Office,
) -> None:
    evidence = collect_evidence(office.submitted())
    assert evidence["award"].sufficient_proofs == {"nothing_claimed"}
    for fact in ("detention_dates", "serious_crime", "false_material_dates"):
        assert evidence[fact].nothing_claimed
        assert not evidence[fact].is_enough, fact


def test_what_a_register_contradicts_is_not_enough_whatever_paper_there_is(
    office: Office,
) -> None:
    application = office.submitted()
    _says(application, "education", education="college")
    registers.ask_due_registers()
    one = collect_evidence(Application.objects.get(pk=application.pk))["education"]
    assert [(r.state, r.value, r.as_of) for r in one.registers] == [("differs", "college", today())]
    assert one.sufficient_proofs == {"paper"}
    assert not one.is_enough


def test_a_register_is_asked_down_agreeing_or_silent(office: Office) -> None:
    application = office.submitted()

    def state() -> str:
        found = collect_evidence(Application.objects.get(pk=application.pk))["insured_months"]
        return found.registers[0].state

    assert state() == "waits"
    RegisterCheck.objects.filter(register="insurance").update(attempts=3)
    assert state() == "down"
    _says(application, "insurance", insured_months=GOOD["insured_months"])
    registers.ask_due_registers()
    assert state() == "agrees"
    assert collect_evidence(application)["insured_months"].is_enough


def test_only_what_has_evidence_is_confirmed_together(office: Office) -> None:
    application = office.submitted()
    registers.ask_due_registers()
    with pytest.raises(CaseFault) as caught:
        confirm_facts(_case(office.clerk, application), ["education", "insured_months"])
    assert (caught.value.code, caught.value.place) == ("JF-K038", "insured_months")
    assert "没有足够的依据，不能一并确认" in caught.value.words.zh
    assert "not enough to confirm them together" in caught.value.words.en
    assert Item.objects.get(application=application, fact="education").finding == "open"
    done = confirm_facts(_case(office.clerk, application), ["education"], ["study_mode"])
    assert {item.fact for item in done} == {"education", "study_mode"}
    papers = Review.objects.get(fact="education", by=office.clerk).documents
    assert set(papers.values_list("material__kind", flat=True)) == {
        "diploma",
        "degree",
        "education_report",
    }


def test_nothing_chosen_is_told_and_a_case_that_changed_is_not_confirmed(office: Office) -> None:
    application = office.submitted()
    with pytest.raises(CaseFault, match="No fact was chosen") as caught:
        confirm_facts(_case(office.clerk, application), [])
    assert caught.value.code == "JF-K039"
    assert "没有选择任何事实" in caught.value.words.zh
    seen = _case(office.clerk, application)
    confirm_facts(_case(office.clerk2, application), ["award"])
    with pytest.raises(ConcurrentChange):
        confirm_facts(seen, ["education"])


def test_what_nothing_proves_is_confirmed_with_words_only(office: Office) -> None:
    application = office.submitted()
    registers.ask_due_registers()
    with pytest.raises(CaseFault) as caught:
        confirm_facts(_case(office.clerk, application), [], ["insured_months"])
    assert caught.value.code == "JF-K046"
    assert "登记部门没有记录，也没有材料可核对：" in caught.value.words.zh
    assert "Ask for the document" in caught.value.words.en
    alone = FactFinding("insured_months", "confirmed")
    with pytest.raises(CaseFault):
        confirm_fact(_case(office.clerk, application), alone)
    assert application.items.get(fact="insured_months").finding == "open"
    said = FactFinding("insured_months", "confirmed", words="到社保窗口查询过")
    assert confirm_fact(_case(office.clerk, application), said).words == "到社保窗口查询过"


def test_a_paper_that_is_needed_now_is_enough_to_look_at(office: Office) -> None:
    draft = office.with_documents(office.draft())
    materials.upload_files(draft, "insurance_record", [("i.jpg", photo("blue"))])
    application = submission.submit_case(_case(office.operator, draft.application), "key")
    registers.ask_due_registers()
    confirm_facts(_case(office.clerk, application), [], ["insured_months"])
    assert application.items.get(fact="insured_months").finding == "confirmed"


def test_the_page_asks_what_an_unproved_fact_rests_on(office: Office) -> None:
    application = office.submitted()
    registers.ask_due_registers()
    client = Client()
    client.force_login(office.clerk)
    page = client.get(f"/desk/{application.key}").content.decode()
    assert 'id="why-insured_months"' in page
    assert 'name="looked" value="insured_months"' not in page
    assert 'data-ask="material:insurance_record "' in page
    form = {"form": "alone-insured_months", "finding": "confirmed", "words": " "}
    address = f"/desk/{application.key}/facts/insured_months"
    assert client.post(address, form).status_code == 422
    client.post(address, form | {"words": "窗口查询"})
    assert application.items.get(fact="insured_months").finding == "confirmed"


def test_every_city_says_what_is_enough() -> None:
    for city in ("shanghai", "chengdu"):
        process = find_process(city, today())
        assert process.find_sufficient_ways("detention_dates") == {"register"}
        assert process.find_sufficient_ways("birth_date") == {
            "register",
            "paper",
            "nothing_claimed",
        }


# What comes back


def _asked(office: Office, *items: RequestedItem) -> Application:
    application = office.submitted()
    corrections.ask_correction(_case(office.clerk, application), list(items))
    return application


EDUCATION = RequestedItem("fact", "education", "not_matching", "与学信网不一致")


def test_sending_back_nothing_is_asked_about_first(office: Office) -> None:
    application = _asked(office, EDUCATION)
    client = Client()
    client.force_login(office.operator)
    address = f"/cases/{application.key}/resubmit"
    answer = client.post(address)
    assert answer.headers["Location"].endswith("?unchanged=yes#correction")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "要求补正的项目都没有改动，还没有提交" in page
    assert "没有改动，仍然提交" in page
    application.refresh_from_db()
    assert application.state == "correction"
    client.post(address, {"anyway": "yes"})
    application.refresh_from_db()
    assert application.state == "review"


def test_an_edit_an_upload_or_a_paper_of_the_fact_is_a_change(office: Office) -> None:
    application = _asked(office, EDUCATION)
    assert corrections.is_unchanged_since_request(application)
    operator = _case(office.operator, application)
    drafts.save_draft(operator, typed({"title": "senior"}), seen=99)
    assert corrections.is_unchanged_since_request(application), "nobody asked for it"
    materials.upload_files(operator, "diploma", [("d.jpg", photo("red"))])
    assert not corrections.is_unchanged_since_request(application)


def test_an_edit_of_what_was_asked_for_goes_back_at_once(office: Office) -> None:
    application = _asked(office, EDUCATION)
    drafts.save_draft(_case(office.operator, application), typed({"education": "college"}), seen=99)
    client = Client()
    client.force_login(office.operator)
    client.post(f"/cases/{application.key}/resubmit")
    application.refresh_from_db()
    assert application.state == "review"


def test_a_proposal_that_was_sent_back_says_so_until_it_goes_again(office: Office) -> None:
    application = office.reviewed(office.submitted())
    decisions.propose_decision(_case(office.clerk, application, "propose"))
    decisions.send_back(_case(office.senior, application), "学历证书编号请再核对")
    client = Client()
    client.force_login(office.clerk)
    page = client.get(f"/desk/{application.key}").content.decode()
    shown = re.search(r'id="returned".*?</section>', page, re.DOTALL)
    assert shown
    assert "学历证书编号请再核对" in shown[0]
    decisions.propose_decision(_case(office.clerk, application, "propose"))
    assert 'id="returned"' not in client.get(f"/desk/{application.key}").content.decode()


def test_a_refused_act_shows_the_page_again_with_what_was_typed(office: Office) -> None:
    application = office.submitted()
    client = Client()
    client.force_login(office.clerk)
    form = {
        "form": "find-education",
        "finding": "corrected",
        "education": "",
        "words": "只写了说明",
    }
    answer = client.post(f"/desk/{application.key}/facts/education", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "更正或不予认定时，请选择原因并写明理由。" in page
    assert "只写了说明" in page
