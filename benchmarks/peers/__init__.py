"""The Shanghai 2018 rules as a good user of other tools would write them, for `make bench`.

Each has `prepare(table)` and `run(prepared) -> (total, reached)`; every row is compared before
anything is timed. They are needed for nothing else.
"""
