"""The frame around the pages of signing in."""
