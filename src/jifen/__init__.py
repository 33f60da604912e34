"""Jifen (积分): residence-permit points, from the clause to the point and back."""

__version__ = "0.1.0"
