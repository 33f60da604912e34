"""The only writes of the studio, each in one transaction with its record in the log."""
