"""The figures of a revision to hand on: one HTML file, a PDF, a workbook. Small counts are hidden
in all of them as on the page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jifen.charts import ChartTable
from jifen.office.notices.pdf.typesetting import typeset_report
from jifen.office.sheets.export import ExportSheet, make_workbook
from jifen.office.web.signed import lang_of, signed_in
from jifen.office.web.studio.door import studio_page
from jifen.office.web.studio.effect import Effect, effect_of
from jifen.office.web.studio.files import (
    answer_file,
    effect_of_request,
    list_figure_rows,
    name_file,
)
from jifen.office.web.units.batch import XLSX
from jifen.office.workshop.models import Draft, Revision
from jifen.office.workshop.revisions import measure_at
from jifen.office.workshop.simulation.disclosure import ShownRow
from jifen.policy.text import Lang, Text

_COLUMNS = ("people", "before", "after", "gains", "loses", "mean_before", "mean_after")
_HEADS = Text(
    "组别 人数 原达到 现达到 新达到 不再达到 原平均分 现平均分",
    "group people reached_before reached_after gains loses mean_before mean_after",
)
_EVERYBODY, _DISTRIBUTION = Text("全部", "Everybody"), Text("总分分布", "Distribution of totals")


@signed_in
@studio_page
@require_safe
def sheet(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The figures as a workbook, with the distribution of totals on a second sheet."""
    draft, revision, heads, rows = list_figure_rows(request, key, number)
    sheets = [ExportSheet(Text("数字", "Figures")(lang_of(request)), heads, rows)]
    drawn = effect_of_request(request, key, number)[2].distribution
    if drawn:
        table = drawn.table
        sheets.append(ExportSheet(drawn.title, list(table.headings), list(table.rows)))
    return answer_file(name_file(draft, revision, "figures.xlsx"), make_workbook(sheets), XLSX)


@signed_in
@studio_page
@require_safe
def page(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """One HTML file with both languages, readable without a network."""
    from jifen.lab.report.model import Report, Section, TwoTables  # noqa: PLC0415 - the same
    from jifen.lab.report.render import render_report  # noqa: PLC0415 - needs jifen[lab]

    draft, revision, effect = effect_of_request(request, key, number)
    measure = measure_at(draft, revision)
    other: Lang = "en" if lang_of(request) == "zh" else "zh"
    effects = {
        lang_of(request): effect,
        other: effect_of(draft, revision, measure, effect.population, other),
    }
    tables = {lang: list_tables(effects[lang], lang) for lang in effects}
    sections = [
        Section(
            Text(zh_name, en_name), (), (), (TwoTables(Text(zh_name, en_name), zh_table, en_table),)
        )
        for (zh_name, zh_table), (en_name, en_table) in zip(tables["zh"], tables["en"], strict=True)
    ]
    report = Report(
        Text(*(f"{draft.title}" for _ in range(2))),
        Text(
            f"第 {number} 稿，规则以 {draft.on} 为准",
            f"revision {number}, rules as on {draft.on}",
        ),
        (Text(effects["zh"].label("zh"), effects["en"].label("en")),),
        tuple(sections),
        tuple(
            (Text(zh, en), value)
            for (zh, value), (en, _) in zip(
                list_provenance(draft, revision, effect, "zh"),
                list_provenance(draft, revision, effect, "en"),
                strict=True,
            )
        ),
    )
    content = render_report(report, lang_of(request)).encode()
    return answer_file(name_file(draft, revision, "report.html"), content, _HTML)


_HTML, _PDF = "text/html; charset=utf-8", "application/pdf"


@signed_in
@studio_page
@require_safe
def pdf(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """The same for print."""
    lang = lang_of(request)
    draft, revision, effect = effect_of_request(request, key, number)
    content: dict[str, Any] = {
        "title": f"{draft.title} · {Text(f'第 {number} 稿', f'revision {number}')(lang)}",
        "label": effect.label(lang),
        "lang": lang,
        "date": draft.on.isoformat(),
        "head": list_provenance(draft, revision, effect, lang),
        "tables": [
            {"caption": name, "heads": list(table.headings), "rows": [list(r) for r in table.rows]}
            for name, table in list_tables(effect, lang)
        ],
    }
    return answer_file(name_file(draft, revision, "report.pdf"), typeset_report(content), _PDF)


def list_tables(effect: Effect, lang: Lang) -> list[tuple[str, ChartTable]]:
    """Everybody, each grouping, the distribution: a name and a table each."""
    shown = effect.figures
    assert shown is not None  # who asks for a report of none is answered before
    heads = tuple(head.replace("_", " ") for head in _HEADS(lang).split())
    groups: list[tuple[str, tuple[ShownRow, ...]]] = [(_EVERYBODY(lang), (shown.everybody,))]
    groups += [(grouping.label, grouping.rows) for grouping in shown.groupings]
    tables = [
        (
            name,
            ChartTable(
                heads, tuple((row.label, *(row.cells[c] for c in _COLUMNS)) for row in rows)
            ),
        )
        for name, rows in groups
    ]
    if effect.distribution:
        tables.append((_DISTRIBUTION(lang), effect.distribution.table))
    return tables


def list_provenance(
    draft: Draft, revision: Revision, effect: Effect, lang: Lang
) -> list[tuple[str, str]]:
    """What the figures rest on, and the command that gives them again."""
    people = effect.population
    assert people is not None  # as above
    drawn = f"{people.people:,}" + (f" · seed {people.seed}" if people.seed is not None else "")
    rows = [
        (Text("人口", "Population"), f"{people.name} ({drawn}) {people.hash}"),
        (Text("来源", "Source"), people.source),
        (Text("起自版本", "Version"), f"{draft.base_city} {draft.base_version} {draft.base_hash}"),
        (Text("稿次哈希", "Revision"), revision.hash),
    ]
    if effect.command:
        rows.append((Text("重算命令", "Command"), effect.command))
    return [(label(lang), value) for label, value in rows]
