"""Employers and agencies: registration, members, mandates."""
