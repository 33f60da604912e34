"""A sample case for every placeholder of messages, for previews and tests. Nobody's data."""

from collections.abc import Mapping

from jifen.office.administration.words import say
from jifen.office.messages.editions import list_placeholders_of_kind
from jifen.policy.text import Text

_EVERYWHERE: Mapping[str, Text] = {
    **{
        name: Text(day, day)
        for name, day in (
            ("until", "2026-12-21"),
            ("due_on", "2027-01-08"),
            ("settle_by", "2027-03-31"),
            ("grace", "2027-02-19"),
            ("lease", "2026-12-15"),
            ("on", "2026-12-01"),
        )
    },
    **{
        name: Text(number, number)
        for name, number in (
            ("number", "2026310115000123"),
            ("last", "2025310115000087"),
            ("days", "7"),
            ("open", "12"),
            ("soon", "3"),
            ("late", "1"),
            ("nobody", "2"),
            ("drafts", "2"),
            ("corrections", "1"),
            ("ending", "4"),
            ("decided", "3"),
        )
    },
    "left": say("message_samples.everywhere_left"),
    "item": say("message_samples.everywhere_item"),
    "unit": say("message_samples.everywhere_unit"),
    "points": say("message_samples.everywhere_points"),
    "outcome": say("message_samples.everywhere_outcome"),
    "of": say("message_samples.everywhere_of"),
    "when": say("message_samples.everywhere_when"),
    "reason": say("message_samples.everywhere_reason"),
    "later": say("message_samples.everywhere_later"),
    "what": say("message_samples.everywhere_what"),
}
_OF_KIND: Mapping[tuple[str, str], Text] = {
    ("permit_ends", "what"): say("message_samples.it_will_be_endorsed_automatically"),
    ("desk_digest", "what"): say("message_samples.to_review_8_second_review"),
    ("false_found", "when"): say("message_samples.sign_in_and_answer_until"),
}


def build_sample_params(kind: str) -> dict[str, dict[str, str]]:
    """A value in both languages for each placeholder of a kind."""
    words = {
        name: _OF_KIND.get((kind, name), _EVERYWHERE[name])
        for name in sorted(list_placeholders_of_kind(kind))
    }
    return {name: {"zh": text.zh, "en": text.en} for name, text in words.items()}
