"""Extracts of registers as they come: text tables and workbooks, in any spelling that has one
meaning.

- `encoding`, `delimited`, `workbook`: a file → records of text, whatever its encoding or kind;
- `heading`, `layout`: where its table begins, and how it is written;
- `names`: which column is which fact, by id, label or mapping;
- `mapping`, `propose`: the file in which a person says what the table does not say by itself;
- `cells`: the values of a column in the spelling of a fact;
- `rows`: the table batch by batch, without title, blank and total rows, each row with its number.

Needs the extra `jifen[lab]`.
"""
