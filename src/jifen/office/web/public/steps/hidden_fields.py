"""The answers as fields of a form, so that a step carries those of all the others."""

from collections.abc import Iterator

from jifen.office.web.public import files
from jifen.office.web.public.answers import ROW_KEYS, Answers
from jifen.policy.vocabulary import Vocabulary

Field = tuple[str, str]


def carried(
    answers: Answers, vocabulary: Vocabulary, *, without: tuple[str, ...] = (), spells: bool = True
) -> Iterator[Field]:
    """Names and values; not those of the facts that the step itself shows, nor (`spells` false)
    the contribution records."""
    for ident, text in answers.values.items():
        if text and ident not in without:
            yield ident, text
    for ident, rows in answers.rows.items():
        if ident not in without:
            yield from ((f"row.{ident}", row) for row in rows)
    for switch, reading in answers.readings.items():
        yield f"reading.{switch}", reading
    if spells:
        yield "insurance_as", "spells" if answers.by_spells else "totals"
        for spell in answers.spells:
            yield from ((f"spell.{key}", spell.get(key, "")) for key in ROW_KEYS)
    if answers.other:
        yield "other", files.write(answers.other, vocabulary, "")
