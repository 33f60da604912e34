"""Notes of colleagues, messages with the applicant, and what is typed and not sent."""

from typing import Any

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import post_decision
from jifen.office.casework.faults import CaseFault, NoSuchCase
from jifen.office.casework.models import Application
from jifen.office.casework.retention import ExpiredCase, remove_case
from jifen.office.desk.actions import notes, threads
from jifen.office.desk.models import CaseNote, FormDraft, NoteMention, ThreadMessage
from jifen.office.messages.models import Message
from jifen.office.messages.plan.events import plan_for_case_events
from tests.world.office import Office, today

pytestmark = pytest.mark.django_db


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _access(user: User, application: Application) -> Any:
    return access_case(User.objects.get(pk=user.pk), application.key)


def _page(user: User, address: str) -> str:
    return _client(user).get(address).content.decode()


def test_a_colleague_finds_the_note_that_names_them_until_they_read_it(office: Office) -> None:
    case = office.submitted()
    form = {"form": "note", "words": "请看一下学历证书", "mention": [office.clerk2.pk]}
    _client(office.clerk).post(f"/desk/{case.key}/notes", form)
    assert "请看一下学历证书" in _page(office.clerk2, "/desk/")
    assert "请看一下学历证书" not in _page(office.clerk, "/desk/")
    assert "请看一下学历证书" in _page(office.clerk2, f"/desk/{case.key}")
    assert "请看一下学历证书" not in _page(office.clerk2, "/desk/")
    assert "请看一下学历证书" not in _page(office.operator, f"/cases/{case.key}")


def test_a_note_needs_words_and_names_those_who_may_see_the_case(office: Office) -> None:
    case = office.submitted()
    with pytest.raises(CaseFault) as caught:
        notes.write_note(_access(office.clerk, case), " ")
    assert caught.value.code == "JF-K103"
    assert "没有填写内容" in caught.value.words.zh
    assert "Nothing was written" in caught.value.words.en
    for stranger in (office.operator, office.person_user):
        with pytest.raises(CaseFault) as caught:
            notes.write_note(_access(office.clerk, case), "x", [stranger.pk])
        assert caught.value.code == "JF-K105"
    assert "提到的人不能查看此案件" in caught.value.words.zh
    assert "This person may not see the case" in caught.value.words.en
    with pytest.raises(NoSuchCase):
        notes.write_note(_access(office.operator, case), "x")
    assert not CaseNote.objects.exists()


def test_a_refused_note_comes_back_with_what_was_typed(office: Office) -> None:
    case = office.submitted()
    form = {"form": "note", "words": "给外人", "mention": [office.operator.pk]}
    answer = _client(office.clerk).post(f"/desk/{case.key}/notes", form)
    assert answer.status_code == 422
    assert "给外人</textarea>" in answer.content.decode()


def test_a_question_about_one_item_is_answered_in_words(office: Office) -> None:
    case = office.submitted()
    question = {"form": "thread", "item": "material:diploma", "words": "原件在哪个城市？"}
    _client(office.clerk).post(f"/desk/{case.key}/messages", question)
    page = _page(office.operator, f"/cases/{case.key}")
    assert "原件在哪个城市？" in page
    assert "clerk" not in page.split('id="threads"')[1].split("</section>")[0]
    answer = {"item": "material:diploma", "words": "在苏州，可以寄来。"}
    _client(office.operator).post(f"/cases/{case.key}/messages", answer)
    queue = _page(office.clerk, "/desk/")
    assert "有回复" in queue
    assert "有回复" in _page(office.clerk, "/desk/?answer=1")
    assert "在苏州，可以寄来。" in _page(office.clerk, f"/desk/{case.key}")
    assert '<span class="status status-confirmed">有回复' not in _page(office.clerk, "/desk/")
    case.refresh_from_db()
    assert case.state == "review", "no clock stops and no round is used"
    acts = list(case.events.values_list("act", flat=True))
    assert acts[-2:] == ["item_asked", "item_answered"]


