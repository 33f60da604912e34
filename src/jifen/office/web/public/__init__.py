"""Pages that need no sign-in and keep nothing: self-assessment, comparison, policies."""
