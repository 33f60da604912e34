"""What can wait, for whom it is, and how they hear of it: the one table."""

from dataclasses import dataclass

from jifen.office.accounts.models import Role
from jifen.office.waiting.models import WaitKind
from jifen.office.waiting.words import say
from jifen.policy.text import Text

CLERK, REVIEWER, SENIOR, SUPERVISOR, CITY_ADMIN, SECURITY_ADMIN = (
    Role.CLERK,
    Role.REVIEWER,
    Role.SENIOR_CLERK,
    Role.SUPERVISOR,
    Role.CITY_ADMIN,
    Role.SECURITY_ADMIN,
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
    WaitKind.DRAFT: WaitRule(say("rules.fill_in_and_submit"), "submit"),
    WaitKind.CONSENT: WaitRule(say("rules.agree_that_the_employer_files"), "consent"),
    WaitKind.REGISTRATION: WaitRule(
        say("rules.confirm_the_registration"),
        "",
        (CLERK, *SIGNERS, CITY_ADMIN),
    ),
    WaitKind.REGISTRATION_AGAIN: WaitRule(say("rules.send_the_registration")),
    WaitKind.GATE: WaitRule(say("rules.confirm_facts"), "find", (CLERK, REVIEWER)),
    WaitKind.CORRECTION: WaitRule(say("rules.put_right_what_was_asked"), "resubmit"),
    WaitKind.DECISION: WaitRule(say("rules.propose_the_decision"), "propose", (CLERK,)),
    WaitKind.SIGNATURE: WaitRule(say("rules.sign_the_decision"), "countersign", SIGNERS),
    WaitKind.RECHECK: WaitRule(say("rules.decide_the_recheck"), "decide_recheck", SIGNERS),
    WaitKind.ANSWER: WaitRule(say("rules.answer_the_finding"), "answer_false"),
    WaitKind.DELIVERY: WaitRule(
        say("rules.deliver_the_letter"),
        "deliver_finding",
        (CLERK, *SIGNERS),
    ),
    WaitKind.FINDING: WaitRule(
        say("rules.decide_the_finding_of_false"),
        "decide_false",
        SIGNERS,
    ),
    WaitKind.EXPEDITE: WaitRule(
        say("rules.decide_on_the_expedited_lane"),
        "decide_expedite",
        (SUPERVISOR,),
    ),
    WaitKind.OBJECTION: WaitRule(say("rules.look_into_the_objection"), "", (CLERK, *SIGNERS)),
    WaitKind.OBJECTION_DECISION: WaitRule(say("rules.decide_the_objection"), "", SIGNERS),
    WaitKind.SETTLEMENT: WaitRule(say("rules.settle_with_the_notice")),
    WaitKind.RENEWAL: WaitRule(say("rules.renew_the_points")),
    WaitKind.REGISTER: WaitRule(
        say("rules.a_register_does_not_answer"),
        "",
        (SUPERVISOR, CITY_ADMIN),
    ),
    WaitKind.PAPER: WaitRule(
        say("rules.a_paper_cannot_be_printed"),
        "",
        (SUPERVISOR, CITY_ADMIN),
    ),
    WaitKind.SETTING: WaitRule(say("rules.confirm_a_setting"), "", (CITY_ADMIN, SECURITY_ADMIN)),
}


def rule_of(kind: str) -> WaitRule:
    """The rule of a kind."""
    return RULES[WaitKind(kind)]


def list_kinds_for(role: str) -> list[str]:
    """What somebody with a role may do something about."""
    return [kind.value for kind, rule in RULES.items() if role in rule.roles]
