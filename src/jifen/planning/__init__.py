"""When the line is reached, and by which moves: exact, for one person or for many."""
