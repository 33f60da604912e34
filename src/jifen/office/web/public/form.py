"""What the templates of the self-assessment need, for the whole page and for an update."""

from typing import Any

from jifen.office.web.public import files
from jifen.office.web.public.faults import in_words
from jifen.office.web.public.insurance import build_work_account, derived_items, spell_faults
from jifen.office.web.public.panel import panel
from jifen.office.web.public.questions import parts, question, schemes, statuses
from jifen.office.web.public.self_assessment import Work
from jifen.policy.text import Lang


def form_context(work: Work, lang: Lang, action: str) -> dict[str, Any]:
    """The whole page."""
    overlays = [o.label(lang) for o in work.policy.overlays if o.id in work.rules.overlays]
    other = work.answers.other
    shown = panel(work, lang)
    chosen = work.rules.choices
    return {
        "work": work,
        "action": action,
        "p": shown,
        "live": shown["live"],
        "parts": parts(work, lang),
        "overlays": overlays,
        "chosen": chosen,
        "other_reading": any(chosen[s.id] != s.default for s in work.policy.switches),
        "faults": loose_words(work, lang),
        "other": files.write(other, work.rules.vocabulary, "") if other else "",
        "statuses": statuses(lang),
        "schemes": schemes(lang),
        "too_large": files.too_large().words(lang),
        **_insurance(work, lang),
    }


def update_context(work: Work, lang: Lang, action: str) -> dict[str, Any]:
    """The result, and of the form only what changed."""
    changed = work.changed
    steady = [ident for ident in work.visible if ident not in changed]
    faulty = {fault.fact for fault in work.faults} | work.answers.erring
    shown = panel(work, lang)
    return {
        "action": action,
        "p": shown,
        "live": shown["live"],
        "faults": loose_words(work, lang),
        "changed": [question(work, ident, lang) for ident in changed],
        "erring": [question(work, ident, lang) for ident in steady if ident in faulty],
        "by_spells": work.answers.by_spells,
        **_insurance(work, lang),
    }


def _insurance(work: Work, lang: Lang) -> dict[str, Any]:
    if not work.answers.by_spells:
        return {"spell_faults": [], "derived_items": [], "account": None}
    return {
        "spell_faults": spell_faults(work, lang),
        "derived_items": derived_items(work, lang),
        "account": build_work_account(work),
    }


def loose_words(work: Work, lang: Lang) -> list[str]:
    """The faults that have no field, in words."""
    return [in_words(fault, work.rules.vocabulary, lang) for fault in work.loose_faults]
