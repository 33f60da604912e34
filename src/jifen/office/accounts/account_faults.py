"""What is refused about accounts of the staff, in words."""

from jifen.office.accounts.faults import RoleFault
from jifen.office.accounts.words import say

NAME_TAKEN = RoleFault("JF-N008", say("account_faults.name_taken"), "username")
BAD_NAME = RoleFault("JF-N020", say("account_faults.bad_name"), "username")
BAD_EMAIL = RoleFault("JF-N021", say("account_faults.bad_email"), "email")
NO_ACCOUNT = RoleFault("JF-N022", say("account_faults.no_account"))
OWN_ACCOUNT = RoleFault("JF-N023", say("account_faults.own_account"))
BOTH_BY_ONE = RoleFault("JF-N024", say("account_faults.both_by_one"))
