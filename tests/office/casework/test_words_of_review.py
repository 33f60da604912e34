"""What the staff read when a fact cannot be confirmed, a correction asked for, a decision made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jifen.office.accounts.models import StaffRole, User
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import corrections, decisions, review
from jifen.office.casework.actions.corrections import RequestedItem
from jifen.office.casework.models import Application, Item
from tests.world.faults import refused
from tests.world.office import SINCE, Office

pytestmark = pytest.mark.django_db
UNREADABLE = RequestedItem("material", "diploma", "unreadable", "看不清")


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def application(office: Office) -> Application:
    """A filed case."""
    return office.submitted()


@pytest.fixture
def desk(office: Office, application: Application) -> CaseAccess:
    """The case in the hands of the clerk."""
    return access_case(office.clerk, application.key)


def test_of_two_clerks_the_second_is_asked_to_look_again(
    office: Office, application: Application, desk: CaseAccess
) -> None:
    seen = application.version
    review.record_finding(desk, review.FactFinding("education", "confirmed"), version=seen)
    second = access_case(office.clerk2, application.key)
    with refused(
        "JF-K001",
        "此案件刚被其他人处理过，您的操作没有执行。请刷新后查看最新情况再操作。",
        "Somebody else has just acted on this case; your act was not done. Reload and look.",
    ):
        review.record_finding(second, review.FactFinding("title", "confirmed"), version=seen)
    assert Item.objects.get(application=application, fact="title").finding == "open"


def test_a_gate_in_somebodys_hands_names_them_and_until_when(
    office: Office, application: Application, desk: CaseAccess
) -> None:
    until = timezone.localtime(review.take_gate(desk, "office").held_until).strftime("%H:%M")
    second = access_case(office.clerk2, application.key)
    with refused(
        "JF-K030",
        f"clerk 正在办理此环节（至 {until}）。请稍后再试，或请主管转交。",
        f"clerk has this gate until {until}. Try later, or ask a supervisor to hand it over.",
    ):
        review.record_finding(second, review.FactFinding("education", "confirmed"))


@pytest.mark.parametrize(
    ("finding", "code", "zh", "en"),
    [
        (
            review.FactFinding("education", "perhaps"),
            "JF-K031",
            "没有这种认定。请选择确认、更正或不予认定。",
            "There is no such finding: confirm, correct or reject.",
        ),
        (
            review.FactFinding("education", "rejected", (), "not_proved", " "),
            "JF-K032",
            "更正或不予认定时，请选择原因并写明理由。",
            "To correct or reject, choose a reason and say why.",
        ),
        (
            review.FactFinding("education", "corrected", ["master"], "", "与学信网不一致"),
            "JF-K032",
            "更正或不予认定时，请选择原因并写明理由。",
            "To correct or reject, choose a reason and say why.",
        ),
        (
            review.FactFinding("education", "corrected", [], "not_matching", "与学信网不一致"),
            "JF-K033",
            "没有填写，没有可以认定的值。请填写实际的值，或要求补正。",
            "Nothing is given that could be confirmed: write what it is, or ask for it.",
        ),
        (
            review.FactFinding("insured_months", "corrected", ["八十四"], "not_matching", "不一致"),
            "JF-K034",
            "现为“八十四”，应为整数（个月）。请只填数字。",
            "Found '八十四'; expected a whole number (months), digits only. Write the number "
            "with digits only.",
        ),
        (
            review.FactFinding("birth_date", "rejected", (), "not_proved", "没有材料"),
            "JF-K035",
            "“出生日期”不能不予认定，只能更正为实际的值。",
            "'Date of birth' cannot be rejected; correct it to what it is.",
        ),
    ],
    ids=lambda value: value if str(value).startswith("JF-") else "",
)
def test_a_finding_that_cannot_be_says_what_can(
    desk: CaseAccess, finding: review.FactFinding, code: str, zh: str, en: str
) -> None:
    with refused(code, zh, en, finding.fact):
        review.record_finding(desk, finding)
    assert Item.objects.get(fact=finding.fact).finding == "open"


# ------------------------------------------------------------------------------------ corrections


@pytest.mark.parametrize(
    ("asked", "code", "zh", "en"),
    [
        (
            [],
            "JF-K040",
            "请指出至少一项需要补正的内容。",
            "Name at least one item to be put right.",
        ),
        (
            [RequestedItem("fact", "height", "unreadable")],
            "JF-K041",
            "没有这一项。请从列出的内容中选择。",
            "There is no such item. Choose one of those listed.",
        ),
        (
            [RequestedItem("material", "diploma", "because")],
            "JF-K043",
            "请为每一项选择补正原因。",
            "Choose a reason for each item.",
        ),
    ],
    ids=["nothing", "no such item", "no reason"],
)
def test_a_correction_asks_for_something_that_there_is_and_says_why(
    desk: CaseAccess, asked: list[RequestedItem], code: str, zh: str, en: str
) -> None:
    with refused(code, zh, en, asked[0].key if asked else ""):
        corrections.ask_correction(desk, asked)
    assert desk.application.corrections.count() == 0


def test_after_three_corrections_the_facts_decide(
    office: Office, application: Application, desk: CaseAccess
) -> None:
    for _ in range(3):
        corrections.ask_correction(access_case(office.clerk, application.key), [UNREADABLE])
        corrections.resubmit_case(access_case(office.operator, application.key))
    with refused(
        "JF-K042",
        "本市最多补正 3 次，请直接认定。",
        "At most 3 corrections here: decide on the facts as they are.",
    ):
        corrections.ask_correction(desk, [UNREADABLE])


def test_a_lapsed_case_is_taken_up_again_with_a_reason(
    office: Office, application: Application, desk: CaseAccess
) -> None:
    due = corrections.ask_correction(desk, [UNREADABLE]).due_on
    corrections.lapse_overdue_cases(due + timedelta(days=1))
    with refused("JF-K044", "请写明恢复办理的理由。", "Say why the case is taken up again."):
        corrections.reverse_lapse(access_case(office.supervisor, application.key), " ")
    application.refresh_from_db()
    assert application.state == "lapsed"


# -------------------------------------------------------------------------------------- decisions


def _proposed(office: Office, application: Application) -> None:
    decisions.propose_decision(
        access_case(office.clerk, office.reviewed(application).key, "propose")
    )


def test_who_confirmed_the_facts_does_not_sign(office: Office, application: Application) -> None:
    _proposed(office, application)
    StaffRole.objects.create(
        user=office.clerk, role="senior_clerk", city="shanghai", district="pudong", since=SINCE
    )
    clerk = User.objects.get(pk=office.clerk.pk)
    with refused(
        "JF-K051",
        "决定须由另一人签发：您提出或认定过此案件的内容。",
        "Another person signs: you proposed this decision or confirmed facts of the case.",
    ):
        decisions.countersign_decision(access_case(clerk, application.key))
    assert application.decisions.get().signed_at is None


def test_a_proposal_is_sent_back_with_a_reason(office: Office, application: Application) -> None:
    _proposed(office, application)
    with refused("JF-K052", "请写明退回的理由。", "Say why it is sent back."):
        decisions.send_back(access_case(office.senior, application.key), " ")
    assert application.decisions.get().void_at is None
