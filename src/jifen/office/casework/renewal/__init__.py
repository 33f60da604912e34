"""The yearly renewal of points: what was reviewed and has not changed is never reviewed again."""
