"""Insurance as people know it: employer by employer, or pasted from a table or the insurance app;
turned into spells of contributions and an account of every month."""

from jifen.facts.insurance.account import InsuranceAccount, InsuredMonth, build_account
from jifen.facts.insurance.employers import Employment, NumberedSpell, build_contributions
from jifen.facts.insurance.paste import PastedInsurance, read_paste

__all__ = [
    "Employment",
    "InsuranceAccount",
    "InsuredMonth",
    "NumberedSpell",
    "PastedInsurance",
    "build_account",
    "build_contributions",
    "read_paste",
]
