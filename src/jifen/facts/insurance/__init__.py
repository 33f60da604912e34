"""Insurance as people know it: employer by employer, or pasted from a table or the insurance app;
turned into spells of contributions and an account of every month."""

from jifen.facts.insurance.account import Account, InsuredMonth, account_of
from jifen.facts.insurance.employers import Employment, NumberedSpell, contributions_of
from jifen.facts.insurance.paste import Pasted, read_paste

__all__ = [
    "Account",
    "Employment",
    "InsuredMonth",
    "NumberedSpell",
    "Pasted",
    "account_of",
    "contributions_of",
    "read_paste",
]
