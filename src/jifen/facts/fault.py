"""What is wrong with a person's facts, said in both languages and tied to the fact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from jifen.facts.words import say
from jifen.policy.fault import (
    DocumentError,
    Fault,
    Place,
    find_nearest,
    hide_identity_numbers,
    shorten_text,
)
from jifen.policy.text import Lang, Text


class ChineseFault(Fault):
    """A fault with Chinese contents, printed with Chinese headings."""

    __slots__ = ()

    def _format_text(self) -> str:
        severities = {"error": say("fault.error").zh, "warning": say("fault.warning").zh}
        severity = severities.get(self.severity, self.severity)
        head = f"{self.place}: {self.code} {severity}"
        if self.clause:
            head += say("fault.under", clause=self.clause).zh
        parts = [head]
        if self.line_text.strip():
            parts += [f"    {self.line_text}", "    " + " " * (self.place.column - 1) + "^"]
        parts.append(
            say(
                "fault.three_lines", found=self.found, expected=self.expected, remedy=self.remedy
            ).zh
        )
        return "\n".join(parts)

    @classmethod
    def from_fault(cls, fault: Fault) -> "ChineseFault":
        """A fault whose contents are Chinese already."""
        return cls(**{field.name: getattr(fault, field.name) for field in fields(fault)})


@dataclass(frozen=True, slots=True)
class FactFault:
    """One fault: the path to the value (`contributions.2.from`), found, expected, to do."""

    code: str
    path: str
    found: Text
    expected: Text
    remedy: Text
    sentence: Text | None = None
    """The whole fault for a form, where found and expected side by side would repeat themselves."""
    beside: str = ""
    """The other fact, where two contradict one another: the fault belongs to it as well."""

    @property
    def fact(self) -> str:
        """The fact or record that the fault belongs to."""
        return self.path.split(".", 1)[0]

    def to_sentence(self, lang: Lang) -> str:
        """The fault in one sentence, for a form."""
        if self.sentence:
            return hide_identity_numbers(self.sentence(lang))
        found, expected = hide_identity_numbers(self.found(lang)), self.expected(lang)
        return say("fault.found_and_expected", found=found, expected=expected, remedy=self.remedy)(
            lang
        )

    @property
    def in_both_languages(self) -> Text:
        """The fault in one sentence of each language."""
        return Text(self.to_sentence("zh"), self.to_sentence("en"))

    def to_dict(self, lang: Lang) -> dict[str, Any]:
        """The fault for a program: its code, the facts that it is about, and a sentence."""
        facts = [fact_id for fact_id in (self.fact, self.beside) if fact_id]
        return {"code": self.code, "facts": facts, "words": self.to_sentence(lang)}

    def to_fault(self, place: Place, lang: Lang) -> Fault:
        """The fault as it stands at a place of a file."""
        path, chinese = shorten_text(self.path), lang == "zh"
        where = f"“{path}”" if chinese else f"'{path}'"
        return (ChineseFault if chinese else Fault)(
            self.code,
            place,
            self.found(lang),
            self.expected(lang),
            self.remedy(lang),
            clause=where if self.path else "",
        )


_MOST_KEYS = 5


def find_unknown_keys(
    record: Mapping[Any, Any], known_keys: tuple[str, ...], path: str
) -> list[FactFault]:
    """The faults of keys that a record does not have; the first few of them are enough."""
    wrong = [str(key) for key in record if key not in known_keys]
    return [_unknown_key_fault(key, known_keys, path) for key in wrong[:_MOST_KEYS]]


def _unknown_key_fault(key: str, known_keys: tuple[str, ...], path: str) -> FactFault:
    hint, shown = find_nearest(key, known_keys), shorten_text(key, 40)
    return FactFault(
        "JF-F001",
        f"{path}.{key}",
        say("fault.the_unknown_key", shown=shown),
        say("fault.one_of", known_keys=Text("、".join(known_keys), ", ".join(known_keys))),
        say("fault.did_you_mean", hint=hint) if hint else say("fault.remove_it"),
        say(
            "fault.there_is_no_here",
            shown=shown,
            part=say("fault.did_you_mean", hint=hint) if hint else say("fault.remove_it"),
        ),
    )


class FactsError(DocumentError):
    """Facts that cannot be used; `fact_faults` holds every fault."""

    def __init__(
        self,
        faults: Iterable[FactFault],
        places: dict[str, Place] | None = None,
        lang: Lang = "zh",
        file: str = "facts",
    ) -> None:
        self.fact_faults = tuple(faults)
        known_places = places or {}
        super().__init__(
            fault.to_fault(
                known_places.get(fault.path)
                or known_places.get(fault.fact)
                or known_places.get("")
                or Place(file),
                lang,
            )
            for fault in self.fact_faults
        )
