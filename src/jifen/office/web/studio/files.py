"""What of a draft is taken along: its figures and its difference as tables, itself as a reform."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.office.web.signed import lang_of, signed_in, user_of
from jifen.office.web.studio.commands import name_reform_file
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.effect import (
    Effect,
    chosen_population,
    effect_of,
    populations_for,
)
from jifen.office.web.studio.history import compare_measures
from jifen.office.workshop.access import access_draft
from jifen.office.workshop.actions.drafts import shown_text
from jifen.office.workshop.models import Draft, Revision
from jifen.office.workshop.revisions import measure_at, reform_name, revision_of
from jifen.policy.diff.statements import KIND_LABELS
from jifen.policy.editing import load_change, write_reform
from jifen.policy.text import Text

YAML, CSV = "application/yaml; charset=utf-8", "text/csv; charset=utf-8"
_FIGURES = ("people", "before", "after", "gains", "loses", "mean_before", "mean_after")
_HEADS = Text(
    "稿次 人口 人口性质 规则日期 分组 组别 人数 原达到 现达到 新达到 不再达到 原平均分 现平均分",
    "revision population label day by group people reached_before reached_after gains loses "
    "mean_before mean_after",
)
_NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?")
_DIFFERENCE = Text("类别 编号 名称 原规则 新规则", "about id label before after")


@signed_in
@studio_page
@require_safe
def figures(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The figures of a revision, with the same cells hidden as on the page."""
    draft, revision, heads, cells = list_figure_rows(request, key, number)
    return _table(name_file(draft, revision, "figures.csv"), heads, cells)


def list_figure_rows(
    request: HttpRequest, key: UUID, number: int
) -> tuple[Draft, Revision, list[str], list[tuple[str, ...]]]:
    """The draft, the revision, and its figures as a table with its heads. Raises Http404 where the
    revision has none."""
    lang = lang_of(request)
    draft, revision, effect = effect_of_request(request, key, number)
    shown, population = effect.figures, effect.population
    if shown is None or population is None:
        raise Http404
    about = (str(number), population.name, effect.label(lang), draft.on.isoformat())
    rows = [("", shown.everybody)]
    rows += [(one.label, row) for one in shown.groupings for row in one.rows]
    cells = [(*about, by, row.label, *(row.cells[name] for name in _FIGURES)) for by, row in rows]
    return draft, revision, _HEADS(lang).split(), cells


def effect_of_request(
    request: HttpRequest, key: UUID, number: int
) -> tuple[Draft, Revision, Effect]:
    """The figures of a revision on the population that is asked for. Raises Http404 where there
    are none of this revision."""
    hand, lang = access_draft(user_of(request), key), lang_of(request)
    draft, revision = hand.draft, revision_of(hand.draft, number)
    population = chosen_population(populations_for(draft), request.GET.get("population", ""))
    effect = effect_of(draft, revision, measure_at(draft, revision), population, lang)
    if effect.figures is None or effect.is_old or population is None:
        raise Http404
    return draft, revision, effect


@signed_in
@studio_page
@require_safe
def difference(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """What a revision changes against the version, in words where it can be scored, and cell by
    cell."""
    hand, lang = access_draft(user_of(request), key), lang_of(request)
    draft, revision = hand.draft, revision_of(hand.draft, number)
    first = measure_at(draft, revision_of(draft, 1))
    found = compare_measures(first, measure_at(draft, revision))
    rows = [
        (
            KIND_LABELS[item.change.about](lang),
            item.change.id,
            item.change.label(lang),
            item.change.before(lang),
            item.change.after(lang),
        )
        for item in (found.words.rows if found.words else ())
    ]
    cell = Text("单元格", "cell")(lang)
    rows += [(cell, one.path, "", one.before, one.after) for one in found.cells]
    return _table(name_file(draft, revision, "difference.csv"), _DIFFERENCE(lang).split(), rows)


@signed_in
@studio_page
@require_safe
def reform(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """A revision as a file that the lab reads: a reform, or the whole document where it is one."""
    hand = access_draft(user_of(request), key)
    draft, revision = hand.draft, revision_of(hand.draft, number)
    measure = measure_at(draft, revision)
    if revision.text_id is not None:
        content, name = shown_text(measure, revision), name_file(draft, revision, "measure.yaml")
    else:
        ident, zh, en = reform_name(draft, number)
        change = load_change(revision.change)
        content = write_reform(ident, Text(zh, en), measure.base.id, change)
        name = name_reform_file(draft, revision)
    return answer_file(name, content.encode(), YAML)


def name_file(draft: Draft, revision: Revision, kind: str) -> str:
    """The name of a downloaded file."""
    return f"draft-{draft.key.hex[:8]}-{revision.number}-{kind}"


def _table(name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """A table that spreadsheets open with its characters; no cell is taken for a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(heads)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return answer_file(name, written.getvalue().encode("utf-8-sig"), CSV)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def answer_file(name: str, content: bytes, kind: str) -> HttpResponse:
    """A file to be kept."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
