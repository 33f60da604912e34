"""The lines of an assessment as rows: for a notebook, and as a table for a dataframe."""

from typing import TYPE_CHECKING, Any

from jifen.scoring.notebook_table import build_html_table
from jifen.scoring.words import say

if TYPE_CHECKING:
    import pyarrow

    from jifen.scoring.result import Assessment

_INDICATOR = say("result_table.indicator")
_LEAST, _MOST = say("result_table.least"), say("result_table.most")
_HEADINGS = (
    "id",
    _INDICATOR.zh,
    _INDICATOR.en,
    f"{_LEAST.zh} {_LEAST.en}",
    f"{_MOST.zh} {_MOST.en}",
)


def build_line_table(assessment: "Assessment") -> "pyarrow.Table":
    """A row for each indicator, in the order of the measure: `id`, labels, points as exact decimals
    (`least` and `most`, which differ while facts are missing), `clause`."""
    import pyarrow as pa  # noqa: PLC0415 - one person is scored without arrays

    points = pa.decimal128(18, assessment.rules.precision)
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("label_zh", pa.string()),
            ("label_en", pa.string()),
            ("least", points),
            ("most", points),
            ("clause", pa.string()),
        ]
    )
    return pa.Table.from_pylist([_line_row(line) for line in assessment.lines], schema)


def _line_row(line: Any) -> dict[str, Any]:
    indicator, (least, most) = line.indicator, line.bounds
    clause = indicator.basis.clause
    return {
        "id": indicator.id,
        "label_zh": indicator.label.zh,
        "label_en": indicator.label.en,
        "least": least,
        "most": most,
        "clause": clause.article("zh") if clause else None,
    }


def build_line_html(assessment: "Assessment") -> str:
    """The lines as an HTML table, under what the whole says."""
    rows = [
        (line.indicator.id, line.indicator.label.zh, line.indicator.label.en, *line.bounds)
        for line in assessment.lines
    ]
    return build_html_table(repr(assessment)[1:-1], _HEADINGS, rows)
