"""Register extracts of a whole city → the fact columns of a population table.

The plain path (`jifen.facts.examine_facts`) reads one person; this one reads files that are larger
than memory: rows are spread over temporary partitions by person, and each partition is derived with
whole columns at once. The results are the same. Needs the extra `jifen[lab]`.
"""

from jifen.facts.registers.derivation import DerivationSummary, derive_registers
from jifen.facts.registers.faults import RegisterError

__all__ = ["DerivationSummary", "RegisterError", "derive_registers"]
