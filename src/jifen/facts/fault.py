"""What is wrong with a person's facts, said in both languages and tied to the fact."""

from collections.abc import Iterable
from dataclasses import dataclass

from jifen.policy.fault import DocumentError, Fault, Place, hide_numbers, shorten
from jifen.policy.text import Lang, Text


@dataclass(frozen=True, slots=True)
class FactFault:
    """One fault: the path to the value (`contributions.2.from`), found, expected, to do."""

    code: str
    path: str
    found: Text
    expected: Text
    remedy: Text

    @property
    def fact(self) -> str:
        """The fact or record that the fault belongs to."""
        return self.path.split(".", 1)[0]

    def words(self, lang: Lang) -> str:
        """The fault in one sentence, for a form."""
        found, expected = hide_numbers(self.found(lang)), self.expected(lang)
        if lang == "en":
            return f"Found {found}; expected {expected}. {self.remedy(lang)}"
        return f"填写有误：{found}；应为{expected}。{self.remedy(lang)}"

    def at(self, place: Place, lang: Lang) -> Fault:
        """The fault as it stands at a place of a file."""
        return Fault(
            self.code,
            place,
            self.found(lang),
            self.expected(lang),
            self.remedy(lang),
            clause=f"'{shorten(self.path)}'" if self.path else "",
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
        known = places or {}
        super().__init__(
            fault.at(
                known.get(fault.path) or known.get(fault.fact) or known.get("") or Place(file), lang
            )
            for fault in self.fact_faults
        )
