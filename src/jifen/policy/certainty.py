"""How certain a clause and its figures are: a mark beside the element, and its legend."""

from jifen.policy.model import Basis, Confidence
from jifen.policy.text import EMPTY, Lang, Text
from jifen.policy.words import say

MARK = "※"
LEGEND = say("certainty.legend")
NUMBER_TO_CHECK = say("certainty.number_to_check")
_CONFIDENCE_LABELS: dict[Confidence, Text] = {
    "certain": EMPTY,
    "likely": say("certainty.confidence_labels_likely"),
    "unsure": say("certainty.confidence_labels_unsure"),
}


def describe_doubt(number: Confidence | None, rule: Confidence, what: Text) -> Text:
    """What is not certain of an element, in words; empty where all of it is.

    `number` is how sure the number of the clause is (None: it was not found), `rule` how sure the
    rule or its figure is, `what` what that is called.
    """
    parts = [] if number == "certain" else [NUMBER_TO_CHECK]
    if rule != "certain":
        parts.append(
            Text(
                f"{what.zh}{_CONFIDENCE_LABELS[rule].zh}",
                f"{what.en} {_CONFIDENCE_LABELS[rule].en}",
            )
        )
    return Text("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def format_marked_clause(basis: Basis, lang: Lang) -> str:
    """The clause with the mark where its number is not certain; the mark alone where there is no
    number."""
    if basis.clause is None:
        return MARK
    article = basis.clause.article(lang)
    return article if basis.clause.confidence == "certain" else f"{article}{MARK}"


def describe_basis_doubt(basis: Basis, what: Text) -> Text:
    """What is not certain of an element of a policy, in words; see `describe_doubt`."""
    return describe_doubt(basis.clause.confidence if basis.clause else None, basis.confidence, what)
