"""A whole population at memory speed, by the same rules as one person.

The way from rules to a kernel: the plain evaluator is asked at every value that can differ
(`cuts`, `tables`), its answers become a `program` over columns of narrow codes (`axis`), the
program is emitted as one fused loop (`emit`, `kernel`), and rows with unknown facts get their
bounds from the same tables (`bounds`). Nothing here knows a mechanism: what the evaluator says
is what the kernel does.
"""
