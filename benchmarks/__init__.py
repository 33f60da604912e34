"""Measures of docs/performance.md: ratios within one run. Not tests: a machine may be busy."""
