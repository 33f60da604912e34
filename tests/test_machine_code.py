"""Each run of the tests has a place of its own for compiled kernels."""

from pathlib import Path

import pytest

from jifen.scoring.population.machine_code import cache_folder


def test_kernels_are_kept_in_the_folder_of_this_run(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    run = tmp_path_factory.getbasetemp()
    assert cache_folder().parent in (run / "machine-code", run.parent / "machine-code")
    assert cache_folder() != Path.home() / ".cache" / "jifen" / "kernels"
