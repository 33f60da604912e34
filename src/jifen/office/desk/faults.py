"""What a desk refuses, in words for whoever asked."""

from jifen.office.casework.faults import CaseFault
from jifen.office.desk.words import say

NOT_AVAILABLE = CaseFault(
    "JF-K100",
    say("faults.this_person_is_away"),
    "to",
)
NOTHING_LEFT = CaseFault(
    "JF-K101",
    say("faults.no_case_of_this_queue"),
)
BAD_ABSENCE = CaseFault(
    "JF-K102",
    say("faults.give_the_first"),
    "until",
)
EMPTY_WORDS = CaseFault("JF-K103", say("faults.nothing_was_written_write"))
BAD_NAME = CaseFault(
    "JF-K104",
    say("faults.give_a_name"),
    "name",
)
UNKNOWN_COLLEAGUE = CaseFault(
    "JF-K105",
    say("faults.this_person_may_not_see"),
    "mention",
)
NO_THREAD = CaseFault(
    "JF-K106",
    say("faults.the_case_is_over"),
)
NO_SUCH_ITEM = CaseFault(
    "JF-K107",
    say("faults.there_is_no_such_item"),
    "item",
)
CANNOT_STAND_IN = CaseFault("JF-K110", say("faults.cannot_stand_in"), "substitute")
AWAY_TOO = CaseFault("JF-K111", say("faults.away_too"), "substitute")
NOTHING_TO_STAND_IN_FOR = CaseFault("JF-K112", say("faults.nothing_to_stand_in_for"), "post")
