"""Words of the pages of consultations."""

from datetime import date

from jifen.office.consultation.models import Consultation, ConsultationState, Verdict
from jifen.office.consultation.rules import is_running
from jifen.policy.text import Text

VERDICTS = {
    Verdict.ADOPTED.value: Text("采纳", "adopted"),
    Verdict.PARTLY.value: Text("部分采纳", "partly adopted"),
    Verdict.NOT.value: Text("未采纳", "not adopted"),
}
STATES = {
    ConsultationState.PROPOSED.value: Text("待批准", "waits for approval"),
    ConsultationState.REFUSED.value: Text("未批准", "refused"),
    ConsultationState.OPEN.value: Text("已结束，待答复", "ended, answers to come"),
    ConsultationState.REPLYING.value: Text(
        "已结束，答复待签发", "ended, answers wait for a signature"
    ),
    ConsultationState.ANSWERED.value: Text("已答复", "answered"),
    ConsultationState.WITHDRAWN.value: Text("已撤回", "withdrawn"),
}
RUNNING = Text("正在征求意见", "open for comment")


def describe_state(row: Consultation, on: date) -> Text:
    """The state in words, on a day."""
    return RUNNING if is_running(row, on) else STATES[row.state]
