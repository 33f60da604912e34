"""What can wait, for whom it is, and how they hear of it: the one table."""

from dataclasses import dataclass

from jifen.office.accounts.models import Role
from jifen.office.waiting.models import WaitKind
from jifen.policy.text import Text

CLERK, REVIEWER, SENIOR, SUPERVISOR, CITY_ADMIN = (
    Role.CLERK,
    Role.REVIEWER,
    Role.SENIOR_CLERK,
    Role.SUPERVISOR,
    Role.CITY_ADMIN,
)
SIGNERS = (SENIOR, SUPERVISOR)


@dataclass(frozen=True, slots=True)
class WaitRule:
    """`words`: what is waited for. `act`: the act of a case that ends it. `roles`: who of the staff
    may do it, the first is the one named; empty: an applicant."""

    words: Text
    act: str = ""
    roles: tuple[Role, ...] = ()


RULES: dict[WaitKind, WaitRule] = {
    WaitKind.DRAFT: WaitRule(
        Text("填写并提交申请", "fill in and submit the application"), "submit"
    ),
    WaitKind.CONSENT: WaitRule(Text("同意由单位申报", "agree that the employer files"), "consent"),
    WaitKind.REGISTRATION: WaitRule(
        Text("核实单位登记", "confirm the registration of a unit"),
        "",
        (CLERK, *SIGNERS, CITY_ADMIN),
    ),
    WaitKind.REGISTRATION_AGAIN: WaitRule(
        Text("重新提交单位登记", "send the registration of the unit again")
    ),
    WaitKind.GATE: WaitRule(Text("认定事实", "confirm facts"), "find", (CLERK, REVIEWER)),
    WaitKind.CORRECTION: WaitRule(Text("补正", "put right what was asked for"), "resubmit"),
    WaitKind.DECISION: WaitRule(Text("提出决定", "propose the decision"), "propose", (CLERK,)),
    WaitKind.SIGNATURE: WaitRule(Text("签发决定", "sign the decision"), "countersign", SIGNERS),
    WaitKind.RECHECK: WaitRule(Text("办理复核", "decide the recheck"), "decide_recheck", SIGNERS),
    WaitKind.ANSWER: WaitRule(Text("陈述意见", "answer the finding"), "answer_false"),
    WaitKind.DELIVERY: WaitRule(
        Text("送达书面告知（本人没有账号）", "deliver the letter to a person without an account"),
        "deliver_finding",
        (CLERK, *SIGNERS),
    ),
    WaitKind.FINDING: WaitRule(
        Text("决定虚假材料是否成立", "decide the finding of false material"),
        "decide_false",
        SIGNERS,
    ),
    WaitKind.EXPEDITE: WaitRule(
        Text("决定是否加急", "decide on the expedited lane"),
        "decide_expedite",
        (SUPERVISOR,),
    ),
    WaitKind.OBJECTION: WaitRule(
        Text("核查异议", "look into the objection"), "", (CLERK, *SIGNERS)
    ),
    WaitKind.OBJECTION_DECISION: WaitRule(
        Text("决定异议是否成立", "decide the objection"), "", SIGNERS
    ),
    WaitKind.SETTLEMENT: WaitRule(Text("办理入户", "settle with the notice")),
    WaitKind.RENEWAL: WaitRule(Text("续签积分", "renew the points")),
    WaitKind.REGISTER: WaitRule(
        Text("登记系统没有应答，请联系其运维", "a register does not answer: ask who runs it"),
        "",
        (SUPERVISOR, CITY_ADMIN),
    ),
    WaitKind.PAPER: WaitRule(
        Text("文书无法制作，请处理", "a paper cannot be printed: look at it"),
        "",
        (SUPERVISOR, CITY_ADMIN),
    ),
}


def rule_of(kind: str) -> WaitRule:
    """The rule of a kind."""
    return RULES[WaitKind(kind)]


def list_kinds_for(role: str) -> list[str]:
    """What somebody with a role may do something about."""
    return [kind.value for kind, rule in RULES.items() if role in rule.roles]
