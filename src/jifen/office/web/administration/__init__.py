"""Pages of the administrators of a city."""
