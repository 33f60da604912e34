"""The queue: filters, order, taking the next case, assigning, absence, views of one's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.casework.access import access_case
from jifen.office.casework.actions import drafts, review, submission
from jifen.office.casework.faults import CaseFault, NotAllowed
from jifen.office.casework.models import Application, Gate
from jifen.office.casework.queries import Desk
from jifen.office.desk.actions import assignments, away, preferences
from jifen.office.desk.actions.assignments import GateChoice
from jifen.office.desk.models import Absence, Assignment, SavedView
from jifen.office.desk.queue import QueueFilter, find_next_case, list_gate_rows, read_filter
from jifen.office.waiting.models import Waiting
from tests.world.office import GOOD, Office, person, today, typed

pytestmark = pytest.mark.django_db
DESK = Desk("shanghai", "pudong", "")


def _cases(office: Office, count: int) -> list[Application]:
    """So many cases of so many people, the first filed first."""
    cases = [office.submitted()]
    for number in range(2, count + 1):
        somebody = person(number, f"王{number}")
        case = drafts.open_draft(
            office.operator, "shanghai", somebody, unit=office.unit, district="pudong"
        )
        drafts.save_draft(case, typed(GOOD), seen=0)
        somebody.user = User.objects.create_user(f"person{number}", "pass-word-1234")
        somebody.save()
        drafts.give_consent(access_case(somebody.user, case.application.key))
        filled = office.with_documents(access_case(office.operator, case.application.key))
        cases.append(submission.submit_case(filled, f"key-{number}"))
    return cases


def _rows(office: Office, **chosen: str) -> list[str]:
    rows = list_gate_rows(office.clerk, DESK, today(), QueueFilter(**chosen))
    return [str(row.application) for row in rows]


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _access(user: User, application: Application) -> Any:
    return access_case(User.objects.get(pk=user.pk), application.key)


def test_filters_show_what_they_say(office: Office) -> None:
    first, second = _cases(office, 2)
    names = [str(first), str(second)]
    assert _rows(office) == names
    review.take_gate(_access(office.clerk2, first), "office")
    assert _rows(office, holder="others") == [str(first)]
    assert _rows(office, holder="nobody") == [str(second)]
    assignments.assign_gate(_access(office.clerk, second), "office", office.clerk)
    assert _rows(office, holder="mine") == [str(second)]
    assert _rows(office, lane="expedited") == []
    assert _rows(office, kind="renewal") == []
    assert _rows(office, gate="office") == names
    assert _rows(office, gate="police") == []
    assert _rows(office, due="late") == []
    Waiting.objects.filter(application=first).update(due_on=today() - timedelta(days=1))
    assert _rows(office, due="late") == [str(first)]
    assert _rows(office, due="3") == [str(first)]
    Gate.objects.filter(application=second, gate="office").update(returned=True)
    assert _rows(office, returned="1") == [str(second)]


def test_the_order_is_chosen(office: Office) -> None:
    first, second = _cases(office, 2)
    Waiting.objects.filter(application=second).update(
        due_on=today(), since=timezone.now() - timedelta(days=1)
    )
    assert _rows(office, sort="due") == [str(second), str(first)]
    assert _rows(office, sort="age") == [str(second), str(first)]
    assert _rows(office, sort="newest") == [str(first), str(second)]
    assert _rows(office, sort="number") == [str(first), str(second)]


def test_an_address_with_nonsense_is_the_whole_queue() -> None:
    query = {"sort": "points; drop", "holder": "everybody", "gate": "a b", "due": "-1"}
    assert read_filter(query) == QueueFilter()
    assert read_filter({"holder": "mine", "due": "7"}).query == "holder=mine&due=7"


def test_two_who_take_the_next_case_get_two_cases(office: Office) -> None:
    first, second = _cases(office, 2)
    taken = [
        assignments.take_next_gate(who, DESK, today()) for who in (office.clerk, office.clerk2)
    ]
    assert [case.pk for case in taken] == [first.pk, second.pk]
    third = User.objects.get(pk=office.clerk.pk)
    Gate.objects.filter(application=first).update(holder=office.clerk2)
    with pytest.raises(CaseFault) as caught:
        assignments.take_next_gate(third, DESK, today())
    assert caught.value.code == "JF-K101"
    assert "没有可以接手的案件" in caught.value.words.zh
    assert "No case of this queue can be taken" in caught.value.words.en


def test_what_is_assigned_comes_first_and_is_not_taken_from_somebody_who_is_there(
    office: Office,
) -> None:
    first, second = _cases(office, 2)
    assignments.assign_gate(_access(office.supervisor, first), "office", office.clerk2)
    assignments.assign_gate(_access(office.supervisor, second), "office", office.clerk2)
    with pytest.raises(CaseFault):
        assignments.take_next_gate(office.clerk, DESK, today())
    away.enter_absence(office.supervisor, office.clerk2, today(), today())
    assert assignments.take_next_gate(office.clerk, DESK, today()).pk == first.pk


def test_whoever_is_away_is_assigned_nothing_and_lets_go(office: Office) -> None:
    (case,) = _cases(office, 1)
    review.take_gate(_access(office.clerk, case), "office")
    away.enter_absence(office.clerk, office.clerk, today(), today() + timedelta(days=2))
    assert Gate.objects.get(application=case, gate="office").holder is None
    with pytest.raises(CaseFault) as caught:
        assignments.assign_gate(_access(office.supervisor, case), "office", office.clerk)
    assert caught.value.code == "JF-K100"
    assert "目前不在岗，或不能办理此环节" in caught.value.words.zh
    assert "is away, or cannot work in this gate" in caught.value.words.en
    away.end_absence(office.clerk, office.clerk)
    assignments.assign_gate(_access(office.supervisor, case), "office", office.clerk)
    assert Assignment.objects.get().holder == office.clerk


def test_an_absence_has_days(office: Office) -> None:
    for since, until in (
        (None, today()),
        (today(), today() - timedelta(days=1)),
        (today() - timedelta(days=9), today() - timedelta(days=8)),
    ):
        with pytest.raises(CaseFault) as caught:
            away.enter_absence(office.clerk, office.clerk, since, until)
        assert caught.value.code == "JF-K102"
        assert "请填写开始和结束日期" in caught.value.words.zh
        assert "Give the first and the last day" in caught.value.words.en
    assert not Absence.objects.exists()


def test_a_clerk_assigns_to_themselves_and_to_nobody_else(office: Office) -> None:
    (case,) = _cases(office, 1)
    with pytest.raises(NotAllowed):
        assignments.assign_gate(_access(office.clerk, case), "office", office.clerk2)
    with pytest.raises(CaseFault):
        assignments.assign_gate(_access(office.supervisor, case), "office", office.police)
    assignments.assign_gate(_access(office.clerk, case), "office", office.clerk)
    with pytest.raises(NotAllowed):
        assignments.end_assignment(_access(office.clerk2, case), "office")
    assignments.end_assignment(_access(office.clerk, case), "office")
    assert not Assignment.objects.exists()
    acts = list(case.events.order_by("id").values_list("act", flat=True))
    assert acts[-2:] == ["assigned", "unassigned"]


def test_one_that_is_refused_stops_no_other(office: Office) -> None:
    first, second = _cases(office, 2)
    choices = [GateChoice(first.key, "office"), GateChoice(second.key, "nothing")]
    result = assignments.assign_gates(office.supervisor, choices, office.clerk)
    assert result.done == 1
    assert [number for number, _ in result.refused] == [second.number]


def test_the_page_shows_age_days_left_and_whose_it_is(office: Office) -> None:
    (case,) = _cases(office, 1)
    Waiting.objects.filter(application=case).update(since=timezone.now() - timedelta(days=6))
    client = _client(office.supervisor)
    form = {"row": f"{case.key}:office", "act": "assign", "to": office.clerk.pk, "desk": "0"}
    assert client.post("/desk/several", form).status_code == 302
    page = client.get("/desk/").content.decode()
    assert "已处理 1 件" in page
    assert '<td class="num">6</td>' in page
    assert "已分派" in page
    assert 'name="to"' in page, "a supervisor assigns"
    assert "接手下一件" not in page, "and works no gate"


def test_a_view_is_saved_and_forgotten(office: Office) -> None:
    client = _client(office.clerk)
    client.post("/desk/views", {"name": "我的超期", "holder": "mine", "due": "late"})
    view = SavedView.objects.get()
    assert view.query == "holder=mine&due=late"
    page = client.get("/desk/?holder=mine&due=late").content.decode()
    assert "我的超期" in page
    assert "没有符合筛选条件的案件" in page
    _client(office.clerk2).post("/desk/views", {"delete": view.pk})
    assert SavedView.objects.exists(), "it is nobody else's to delete"
    client.post("/desk/views", {"delete": view.pk})
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_there_are_not_too_many(office: Office) -> None:
    with pytest.raises(CaseFault) as caught:
        preferences.save_view(office.clerk, "  ", QueueFilter())
    assert caught.value.code == "JF-K104"
    assert "请填写名称" in caught.value.words.zh
    assert "Give a name of at most 40 characters" in caught.value.words.en
    for number in range(preferences.MOST_VIEWS):
        preferences.save_view(office.clerk, f"{number}", QueueFilter())
    with pytest.raises(CaseFault):
        preferences.save_view(office.clerk, "one more", QueueFilter())


def test_texts_of_an_office_are_written_by_who_signs_and_offered_to_everybody(
    office: Office,
) -> None:
    case = office.submitted()
    senior, clerk = _client(office.senior), _client(office.clerk)
    assert clerk.post("/desk/texts", {"name": "x", "words": "y"}).status_code == 404
    empty = senior.post("/desk/texts", {"name": "缺页", "words": " "})
    assert empty.status_code == 422
    assert "没有填写内容" in empty.content.decode()
    assert 'value="缺页"' in empty.content.decode(), "what was typed stays"
    senior.post("/desk/texts", {"name": "缺页", "words": "请补交缺少的第二页。"})
    page = clerk.get(f"/desk/{case.key}").content.decode()
    assert '<option value="请补交缺少的第二页。">缺页</option>' in page
    (block,) = preferences.list_text_blocks("shanghai", "pudong")
    senior.post("/desk/texts", {"end": block.pk})
    assert preferences.list_text_blocks("shanghai", "pudong") == []


def test_a_refused_absence_and_view_keep_what_was_typed(office: Office) -> None:
    client = _client(office.supervisor)
    form = {"to": office.clerk2.pk, "since": "2099-05-09", "until": "bald"}
    response = client.post("/desk/absence", form)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="2099-05-09"' in page
    assert 'value="bald"' in page
    assert f'<option value="{office.clerk2.pk}" selected>' in page
    assert not Absence.objects.exists()
    long_name = "长" * 41
    response = client.post("/desk/views", {"name": long_name, "holder": "mine", "due": "late"})
    page = response.content.decode()
    assert response.status_code == 422
    assert f'value="{long_name}"' in page
    assert '<input type="hidden" name="holder" value="mine">' in page, "the filters stay set"
    assert not SavedView.objects.exists()


def test_the_next_case_is_ones_own_before_that_of_nobody_and_never_a_colleague_s(
    office: Office,
) -> None:
    done, first, second, third = _cases(office, 4)

    def following() -> Application | None:
        fresh = User.objects.get(pk=office.clerk.pk)
        return find_next_case(fresh, today(), without=done.pk)

    assert following() == first
    assignments.assign_gate(_access(office.supervisor, first), "office", office.clerk2)
    assert following() == second, "the first is a colleague's"
    assignments.assign_gate(_access(office.supervisor, third), "office", office.clerk)
    assert following() == third, "one's own goes before that of nobody"
    away.enter_absence(office.supervisor, office.clerk2, today(), today())
    assignments.end_assignment(_access(office.supervisor, third), "office")
    assert following() == first, "a colleague who is away keeps nothing"
    review.take_gate(_access(office.clerk2, first), "office")
    assert following() == second, "what somebody has in hand is theirs"
