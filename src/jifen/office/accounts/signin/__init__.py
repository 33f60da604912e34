"""Signing in: what differs from django-allauth."""
