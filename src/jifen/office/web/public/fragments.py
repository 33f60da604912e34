"""The policy book's fragments, made once for each version and language.

Shipped policies do not change while the site runs.
"""

from markupsafe import Markup

from jifen.cities.worked_cases import WorkedCase
from jifen.policy.book import book_fragment, diff_fragment, timeline_fragment
from jifen.policy.policy import Policy
from jifen.policy.text import Lang

_made: dict[tuple[str, ...], Markup] = {}


def book_html(policy: Policy, examples: tuple[WorkedCase, ...], lang: Lang) -> Markup:
    """A version in full."""
    key = ("book", policy.id, policy.hash, lang)
    if key not in _made:
        _made[key] = book_fragment(policy, examples, lang)
    return _made[key]


def timeline_html(policies: tuple[Policy, ...], lang: Lang) -> Markup:
    """The versions on a line of time."""
    key = ("timeline", lang, *(policy.hash for policy in policies))
    if key not in _made:
        _made[key] = timeline_fragment(policies, lang)
    return _made[key]


def diff_html(old: Policy, new: Policy, lang: Lang) -> Markup:
    """Two versions apart."""
    key = ("diff", old.hash, new.hash, lang)
    if key not in _made:
        _made[key] = diff_fragment(old, new, lang)
    return _made[key]
