"""Mutation runs: does a test notice when the source is changed on purpose?

    make mutants PACKAGE=policy                     120 mutants of jifen/policy, drawn by seed 1
    make mutants PACKAGE=policy ARGS="--sample 300 --seed 7"
    make mutants PACKAGE=policy ARGS="--only checks/cliffs.py"      drawn from those of one file
    make mutants PACKAGE=policy ARGS="--show checks/cliffs.py:93"   print the changes, run nothing
    make mutants PACKAGE=policy ARGS="--survivors"  the survivors of the last run once more
    make mutants PACKAGE=policy ARGS="--survivors --wide"   with the tests of other packages too
    make mutants PACKAGE=policy ARGS="--tests tests/policy/test_cliffs.py"      with these tests

Packages: policy, facts, scoring, planning, permits, casework, lists, notices, audit.

A mutant is one small change of the source (operators.py). Each runs in a copy of the checkout
(checkout.py), so the worktree is never touched, in a process forked from one that has imported the
libraries but nothing of Jifen (session.py): caches, values of modules and subprocesses see the
mutant. Tests that reach the changed line run, then those of the same files, dearest last, until one
fails or the budget is spent (mutation_run.py). Which tests reach a line is measured once
(line_reach.py), for a changed test file anew, and for all of them when the source has changed.

A mutant is killed when a test fails, when the tests cannot be collected, or when they take far
longer than they should. A line that no test reaches is a survivor. Results are written to
build/mutants/PACKAGE.jsonl as they come; the end shows a row for the table of
docs/testing/mutants.md, which explains the survivors of the last runs.
"""
