"""What of real people may leave the lab: small counts, and what would give them away, stay here."""
