"""Where a visitor is in the questions. It travels in the form; nothing is kept on the server."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict

from jifen.policy.vocabulary import Vocabulary

CHECK, RESULT, SPELLS, PURPOSE = "check", "result", "spells", "purpose"
GROUP = "group:"
_MOST_PAST = 80


@dataclass(slots=True)
class Walk:
    """`at`: the step that is shown (a fact, `group:` with a section, or one of the pages above);
    `past`: the steps before it; `skipped`: facts answered with "I don't know"; `claimed`: facts
    that were ticked in a group and whose answer is still to come; `every`: questions that only
    change the points are asked as well; `editing`: the next answer leads back to the check page;
    `example`: the answers are not the visitor's own, so the device does not keep them; `implied`:
    facts whose answers follow from others; `totals`: months of insurance are given as totals, not
    employer by employer."""

    at: str = ""
    past: list[str] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)
    claimed: set[str] = field(default_factory=set)
    every: bool = False
    editing: bool = False
    example: bool = False
    implied: set[str] = field(default_factory=set)
    totals: bool = False

    def go_to(self, step: str) -> None:
        """Show a step; the one that was shown is where 'back' leads."""
        if self.at and self.at != step:
            self.past = [*self.past, self.at][-_MOST_PAST:]
        self.at = step

    def go_back(self) -> None:
        """Show the step before; the first one stays."""
        if self.past:
            self.at = self.past.pop()

    def fields(self) -> Iterator[tuple[str, str]]:
        """As hidden fields of a form."""
        yield "walk.at", self.at
        for name, words in (
            ("past", self.past),
            ("skipped", sorted(self.skipped)),
            ("claimed", sorted(self.claimed)),
            ("implied", sorted(self.implied)),
            ("every", ["yes"] if self.every else []),
            ("editing", ["yes"] if self.editing else []),
            ("example", ["yes"] if self.example else []),
            ("totals", ["yes"] if self.totals else []),
        ):
            if words:
                yield f"walk.{name}", " ".join(words)


def walk_of(post: QueryDict, vocabulary: Vocabulary) -> Walk:
    """The place that a posted form tells; names that are no step or fact are left out."""

    def known(name: str) -> list[str]:
        words = post.get(f"walk.{name}", "")[:8_000].split()
        return [word for word in words if is_step(word, vocabulary)]

    return Walk(
        at=next(iter(known("at")), ""),
        past=known("past")[-_MOST_PAST:],
        skipped={word for word in known("skipped") if word in vocabulary},
        claimed={word for word in known("claimed") if word in vocabulary},
        implied={word for word in known("implied") if word in vocabulary},
        every="walk.every" in post,
        editing="walk.editing" in post,
        example="walk.example" in post,
        totals="walk.totals" in post,
    )


def is_step(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a word names a step of a city."""
    if word in (CHECK, RESULT, SPELLS, PURPOSE):
        return True
    if word.startswith(GROUP):
        return word[len(GROUP) :] in {section.id for section in vocabulary.sections}
    fact = vocabulary.get(word)
    return fact is not None and not fact.is_record
