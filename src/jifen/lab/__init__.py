"""What an analyst does before a measure is issued: populations, reforms, sweeps, years, reports."""
