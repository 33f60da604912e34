"""Notices: numbered, signed documents that say what was decided, and how anybody checks one."""
