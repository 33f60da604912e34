"""What is read when a recheck, a finding of false material or the expedited lane cannot go on."""

from datetime import timedelta

import pytest

from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import expedited_lane, post_decision
from jifen.office.casework.models import Application, Decision, Expedite, FalseRecord, Recheck
from tests.world.faults import refused
from tests.world.office import Office, tell, unit

pytestmark = pytest.mark.django_db
WHY = [{"line": "education", "words": "学历不对"}]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def decided(office: Office) -> Application:
    """A case with a signed decision."""
    return office.decided(office.submitted())


# --------------------------------------------------------------------------------------- employer


def test_a_case_goes_on_under_an_employer_of_the_city_only(office: Office) -> None:
    case = access_case(office.supervisor, office.submitted().key)
    for other in (unit(5, kind="agency"), unit(6, city="chengdu", district="wuhou")):
        with refused(
            "JF-K060",
            "不是本市的用人单位。请核对统一社会信用代码，或请单位先登记。",
            "This is no employer of the city. Check its credit code, or have it register first.",
        ):
            post_decision.change_employer(case, other, "换了单位")
    assert Application.objects.get().unit == office.unit


# ---------------------------------------------------------------------------------------- recheck


@pytest.mark.parametrize("reasons", [[], [{"line": "education", "words": " "}]])
def test_a_recheck_has_a_reason(
    office: Office, decided: Application, reasons: list[dict[str, str]]
) -> None:
    with refused("JF-K061", "请至少对一项写明理由。", "Give a reason for at least one line."):
        post_decision.ask_recheck(access_case(office.person_user, decided.key), reasons)


def test_of_two_rechecks_the_second_waits(office: Office, decided: Application) -> None:
    post_decision.ask_recheck(access_case(office.person_user, decided.key), WHY)
    with refused(
        "JF-K062", "复核正在进行，请等待结果。", "A recheck is under way: wait for its outcome."
    ):
        post_decision.ask_recheck(access_case(office.person_user, decided.key), WHY)
    assert Recheck.objects.count() == 1


def test_a_recheck_is_decided_with_a_reason_and_by_another(
    office: Office, decided: Application
) -> None:
    post_decision.ask_recheck(access_case(office.person_user, decided.key), WHY)
    with refused("JF-K063", "请写明复核理由。", "Say why it stands, or changes."):
        post_decision.decide_recheck(access_case(office.senior2, decided.key), " ")
    with refused(
        "JF-K064",
        "您参与过原决定。复核须由没有参与的人员办理，请转交。",
        "You had a part in the decision. Somebody without a part decides the recheck: hand it "
        "over.",
    ):
        post_decision.decide_recheck(access_case(office.senior, decided.key), "维持")
    assert Recheck.objects.get().state == "open"


def test_a_recheck_to_a_value_that_cannot_be_changes_nothing(
    office: Office, decided: Application
) -> None:
    post_decision.ask_recheck(access_case(office.person_user, decided.key), WHY)
    with refused(
        "JF-K050",
        "还有会影响结果的事实没有认定：学历学位。请先认定。现为“doctr”，应为以下之一："
        "none, college, bachelor, bachelor_with_degree, master, doctor。可能想填 doctor。",
        "Facts that matter are not confirmed: Education. Confirm them first. Found 'doctr'; "
        "expected one of: none, college, bachelor, bachelor_with_degree, master, doctor. Did you "
        "mean doctor?",
    ):
        post_decision.decide_recheck(
            access_case(office.senior2, decided.key), "更正", {"education": "doctr"}
        )
    assert Decision.objects.get().void_at is None


# --------------------------------------------------------------------------------- false material


@pytest.fixture
def record(office: Office, decided: Application) -> FalseRecord:
    """The senior clerk found that the diploma is false."""
    return post_decision.report_false_material(
        access_case(office.senior, decided.key), "education", "假证"
    )


def _case(office: Office, decided: Application) -> CaseAccess:
    return access_case(office.senior2, decided.key)


def test_a_finding_says_what_was_found(office: Office, decided: Application) -> None:
    with refused("JF-K065", "请写明发现的情况。", "Say what was found."):
        post_decision.report_false_material(_case(office, decided), "education", " ")
    assert not FalseRecord.objects.exists()


