"""Migrations of what waits."""
