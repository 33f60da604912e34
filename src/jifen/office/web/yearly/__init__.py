"""Permits, points over the years, the calendar, messages."""
