"""The notebooks of the documentation run from the first cell to the last, and what they show is
short or drawn."""

from pathlib import Path

import pytest

from tests.people.notebook_runs import read_notebook, run_notebook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
IDS = [path.stem for path in NOTEBOOKS]


def test_there_are_three_and_the_guide_leads_to_each() -> None:
    guide = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    assert len(NOTEBOOKS) >= 3
    assert all(f"(notebooks/{path.name})" in guide for path in NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)
def test_a_notebook_runs_and_shows_short_or_drawn_values(path: Path) -> None:
    shown = [value for _, value in run_notebook(path) if value is not None]
    drawn = [value for value in shown if "<svg" in _show_as_html(value)]
    assert len(shown) >= 6
    assert len(drawn) >= 2
    for value in shown:
        assert len(repr(value)) < 2_000
        assert len(_show_as_html(value)) < 100_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)
def test_a_notebook_is_stored_without_what_it_showed(path: Path) -> None:
    notebook = read_notebook(path)
    cells = notebook["cells"]
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert all(not cell["outputs"] for cell in cells if cell["cell_type"] == "code")
    assert path.stat().st_size < 100_000


def test_a_cell_that_fails_names_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ipynb"
    cell = '{"cell_type": "code", "id": "one", "metadata": {}, "outputs": [], "source": ["1 / 0"]}'
    broken.write_text(f'{{"cells": [{cell}]}}', encoding="utf-8")
    with pytest.raises(ZeroDivisionError) as failed:
        list(run_notebook(broken))
    assert failed.traceback[-1].path == Path("broken.ipynb:one") or "broken.ipynb:one" in str(
        failed.getrepr()
    )


def _show_as_html(value: object) -> str:
    show = getattr(value, "_repr_html_", None)
    return str(show()) if show else ""
