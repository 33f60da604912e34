"""Tests of the national suite run where GmSSL is."""

from tests.world.gmssl import HAS_GMSSL
from tests.world.own_keys import own

__all__ = ["own"]
collect_ignore_glob = [] if HAS_GMSSL else ["test_*.py"]
