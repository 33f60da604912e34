"""What the roles of the staff are called, in both languages."""

from collections.abc import Mapping

from jifen.office.accounts.models import Role
from jifen.office.accounts.words import say
from jifen.policy.text import Text

ROLE_NAMES: Mapping[Role, Text] = {
    Role.CLERK: say("role_names.clerk"),
    Role.SENIOR_CLERK: say("role_names.senior_clerk"),
    Role.SUPERVISOR: say("role_names.supervisor"),
    Role.REVIEWER: say("role_names.reviewer"),
    Role.CITY_ADMIN: say("role_names.city_admin"),
    Role.SECURITY_ADMIN: say("role_names.security_admin"),
    Role.AUDITOR: say("role_names.auditor"),
    Role.ANALYST: say("role_names.analyst"),
    Role.DRAFTER: say("role_names.policy_drafter"),
    Role.POLICY_REVIEWER: say("role_names.policy_reviewer"),
    Role.APPROVER: say("role_names.policy_approver"),
    Role.MODERATOR: say("role_names.policy_moderator"),
}
