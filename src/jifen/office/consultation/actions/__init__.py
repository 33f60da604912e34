"""The only writes of consultations, each in one transaction with its record in the log."""
