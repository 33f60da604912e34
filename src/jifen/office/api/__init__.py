"""The HTTP API: what an employer's own system files and reads, by token."""
