"""Populations in files: read in parts, scored while the next part is read, written in order."""
