"""Results of the lab as reports: which charts and tables show what an analyst asks."""