def test_what_was_decided_is_neither_answered_nor_decided_again(
    office: Office, decided: Application, record: FalseRecord
) -> None:
    post_decision.answer_false_material(
        access_case(office.person_user, decided.key), record, "是真的"
    )
    post_decision.decide_false_material(
        _case(office, decided), record, stands=False, words="核实无误"
    )
    with refused(
        "JF-K066",
        "没有待陈述的事项：已经陈述，或者已经决定。请刷新页面查看。",
        "Nothing waits for an answer: it was given, or this was decided already. Reload to see it.",
    ):
        post_decision.answer_false_material(
            access_case(office.person_user, decided.key), record, "再说一次"
        )
    with refused(
        "JF-K066",
        "没有待决定的事项：此事项已经决定。请刷新页面查看。",
        "Nothing waits for a decision: this was decided already. Reload to see it.",
    ):
        post_decision.decide_false_material(
            _case(office, decided), record, stands=True, words="假证"
        )
    record.refresh_from_db()
    assert (record.state, record.answer) == ("dropped", "是真的")


def test_nothing_is_decided_before_the_person_was_heard(
    office: Office, decided: Application, record: FalseRecord
) -> None:
    with refused(
        "JF-K067",
        "本人还没有被告知，陈述期没有开始，不能决定。没有账号的，请送达书面告知并登记送达日。",
        "The person was not told yet, so the days to answer have not begun. Deliver the letter to "
        "whoever has no account, and record the day.",
    ):
        post_decision.decide_false_material(
            _case(office, decided), record, stands=True, words="假证"
        )
    last = tell(record).hearing_until
    with refused(
        "JF-K067",
        f"陈述期到 {last}，此前不能决定。",
        f"The person may answer until {last}; not before.",
    ):
        post_decision.decide_false_material(
            _case(office, decided), record, stands=True, words="假证", on=last
        )


def test_who_found_it_does_not_decide_it(
    office: Office, decided: Application, record: FalseRecord
) -> None:
    until = tell(record).hearing_until
    assert until is not None
    day = until + timedelta(days=1)
    with refused(
        "JF-K068",
        "此情况由您发现，须由另一人决定。",
        "You found it: another person decides.",
    ):
        case = access_case(office.senior, decided.key)
        post_decision.decide_false_material(case, record, stands=True, words="假证", on=day)
    record.refresh_from_db()
    assert record.state == "hearing"


# --------------------------------------------------------------------------------- expedited lane


@pytest.mark.parametrize(
    ("ground", "words", "code", "zh", "en", "place"),
    [
        (
            "haste",
            "着急",
            "JF-K070",
            "请选择加急的理由。",
            "Choose one of the grounds.",
            "ground",
        ),
        (
            "illness",
            " ",
            "JF-K071",
            "请说明情况和证明材料。",
            "Say what it is about, and what proves it.",
            "words",
        ),
    ],
    ids=["no ground", "no words"],
)
def test_a_request_for_the_lane_has_a_ground_and_words(
    office: Office, ground: str, words: str, code: str, zh: str, en: str, place: str
) -> None:
    case = access_case(office.operator, office.submitted().key)
    with refused(code, zh, en, place):
        expedited_lane.ask_expedite(case, ground, words)
    assert not Expedite.objects.exists()


def test_a_request_is_made_once_and_decided_once(office: Office) -> None:
    key = office.submitted().key
    request = expedited_lane.ask_expedite(access_case(office.operator, key), "illness", "住院证明")
    with refused(
        "JF-K072",
        "加急申请正在等待批准，请等待结果。",
        "A request is waiting already: wait for its outcome.",
    ):
        expedited_lane.ask_expedite(access_case(office.operator, key), "exam", "报名通知")
    expedited_lane.decide_expedite(
        access_case(office.supervisor, key), request, approve=True, words="同意"
    )
    with refused(
        "JF-K073",
        "此加急申请已处理，没有再改动。请刷新页面查看。",
        "This request was decided already; nothing was changed. Reload to see how.",
    ):
        expedited_lane.decide_expedite(
            access_case(office.supervisor, key), request, approve=False, words="不"
        )
    assert Expedite.objects.get().approved is True
