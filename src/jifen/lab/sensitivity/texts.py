"""Shares and swings in words, as a document and as tables."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from jifen.lab.sensitivity.shapley import Shares
from jifen.lab.sensitivity.tornado import Swing
from jifen.lab.words import say
from jifen.policy.text import Lang, Text


def format_shares(shares: Shares, swings: Sequence[Swing], lang: Lang) -> str:
    """The shares of the indicators, then what each figure moves."""
    lines = [_describe_measure(shares)(lang)]
    lines += [
        f"  {share.people:>12,.0f} ± {share.error:<8,.0f} {share.label(lang)} ({share.id})"
        for share in shares.shares
    ]
    if swings:
        lines += ["", _SWINGS(lang)]
    lines += [_describe_swing(swing)(lang) for swing in swings]
    return "\n".join(lines)


def _describe_measure(shares: Shares) -> Text:
    return say(
        "sensitivity.texts.of_people_surely",
        people=shares.people,
        reached=shares.reached,
        pairs=shares.pairs,
    )


_SWINGS = say("sensitivity.texts.swings")


def _describe_swing(swing: Swing) -> Text:
    figure = swing.figure
    ends = f"{figure.words[0]}: {swing.first:,} … {figure.words[-1]}: {swing.last:,}"
    return Text(f"  {figure.label.zh}  {ends}", f"  {figure.label.en}  {ends}")


def to_dict(shares: Shares, swings: Sequence[Swing]) -> dict[str, Any]:
    """For a program (`jifen.lab.sensitivity.v1`)."""
    return {
        "schema": "jifen.lab.sensitivity.v1",
        "people": shares.people,
        "reached": shares.reached,
        "reached_without_points": shares.without,
        "pairs": shares.pairs,
        "seed": shares.seed,
        "shares": [_share_row(share) for share in shares.shares],
        "swings": [_swing_row(swing) for swing in swings],
    }


def _share_row(share: Any) -> dict[str, Any]:
    return {
        "indicator": share.id,
        "label_zh": share.label.zh,
        "label_en": share.label.en,
        "people": round(share.people, 3),
        "error": round(share.error, 3),
    }


def _swing_row(swing: Swing) -> dict[str, Any]:
    words = swing.figure.words
    return {
        "figure": swing.figure.id,
        "first": words[0],
        "last": words[-1],
        "reached_first": swing.first,
        "reached_last": swing.last,
        "reached_today": swing.today,
    }


def to_tables(shares: Shares, swings: Sequence[Swing]) -> dict[str, pa.Table]:
    """`shares`, and `swings` where there are any."""
    tables_by_name = {
        "shares": pa.Table.from_pylist([_share_row(share) for share in shares.shares])
    }
    if swings:
        tables_by_name["swings"] = pa.Table.from_pylist([_swing_row(swing) for swing in swings])
    return tables_by_name
