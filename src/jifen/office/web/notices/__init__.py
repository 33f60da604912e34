"""Pages of papers: checking one without signing in, one's own, those of a case, checkers."""
