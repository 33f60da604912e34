"""Answers of the self-assessment that a device keeps, brought into a new draft on request.

They arrive as one field, written like a form of the self-assessment, and are read as that form is.
"""

from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict

from jifen.cities import index
from jifen.office.casework.access import CaseAccess
from jifen.office.casework.actions.drafts import save_draft
from jifen.office.casework.case_policy import policy_of
from jifen.office.casework.official_facts import leave_out_official_facts
from jifen.office.registry.faults import RegistryFault
from jifen.office.web.cases.store import fields_of
from jifen.office.web.character_filter import cleaned
from jifen.office.web.public.answers import from_post
from jifen.policy.text import Text

CHARACTERS_MOST = 300_000
"""About twice the longest form: 600 rows of insurance, each with an employer."""


def read_brought_answers(post: QueryDict, city: str) -> QueryDict | None:
    """The answers that came with a form; None where the box was not ticked. Raises RegistryFault
    where none came, where they are another city's, and where they are too large."""
    if post.get("bring") != "yes":
        return None
    text = post.get("answers", "")
    if not text.strip():
        raise RegistryFault("JF-G033", _NOTHING, "bring")
    if len(text) > CHARACTERS_MOST:
        raise RegistryFault("JF-G035", _TOO_LARGE, "bring")
    try:
        answers = cleaned(QueryDict(text))
    except TooManyFieldsSent:
        raise RegistryFault("JF-G035", _TOO_LARGE, "bring") from None
    other = answers.get("city", "")
    if other != city:
        raise RegistryFault("JF-G034", _describe_other_city(other, city), "bring")
    return answers


def save_brought_answers(case: CaseAccess, posted: QueryDict) -> int:
    """Keep the answers in a draft that was just opened, as typed. How many there are;
    insurance counts as one."""
    policy, on = policy_of(case.application), case.application.on
    answers = from_post(policy.vocabulary, posted)
    fields = leave_out_official_facts(case.application, fields_of(answers, policy.rules_on(on), on))
    save_draft(case, fields, case.application.revision)
    typed = [text for text in answers.values.values() if text.strip()]
    return len(typed) + bool(answers.begun_spells())


def _describe_other_city(other: str, city: str) -> Text:
    asked = index()[city].label
    if other not in index():
        return Text(
            f"带入的答案没有注明是哪个城市的，没有新建申请。请打开{asked.zh}的自测页核对后再试，"
            "或不勾选带入。",
            "The answers do not say for which city they are; no application was begun. Open the "
            f"self-assessment of {asked.en}, check them and try again, or leave the box unticked.",
        )
    given = index()[other].label
    return Text(
        f"带入的是{given.zh}的答案，这里要{asked.zh}的，没有新建申请。请先在{asked.zh}的自测页作答，"
        "或不勾选带入。",
        f"These answers are for {given.en}, not for {asked.en}; no application was begun. Answer "
        f"the self-assessment of {asked.en} first, or leave the box unticked.",
    )


_NOTHING = Text(
    "没有收到这台设备上的答案，没有新建申请。可能已被清除；请不勾选带入，直接填写。",
    "No answers of this device arrived, and no application was begun. They may have been cleared: "
    "leave the box unticked and fill in the form.",
)
_TOO_LARGE = Text(
    "这台设备上的答案太多（最多 300,000 个字符、4,000 个字段），没有新建申请。"
    "请不勾选带入，直接填写。",
    "The answers of this device are too large (at most 300,000 characters and 4,000 fields); no "
    "application was begun. Leave the box unticked and fill in the form.",
)
