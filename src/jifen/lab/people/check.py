"""A table of people beside the margins that it should have: share by share, and how facts go
together. One's own table can be looked at in the same way.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jifen.lab.people.margins_file import Margin, Margins
from jifen.lab.words import say
from jifen.policy.text import Lang


@dataclass(frozen=True, slots=True)
class Share:
    """One band or answer: the share asked for (None: it follows from others), and found."""

    fact: str
    part: str
    asked: float | None
    found: float


@dataclass(frozen=True, eq=False)
class MarginsReport:
    """What was found in a table."""

    margins: Margins
    people: int
    synthetic: bool
    shares: tuple[Share, ...]
    together: tuple[tuple[str, str, float], ...]
    """Pairs of facts with their rank correlation."""

    @property
    def largest(self) -> float:
        """The largest difference between a share asked for and found."""
        return max(
            (abs(s.asked - s.found) for s in self.shares if s.asked is not None), default=0.0
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything, for a program."""
        return {
            "schema": "jifen.margins.v1",
            "margins": self.margins.id,
            "people": self.people,
            "synthetic": self.synthetic,
            "unsure": self.margins.unsure,
            "of": len(self.margins.margins),
            "largest_difference": round(self.largest, 6),
            "shares": [
                {"fact": s.fact, "part": s.part, "asked": s.asked, "found": round(s.found, 6)}
                for s in self.shares
            ],
            "correlations": [
                {"one": first, "other": other, "found": round(correlation, 4)}
                for first, other, correlation in self.together
            ],
        }


def check_population(margins: Margins, table: pa.Table) -> MarginsReport:
    """Compare a table with margins: every fact of them that has a column."""
    shares = [
        share
        for margin in margins.columns
        if margin.id in table.column_names
        for share in _compare_shares(margin, table)
    ]
    label = (table.schema.metadata or {}).get(b"jifen.synthetic") == b"true"
    return MarginsReport(
        margins, table.num_rows, label, tuple(shares), _correlate_facts(margins, table)
    )


def _compare_shares(margin: Margin, table: pa.Table) -> list[Share]:
    column = table.column(margin.id).combine_chunks()
    asked_of_all = not margin.only_if
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, pa.string())
    if margin.kind == "options":
        return _compare_answers(margin, column, asked_of_all)
    values = column.drop_null().to_numpy(zero_copy_only=False)
    if margin.kind in ("flag", "records"):
        share_asked = float(margin.figures) if asked_of_all else None
        return [Share(margin.id, "≥ 1", share_asked, _compute_mean(values > 0))]
    if margin.kind == "bands":
        return [
            Share(
                margin.id,
                f"{band['from']}–{band['to']}",
                float(band["share"]) if asked_of_all else None,
                _compute_mean((values >= float(band["from"])) & (values <= float(band["to"]))),
            )
            for band in margin.figures
        ]
    return [Share(margin.id, "> 0", None, _compute_mean(values > 0))]


def _compare_answers(margin: Margin, column: pa.Array, asked_of_all: bool) -> list[Share]:
    known = max(len(column) - column.null_count, 1)
    return [
        Share(
            margin.id,
            option,
            float(share) if asked_of_all else None,
            (pc.sum(pc.equal(column, option)).as_py() or 0) / known,
        )
        for option, share in margin.figures.items()
    ]


def _compute_mean(mask: NDArray[Any]) -> float:
    return float(mask.mean()) if len(mask) else 0.0


_SAMPLE = 200_000


def _correlate_facts(margins: Margins, table: pa.Table) -> tuple[tuple[str, str, float], ...]:
    """Rank correlations of the facts that follow a score."""
    some = table.slice(0, _SAMPLE)
    ranks = {
        margin.id: _rank_answers(margin, some)
        for margin in margins.margins
        if margin.id in some.column_names
    }
    named = [
        i
        for margin in margins.margins
        if margin.follows and margin.kind != "flag" and (i := margin.id) in ranks
    ]
    pairs = [(a, b) for n, a in enumerate(named) for b in named[n + 1 :]]
    correlations = [(a, b, _compute_rank_correlation(ranks[a], ranks[b])) for a, b in pairs]
    return tuple(pair for pair in correlations if abs(pair[2]) >= 0.05)


def _rank_answers(margin: Margin, table: pa.Table) -> NDArray[np.float64]:
    column = table.column(margin.id).combine_chunks()
    if pa.types.is_dictionary(column.type):
        order = {option: n for n, option in enumerate(margin.figures)}
        values = [order.get(v, np.nan) for v in column.to_pylist()]
        return np.array(values, float)
    return np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False))


def _compute_rank_correlation(first: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    both = ~(np.isnan(first) | np.isnan(other))
    if both.sum() < 2:
        return 0.0
    a, b = (_compute_midranks(values[both]) for values in (first, other))
    if not a.std() or not b.std():
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _compute_midranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks in which equals share the middle of their places."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[place])


def format_report(report: MarginsReport, lang: Lang) -> str:
    """The report in lines for a terminal."""
    lines = [
        f"{report.margins.label(lang)}  {report.people:,}",
        report.margins.note(lang),
        say("people.check.shares_that_no_source_supports")(lang)
        + f": {report.margins.unsure}/{len(report.margins.margins)}",
        "",
    ]
    for share in report.shares:
        asked_text = "" if share.asked is None else f"{share.asked:9.4f}"
        lines.append(f"{share.fact:<26} {share.part:<22} {asked_text:>9} {share.found:9.4f}")
    lines += ["", say("people.check.rank_correlations")(lang)]
    lines += [
        f"  {first} ~ {other}: {correlation:+.2f}" for first, other, correlation in report.together
    ]
    return "\n".join(lines)
