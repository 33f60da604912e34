"""A living office of invented people, to try everything: never beside real ones."""
