"""What waits on whom: one kind of row, written with the act that makes somebody wait."""
