"""The site of the documentation: `make docs` (Sphinx, its Markdown reader, a theme)."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "docs" / "site")]

from jifen import __version__  # noqa: E402  (the path above comes first)

project = "Jifen 积分"
author = "Jifen"
project_copyright = "Jifen, Apache-2.0"
version = release = __version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "plain_diagrams",
    "policy_books",
    "search_words",
]
exclude_patterns = ["site", "pictures"]
nitpicky = False

# Markdown: headings are link targets, as on the pages of a repository.
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]

autodoc_typehints = "description"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "Jifen 积分"
html_logo = "../src/jifen/office/web/static/web/mark.svg"
html_favicon = "../src/jifen/office/web/static/web/mark.svg"
html_show_sourcelink = False
html_copy_source = False
html_static_path = ["site/static"]
html_css_files = ["site.css"]
