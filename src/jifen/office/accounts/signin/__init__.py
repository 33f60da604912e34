"""Signing in: what differs here from django-allauth's own ways."""
