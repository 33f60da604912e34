"""The policy book: a whole measure as HTML that people read, print and quote.

Fragments carry classes only (no inline style, no script), begin at h2 and stand in any page;
`book_page` is a page of its own that works without a network.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from jifen.policy.book.contents import Contents
from jifen.policy.book.environment import render_template
from jifen.policy.book.timeline import PolicyTimeline
from jifen.policy.diff import PolicyDifference, find_difference
from jifen.policy.policy import Policy
from jifen.policy.text import Lang

__all__ = ["article_fragments", "book_fragment", "book_page", "diff_fragment", "timeline_fragment"]


def book_fragment(
    policy: Policy, cases: Sequence[Any], lang: Lang = "zh", *, on: date | None = None
) -> Markup:
    """A version in full: every rule, clause, source, example, change and open reading.

    `on` is the day whose rules are shown; without it the last day on which the version's
    overlays have all begun. `cases` are worked cases (id, label, on, readings, own_facts, expect,
    source).
    """
    return render_template("book.html", lang, book=Contents(policy, tuple(cases), lang, on))


def article_fragments(policy: Policy, lang: Lang = "zh", *, on: date) -> dict[str, Markup]:
    """The parts of the book one by one, for a page that puts something between them: `decision`,
    `condition:<id>` and `indicator:<id>` in the order of the measure, then `sources`."""
    book = Contents(policy, (), lang, on)
    parts: list[tuple[str, str, Any]] = [("decision", "decision", None)]
    parts += [(f"condition:{one.id}", "condition", one) for one in book.requirements]
    parts += [(f"indicator:{one.id}", "indicator", one) for one in book.rules.indicators]
    parts.append(("sources", "sources", None))
    return {
        key: render_template("book_article.html", lang, book=book, kind=kind, element=element)
        for key, kind, element in parts
    }


def timeline_fragment(policies: Sequence[Policy], lang: Lang = "zh") -> Markup:
    """Versions and dated changes on an axis of time, with the same in a table beside it."""
    return render_template("timeline.html", lang, timeline=PolicyTimeline(policies, lang))


def diff_fragment(old: Policy, new: Policy, lang: Lang = "zh") -> Markup:
    """What differs between two versions, in words and in points."""
    policy_difference: PolicyDifference = find_difference(old, new)
    return render_template("diff.html", lang, difference=policy_difference, old=old, new=new)


def book_page(
    policy: Policy, cases: Sequence[Any], lang: Lang = "zh", *, on: date | None = None
) -> str:
    """A page of its own around the book: its style is inside, nothing is loaded."""
    fragment = book_fragment(policy, cases, lang, on=on)
    return str(render_template("page.html", lang, policy=policy, fragment=fragment))
