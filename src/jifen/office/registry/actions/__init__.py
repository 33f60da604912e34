"""The only writes of the registry: each in one transaction, with its audit record."""
