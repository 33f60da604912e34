"""What a result amounts to: one state, the number that may be shown, and the words for it.

Every page, command, list, message and program reads a result through this package. None of them
compares points with a line or words an outcome by itself.
"""

from jifen.scoring.standing.derive import standing_of
from jifen.scoring.standing.document import result_document, standing_document
from jifen.scoring.standing.model import Decider, Standing, State
from jifen.scoring.standing.outcomes import (
    decided_words,
    outcome_words,
    published_words,
    reached_words,
    renewal_words,
)
from jifen.scoring.standing.stored import standing_of_stored
from jifen.scoring.standing.words import Words, words_of

__all__ = [
    "Decider",
    "Standing",
    "State",
    "Words",
    "decided_words",
    "outcome_words",
    "published_words",
    "reached_words",
    "renewal_words",
    "result_document",
    "standing_document",
    "standing_of",
    "standing_of_stored",
    "words_of",
]
