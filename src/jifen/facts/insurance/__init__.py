"""Insurance as people know it: employer by employer, or pasted from a table or the insurance app;
turned into spells of contributions and an account of every month."""

from jifen.facts.insurance.account import Gap, InsuranceAccount, InsuredMonth, build_account
from jifen.facts.insurance.employers import (
    LEAST_OF_WAGE,
    MOST_OF_WAGE,
    Employment,
    NumberedSpell,
    build_contributions,
)
from jifen.facts.insurance.paste import PastedInsurance, read_paste
from jifen.facts.insurance.rows import SALARY, build_row_spells

__all__ = [
    "LEAST_OF_WAGE",
    "MOST_OF_WAGE",
    "SALARY",
    "Employment",
    "Gap",
    "InsuranceAccount",
    "InsuredMonth",
    "NumberedSpell",
    "PastedInsurance",
    "build_account",
    "build_contributions",
    "build_row_spells",
    "read_paste",
]
