"""Policies as published: which edition of which version was seen, with which content."""
