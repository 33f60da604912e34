"""Very many variants of a policy on the same people: a grid or a list of values, the frontier
between what they cost and what they give."""
