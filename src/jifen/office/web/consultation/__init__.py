"""The pages of consultations: for everybody, and for the office."""
