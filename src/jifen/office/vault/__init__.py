"""What must not be read by whoever sees the database: identity numbers and phones, sealed."""
