"""The office under load: many cases, and a rush of submissions."""
