"""Diagrams in text (mermaid) are shown as their text: no script is loaded for them."""

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Show blocks of mermaid as plain text."""
    app.add_lexer("mermaid", TextLexer)
    return {"parallel_read_safe": True}
