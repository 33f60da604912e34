"""Synthetic people: drawn from a dated, cited margins file, with dependence between the facts.

They are for trying policies where no register may be used. They are labelled as synthetic in the
file and in a column, and what the margins file only assumes says so.
"""

from jifen.lab.people.check import check
from jifen.lab.people.draw import generate, people
from jifen.lab.people.margins_file import Margins, load_margins, read_margins

__all__ = ["Margins", "check", "generate", "load_margins", "people", "read_margins"]
