"""Messages: a ledger with one row for each event, recipient and channel."""
