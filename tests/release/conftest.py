"""The release that the tests of this folder look at."""

from tests.release.release import release

__all__ = ["release"]
