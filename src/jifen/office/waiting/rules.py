"""What can wait, for whom it is, and how they hear of it: the one table."""

from dataclasses import dataclass

from jifen.office.accounts.models import Role
from jifen.office.waiting.models import Kind
from jifen.policy.text import Text

CLERK, REVIEWER, SENIOR, LEAD, CITY = (
    Role.CLERK,
    Role.REVIEWER,
    Role.SENIOR_CLERK,
    Role.SUPERVISOR,
    Role.CITY_ADMIN,
)
SIGNERS = (SENIOR, LEAD)


@dataclass(frozen=True, slots=True)
class Rule:
    """`words`: what is waited for. `act`: the act of a case that ends it. `roles`: who of the staff
    may do it, the first is the one named; empty: an applicant. `at_once`: whoever may do it has a
    message of its own; else it is counted in the digest of the day."""

    words: Text
    act: str = ""
    roles: tuple[Role, ...] = ()
    at_once: bool = False


RULES: dict[Kind, Rule] = {
    Kind.DRAFT: Rule(Text("填写并提交申请", "fill in and submit the application"), "submit"),
    Kind.CONSENT: Rule(
        Text("同意由单位申报", "agree that the employer files"), "consent", at_once=True
    ),
    Kind.REGISTRATION: Rule(
        Text("核实单位登记", "confirm the registration of a unit"), "", (CLERK, *SIGNERS, CITY)
    ),
    Kind.REGISTRATION_AGAIN: Rule(
        Text("重新提交单位登记", "send the registration of the unit again")
    ),
    Kind.GATE: Rule(Text("认定事实", "confirm facts"), "find", (CLERK, REVIEWER)),
    Kind.CORRECTION: Rule(Text("补正", "put right what was asked for"), "resubmit"),
    Kind.DECISION: Rule(Text("提出决定", "propose the decision"), "propose", (CLERK,)),
    Kind.SIGNATURE: Rule(Text("签发决定", "sign the decision"), "countersign", SIGNERS),
    Kind.RECHECK: Rule(
        Text("办理复核", "decide the recheck"), "decide_recheck", SIGNERS, at_once=True
    ),
    Kind.ANSWER: Rule(Text("陈述意见", "answer the finding"), "answer_false"),
    Kind.FINDING: Rule(
        Text("决定虚假材料是否成立", "decide the finding of false material"),
        "decide_false",
        SIGNERS,
        at_once=True,
    ),
    Kind.EXPEDITE: Rule(
        Text("决定是否加急", "decide on the expedited lane"),
        "decide_expedite",
        (LEAD,),
        at_once=True,
    ),
    Kind.OBJECTION: Rule(
        Text("核查异议", "look into the objection"), "", (CLERK, *SIGNERS), at_once=True
    ),
    Kind.OBJECTION_DECISION: Rule(
        Text("决定异议是否成立", "decide the objection"), "", SIGNERS, at_once=True
    ),
    Kind.SETTLEMENT: Rule(Text("办理入户", "settle with the notice")),
    Kind.RENEWAL: Rule(Text("续签积分", "renew the points")),
    Kind.REGISTER: Rule(
        Text("登记系统没有应答，请联系其运维", "a register does not answer: ask who runs it"),
        "",
        (LEAD, CITY),
        at_once=True,
    ),
    Kind.PAPER: Rule(
        Text("文书无法制作，请处理", "a paper cannot be printed: look at it"),
        "",
        (LEAD, CITY),
        at_once=True,
    ),
}


def rule_of(kind: str) -> Rule:
    """The rule of a kind."""
    return RULES[Kind(kind)]


def kinds_for(role: str) -> list[str]:
    """What somebody with a role may do something about."""
    return [kind.value for kind, rule in RULES.items() if role in rule.roles]
