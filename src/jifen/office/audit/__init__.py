"""An append-only, chained record of acts, and of every read of personal data."""
