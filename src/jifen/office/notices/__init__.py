"""Notices: numbered, signed papers of what was decided, and how anybody checks one."""
