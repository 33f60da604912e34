"""From the content of a notice to a signed PDF: typeset, square code, seal."""
