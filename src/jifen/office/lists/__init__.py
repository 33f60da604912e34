"""Lists of those who may settle: from a decision to the settlement notice, by line or by rank."""
