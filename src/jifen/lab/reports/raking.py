"""How people fit the margins of a file before and after they were weighted."""

from jifen.charts import Bars, FigureSeries
from jifen.lab.people.raking import RakingResult
from jifen.lab.population.further_columns import describe_answer, describe_column
from jifen.lab.words import say
from jifen.policy.text import Text
from jifen.policy.vocabulary import Vocabulary


def draw_fit(result: RakingResult, vocabulary: Vocabulary) -> tuple[Bars, ...]:
    """A chart for each margin: the share of each part that was asked for, before and after."""
    by_margin: dict[str, list[int]] = {}
    for number, share in enumerate(result.shares):
        by_margin.setdefault(share.margin, []).append(number)
    return tuple(
        _draw_margin(result, vocabulary, margin, places) for margin, places in by_margin.items()
    )


def _draw_margin(
    result: RakingResult, vocabulary: Vocabulary, margin: str, places: list[int]
) -> Bars:
    shares = [result.shares[place] for place in places]
    series = (
        (say("reports.raking.asked"), [share.asked for share in shares]),
        (say("reports.raking.before"), [share.before for share in shares]),
        (say("reports.raking.after"), [share.after for share in shares]),
    )
    return Bars(
        say("reports.raking.shares_of", margin=_describe_margin(vocabulary, margin)),
        tuple(_describe_part(vocabulary, margin, share.part) for share in shares),
        tuple(
            FigureSeries(name, tuple(round(100 * value, 3) for value in values))
            for name, values in series
        ),
        say("reports.raking.per_cent"),
        lying=True,
        label_heading=say("reports.raking.part"),
    )


def _describe_margin(vocabulary: Vocabulary, margin: str) -> Text:
    """The label of a fact, or what a further column is called."""
    fact = vocabulary.get(margin)
    return fact.label if fact else describe_column(margin).label


def _describe_part(vocabulary: Vocabulary, margin: str, part: str) -> Text:
    """The answer in words; a band of numbers as it is."""
    fact = vocabulary.get(margin)
    if fact is None:
        return describe_answer(margin, part)
    if part in ("true", "false"):
        return fact.describe_value(part == "true")
    return fact.option_label(part)
