"""From the content of a paper to a signed PDF: typeset, square code, seal."""
