"""Cases as those see them who file: drafts, documents, corrections, decisions."""
