"""Sample persons: made up by the office, with their score under the version and under the draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from jifen.cities.worked_cases import find_cases_of_policy
from jifen.office.casework.actions.drafts import FieldInput
from jifen.office.web.cases.store import answers_of, fields_of
from jifen.office.web.public.answer_edits import act
from jifen.office.web.public.answers import Answers, from_facts, from_post
from jifen.office.web.public.form import form_context
from jifen.office.web.public.next_steps.cards import Way, way_ahead
from jifen.office.web.public.self_assessment import work_out
from jifen.office.web.signed import go, lang_of, signed_in, user_of, work_page
from jifen.office.web.studio.door import studio_page
from jifen.office.workshop.access import DraftInHand, access_draft
from jifen.office.workshop.actions.effects import keep_person, remove_person
from jifen.office.workshop.faults import NoSuchDraft
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.models import Draft, SamplePerson
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.policy import Policy
from jifen.policy.quantity import format_number
from jifen.policy.text import Lang, Text
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring import Assessment
from jifen.scoring.result_status import describe_future_outcome


@dataclass(frozen=True, slots=True)
class ScoredPerson:
    """Somebody under the version and under the draft; `after` is empty where the draft cannot be
    scored."""

    pk: int
    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the draft gives another result."""
        return bool(self.after) and self.after != self.before


@dataclass(frozen=True, slots=True)
class _Stored:
    fact: str
    typed: Any


def scored_persons(draft: Draft, measure: Measure, lang: Lang) -> list[ScoredPerson]:
    """All sample persons of a draft."""
    draft_policy = measure.policy if measure.can_be_scored else None
    return [
        ScoredPerson(
            person.pk,
            person.name,
            _result(measure.base, measure.on, person, lang),
            _result(draft_policy, measure.on, person, lang) if draft_policy else "",
        )
        for person in draft.sample_persons.all()
    ]


def _result(policy: Policy, on: date, person: SamplePerson, lang: Lang) -> str:
    answers = _answers(person.answers, policy.vocabulary)
    return _words(work_out(policy, on, answers, presets=False).assessment, lang)


def _words(result: Assessment, lang: Lang) -> str:
    low, high = (format_number(end) for end in result.bounds)
    points = low if low == high else f"{low}–{high}"
    return f"{points} · {describe_future_outcome(result.reached)(lang)}"


def _answers(stored: Mapping[str, Any], vocabulary: Vocabulary) -> Answers:
    rows: Any = [_Stored(fact, one["typed"]) for fact, one in stored.items()]
    return answers_of(rows, vocabulary)


@dataclass(frozen=True, slots=True)
class RouteUnder:
    """The way of somebody to the line under one of the two; `way` is None where none is known."""

    title: str
    way: Way | None


def _list_routes(measure: Measure, answers: Answers, lang: Lang) -> list[RouteUnder]:
    """Under the version and under the draft, each taken for every day to come."""
    policies = [(_VERSION(lang), measure.base)]
    if measure.can_be_scored and measure.policy:
        policies.append((_DRAFT(lang), measure.policy))
    return [
        RouteUnder(
            title, way_ahead(work_out(policy, measure.on, answers, presets=False), lang, policy)
        )
        for title, policy in policies
    ]


def list_examples(measure: Measure, lang: Lang) -> list[tuple[str, str]]:
    """The worked cases of the version, from which somebody may be begun: id and label."""
    cases = find_cases_of_policy(measure.base)
    return [(case.id, case.label(lang)) for case in cases if not case.people]


def _begin_from_example(measure: Measure, ident: str, lang: Lang) -> tuple[str, Answers]:
    """Name and answers of a worked case; an empty form for an id that is none."""
    for case in find_cases_of_policy(measure.base):
        if case.id == ident and not case.people:
            return case.label(lang), from_facts(measure.base.vocabulary, case.facts)
    return "", Answers()


_VERSION = Text("原版本下", "Under the version")
_DRAFT = Text("草案下", "Under the draft")


@signed_in
@studio_page
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, key: UUID, pk: int = 0) -> HttpResponse:
    """Somebody made up: a name, and the questions of the self-assessment."""
    changes = request.method == "POST"
    hand = access_draft(user_of(request), key, "edit" if changes or not pk else "see")
    measure = measure_at(hand.draft, revision_of(hand.draft))
    known = hand.draft.sample_persons.filter(pk=pk).first() if pk else None
    if pk and known is None:
        raise NoSuchDraft
    vocabulary = measure.base.vocabulary
    if known:
        name, answers = known.name, _answers(known.answers, vocabulary)
    else:
        example = request.GET.get("example", "")
        name, answers = _begin_from_example(measure, example, lang_of(request))
    if changes:
        done = request.POST.get("act", "")
        if done == "remove":
            remove_person(hand, pk)
            return go(f"{reverse('studio_draft', args=[key])}#persons")
        answers = from_post(vocabulary, request.POST)
        rules = measure.base.rules_on(measure.on)
        act(answers, done, rules, measure.on)
        name = request.POST.get("name", "")
        if done == "done":
            _keep(hand, name, fields_of(answers, rules, measure.on), pk or None)
            return go(f"{reverse('studio_draft', args=[key])}#persons")
    return _page(request, hand, measure, answers, name, pk)


def _keep(hand: DraftInHand, name: str, fields: dict[str, FieldInput], pk: int | None) -> None:
    stored = {fact: {"typed": field.typed} for fact, field in fields.items()}
    keep_person(hand, name, stored, pk)


def _page(
    request: HttpRequest,
    hand: DraftInHand,
    measure: Measure,
    answers: Answers,
    name: str,
    pk: int,
) -> HttpResponse:
    lang = lang_of(request)
    work = work_out(measure.base, measure.on, answers)
    action = (
        reverse("studio_person", args=[hand.draft.key, pk])
        if pk
        else reverse("studio_person_new", args=[hand.draft.key])
    )
    own = {
        "draft": hand.draft,
        "name": name,
        "pk": pk,
        "may_edit": "edit" in hand.acts,
        "before": _words(work.assessment, lang),
        "examples": [] if pk else list_examples(measure, lang),
        "asks_route": "route" in request.GET,
        "routes": _list_routes(measure, answers, lang) if pk and "route" in request.GET else [],
    }
    return work_page(request, "studio/person.html", form_context(work, lang, action) | own)
