"""Tests of the national suite: GmSSL comes as a wheel for Linux on x86-64 (pyproject.toml)."""

import platform
import sys

from tests.office.keys.conftest import own

__all__ = ["own"]
HAS_GMSSL = sys.platform == "linux" and platform.machine() == "x86_64"
collect_ignore_glob = [] if HAS_GMSSL else ["test_*.py"]
