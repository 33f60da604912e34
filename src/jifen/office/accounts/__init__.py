"""Who may sign in, and what a city's staff may do where."""
