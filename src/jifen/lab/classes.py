"""The three classes in which everybody is counted, and the one meaning of the mean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jifen.lab.scoring import ScoredPeople
from jifen.lab.weights import Count, to_count
from jifen.lab.words import say
from jifen.policy.text import Lang, Text

SURELY = say("classes.surely")
PERHAPS = say("classes.perhaps")
NOT_REACHED = say("classes.not_reached")


@dataclass(frozen=True, slots=True)
class ReachClasses:
    """People by what is known of a question: surely yes, perhaps (could be, settled not), surely
    not. Together they are everybody whose values can be used."""

    surely: Count
    perhaps: Count
    surely_not: Count

    @property
    def people(self) -> Count:
        """Everybody in the three classes."""
        return to_count(self.surely + self.perhaps + self.surely_not)

    @property
    def at_most(self) -> Count:
        """How many it is if every unknown fact is the best that it can be."""
        return to_count(self.surely + self.perhaps)

    def __add__(self, other: "ReachClasses") -> "ReachClasses":
        return ReachClasses(
            to_count(self.surely + other.surely),
            to_count(self.perhaps + other.perhaps),
            to_count(self.surely_not + other.surely_not),
        )

    def to_dict(self) -> dict[str, Count]:
        """For a program: `{"surely": n, "perhaps": n}`."""
        return {"surely": self.surely, "perhaps": self.perhaps}


def count_reached(scored: ScoredPeople) -> ReachClasses:
    """Everybody by whether the line is reached."""
    return _count_classes(scored, scored.reached, scored.perhaps)


def count_admissible(scored: ScoredPeople) -> ReachClasses:
    """Everybody by whether the conditions are met without a veto, whatever the points."""
    return _count_classes(scored, scored.admissible, scored.perhaps_admissible)


def _count_classes(
    scored: ScoredPeople, surely: NDArray[np.bool_], perhaps: NDArray[np.bool_]
) -> ReachClasses:
    everybody, yes, maybe = map(scored.count_people, (scored.everybody, surely, perhaps))
    return ReachClasses(yes, maybe, to_count(everybody - yes - maybe))


def describe_mean(known: Count) -> Text:
    """What a mean is the mean of; it stands beside every mean."""
    return say("classes.mean_points_of_the_people", known=known)


def format_range(least: Count, most: Count) -> str:
    """A number of people that is known, or the least and the most that it can be."""
    return f"{least:,}" if least == most else f"{least:,}–{most:,}"


def format_share(people: Count, total: Count, lang: Lang) -> str:
    """A share in per cent; a dash where there is nobody."""
    if not total:
        return "—"
    return f"{100 * people / total:.1f}%" if lang == "zh" else f"{100 * people / total:.1f} %"
