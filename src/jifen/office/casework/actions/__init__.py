"""The only writes of casework: each in one transaction, with its audit record."""
