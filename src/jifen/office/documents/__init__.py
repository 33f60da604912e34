"""Uploaded documents: kept whole under their hash, never changed, opened only when scanned."""
