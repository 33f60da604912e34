"""What is added to a draft by a form: an indicator of any mechanism that a form can write, and a
fact that persons are asked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.office.web.signed import go, lang_of, say, signed_in, user_of, work_page
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.forms import LONGEST_VALUE, typed_text
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.actions import drafts
from jifen.office.workshop.faults import StudioFault, cannot_be_studied
from jifen.office.workshop.form_parts import (
    IndicatorForm,
    list_simple_conditions,
    list_usable_facts,
)
from jifen.office.workshop.indicator_forms import FORMS
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.new_facts import (
    ANSWER_ROWS,
    FACTS,
    TYPES,
    build_fact,
    list_own_facts,
)
from jifen.office.workshop.new_indicators import build_indicator
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_indicator(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose how points are given, then say by what: the indicator stands in the table then."""
    hand = access_draft(user_of(request), key, "edit")
    measure = readable_measure(hand)
    if request.method != "POST":
        return _page(request, hand, measure, {"kind": request.GET.get("kind", "")[:40]})
    typed = read_fields(request)
    try:
        path, value = build_indicator(measure.document, vocabulary_of(measure), typed)
        drafts.save_cells(hand, {path: value}, hand.draft.head)
    except StudioFault as fault:
        return _page(request, hand, measure, typed, fault)
    label = value["label"]
    added = Text(label["zh"], label["en"])
    say(request, Text(f"已添加指标“{added.zh}”。", f"The indicator '{added.en}' was added."))
    return go(f"{reverse('studio_draft', args=[key])}#k-{path.replace('.', '-')}")


def readable_measure(hand: DraftInHand) -> Measure:
    """The newest revision. Raises StudioFault where its text cannot be read."""
    revision = revision_of(hand.draft)
    measure = measure_at(hand.draft, revision)
    if not isinstance(measure.document, dict):
        raise cannot_be_studied(revision.number)
    return measure


def vocabulary_of(measure: Measure) -> Vocabulary:
    """The facts that the rules of a draft may read."""
    return (measure.policy or measure.base).vocabulary


def read_fields(request: HttpRequest) -> dict[str, str]:
    """The fields of a posted form, without what cannot be seen."""
    return {
        name: typed_text(str(text)[:LONGEST_VALUE]) or "" for name, text in request.POST.items()
    }


def _page(
    request: HttpRequest,
    hand: DraftInHand,
    measure: Measure,
    typed: Mapping[str, str],
    fault: StudioFault | None = None,
) -> HttpResponse:
    lang = lang_of(request)
    form = FORMS.get(typed.get("kind", ""))
    vocabulary = vocabulary_of(measure)
    context: dict[str, Any] = {
        "draft": hand.draft,
        "forms": FORMS.values(),
        "form": form,
        "typed": typed,
        "fault": fault,
        "groups": [(g["id"], g["label"][lang]) for g in measure.document["groups"]],
        "facts": _list_facts(form, vocabulary, lang) if form else [],
        "conditions": list_simple_conditions(vocabulary, lang),
        "options_of": lambda field: [(word, label(lang)) for word, label in field.options],
        "known": [fact for fact in vocabulary if not fact.is_record],
        "lang": lang,
    }
    return work_page(request, "studio/add_indicator.html", context, status=422 if fault else 200)


def _list_facts(form: IndicatorForm, vocabulary: Vocabulary, lang: Lang) -> list[tuple[str, str]]:
    return [(fact.id, fact.label(lang)) for fact in list_usable_facts(form, vocabulary)]


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_fact(request: HttpRequest, key: UUID) -> HttpResponse:
    """A name, a type, answers: what indicators of the draft can go by then."""
    hand = access_draft(user_of(request), key, "edit")
    measure, lang = readable_measure(hand), lang_of(request)
    typed: dict[str, str] = {}
    fault = None
    if request.method == "POST":
        typed = read_fields(request)
        try:
            fact = build_fact(measure.document, vocabulary_of(measure), typed)
            facts = [*list_own_facts(measure.document), fact]
            drafts.save_cells(hand, {FACTS: facts}, hand.draft.head)
        except StudioFault as refused:
            fault = refused
        else:
            label = fact["label"]
            added = Text(label["zh"], label["en"])
            say(request, Text(f"已添加事实“{added.zh}”。", f"Added the fact '{added.en}'."))
            return go(f"{reverse('studio_draft', args=[key])}#k-{FACTS}-{fact['id']}")
    context = {
        "draft": hand.draft,
        "typed": typed,
        "fault": fault,
        "types": [(kind, words(lang)) for kind, words in TYPES.items()],
        "sections": [(one.id, one.label(lang)) for one in vocabulary_of(measure).sections],
        "rows": range(1, ANSWER_ROWS + 1),
        "lang": lang,
    }
    return work_page(request, "studio/add_fact.html", context, status=422 if fault else 200)
