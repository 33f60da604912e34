"""What is refused about accounts of the staff, in words."""

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.words import say

NAME_TAKEN = RoleFault(
    "JF-N008",
    say("account_faults.the_sign_in_name"),
    "username",
)
BAD_NAME = RoleFault(
    "JF-N020",
    say("account_faults.a_sign_in_name_has"),
    "username",
)
BAD_EMAIL = RoleFault(
    "JF-N021",
    say("account_faults.this_is_no_e_mail"),
    "email",
)
NO_ACCOUNT = RoleFault(
    "JF-N022",
    say("account_faults.the_staff_of_the_city"),
)
OWN_ACCOUNT = RoleFault(
    "JF-N023",
    say("account_faults.nobody_does_this_to_their"),
)
BOTH_BY_ONE = RoleFault(
    "JF-N024",
    say("account_faults.one_administrator_does_not_reset"),
)
USED_ELSEWHERE = RoleFault(
    "JF-N025",
    say("account_faults.this_account_is_used_elsewhere"),
)
