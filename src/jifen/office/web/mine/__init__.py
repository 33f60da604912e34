"""The first page after signing in, and what begins there."""
