"""Register extracts of a whole city → the fact columns of a population table.

The plain path (`jifen.facts.examine`) reads one person; this one reads files that are larger than
memory: rows are spread over temporary partitions by person, and each partition is derived with
whole columns at once. The results are the same. Needs the extra `jifen[lab]`.
"""

from jifen.facts.registers.run import Summary, derive
from jifen.facts.registers.words import RegisterError

__all__ = ["RegisterError", "Summary", "derive"]
