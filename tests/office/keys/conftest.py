"""Tests of keys replace them: copies of those of the other tests, which stay as they are."""

from tests.world.own_keys import own

__all__ = ["own"]
