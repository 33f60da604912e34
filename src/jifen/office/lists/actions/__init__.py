"""What is done to lists; each act in one transaction with its history and its audit records."""
