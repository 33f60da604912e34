"""Registers that a city connects with a file instead of a program."""