def test_the_applicant_is_told_of_a_question(office: Office) -> None:
    case = office.submitted()
    plan_for_case_events()
    threads.write_message(_access(office.clerk, case), "fact", "education", "哪一年毕业？")
    plan_for_case_events()
    told = Message.objects.filter(kind="item_asked")
    assert told.exists()
    assert all(row.params["item"]["zh"] == "学历学位" for row in told)
    assert "哪一年毕业" not in str([row.params for row in told]), "the words stay in the office"


@pytest.mark.parametrize(
    ("kind", "key", "code", "words"),
    [
        ("material", "nothing", "JF-K107", "没有这一项"),
        ("fact", "title", "JF-K106", "受理部门没有就此项提问"),
    ],
)
def test_an_applicant_answers_what_was_asked(
    office: Office, kind: str, key: str, code: str, words: str
) -> None:
    case = office.submitted()
    threads.write_message(_access(office.clerk, case), "fact", "education", "哪一年毕业？")
    with pytest.raises(CaseFault) as caught:
        threads.write_message(_access(office.operator, case), kind, key, "x")
    assert caught.value.code == code
    assert words in caught.value.words.zh
    assert {"JF-K107": "There is no such item", "JF-K106": "The case is over"}[code] in (
        caught.value.words.en
    )


def test_nothing_is_asked_in_a_case_that_is_over(office: Office) -> None:
    case = office.submitted()
    post_decision.withdraw_case(_access(office.operator, case))
    with pytest.raises(CaseFault):
        threads.write_message(_access(office.clerk, case), "fact", "education", "x")
    assert not ThreadMessage.objects.exists()


def test_what_is_typed_is_there_again_until_it_is_sent(office: Office) -> None:
    case = office.submitted()
    client = _client(office.clerk)
    typed = {"form": "find-education", "reason": "not_matching", "words": "证书编号查无"}
    assert client.post(f"/desk/{case.key}/typed", typed).status_code == 204
    assert FormDraft.objects.get().fields["words"] == ["证书编号查无"]
    again = _page(office.clerk, f"/desk/{case.key}")
    stored = again.split('id="form-drafts"')[1].split("</script>")[0]
    assert "find-education" in stored
    assert (
        "find-education"
        not in (
            _page(office.clerk2, f"/desk/{case.key}")
            .split('id="form-drafts"')[1]
            .split("</script>")[0]
        )
    )
    sent = typed | {"finding": "corrected", "education": "college"}
    client.post(f"/desk/{case.key}/facts/education", sent)
    assert not FormDraft.objects.exists()


def test_an_emptied_form_is_forgotten(office: Office) -> None:
    case = office.submitted()
    client = _client(office.clerk)
    for words in ("abc", " "):
        client.post(f"/desk/{case.key}/typed", {"form": "note", "words": words})
    assert not FormDraft.objects.exists()
    other = _client(office.operator).post(f"/desk/{case.key}/typed", {"form": "note"})
    assert other.status_code == 404


def test_what_the_desk_keeps_of_a_case_goes_with_it(office: Office) -> None:
    case = office.submitted()
    notes.write_note(_access(office.clerk, case), "x", [office.clerk2.pk])
    threads.write_message(_access(office.clerk, case), "fact", "education", "x")
    _client(office.clerk).post(f"/desk/{case.key}/typed", {"form": "note", "words": "y"})
    post_decision.withdraw_case(_access(office.operator, case))
    remove_case(ExpiredCase(Application.objects.get(pk=case.pk), "application", today()))
    for model in (CaseNote, NoteMention, ThreadMessage, FormDraft):
        assert not model._default_manager.exists()


def test_a_department_sees_and_asks_about_its_own_items_only(office: Office) -> None:
    case = office.submitted()
    threads.write_message(_access(office.clerk, case), "fact", "education", "哪一年毕业？")
    notes.write_note(_access(office.clerk, case), "学历存疑", [])
    notes.write_note(_access(office.clerk, case), "请公安核实", [office.police.pk])
    page = _page(office.police, f"/desk/{case.key}")
    assert "请公安核实" in page
    assert "学历存疑" not in page
    assert "哪一年毕业？" not in page
    with pytest.raises(CaseFault) as caught:
        threads.write_message(_access(office.police, case), "fact", "education", "x")
    assert caught.value.code == "JF-K107"
