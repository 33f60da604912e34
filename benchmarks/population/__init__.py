"""A population, Shanghai 2018: against the machine's memory, other tools, and the files."""
