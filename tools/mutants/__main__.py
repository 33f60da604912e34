"""python -m tools.mutants PACKAGE [options]; see the package's docstring."""

import argparse
import difflib
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from tools.mutants import __doc__ as manual
from tools.mutants.checkout import CheckoutCopy
from tools.mutants.mutation_run import (
    BUILD,
    MutantPlace,
    MutantResult,
    RunOptions,
    list_places,
    read_survivors,
    run_mutants,
    sample_places,
)
from tools.mutants.packages import PACKAGES


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.mutants",
        description=manual,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("package", choices=sorted(PACKAGES))
    parser.add_argument("--sample", type=int, default=120, help="how many (default: 120)")
    parser.add_argument("--seed", type=int, default=1, help="by which they are drawn (default: 1)")
    parser.add_argument("--only", metavar="TEXT", help="draw from those that TEXT is part of")
    parser.add_argument("--survivors", action="store_true", help="those of the last run")
    parser.add_argument("--wide", action="store_true", help="run tests of other packages too")
    parser.add_argument("--show", metavar="TEXT", help="print the changes, run nothing")
    parser.add_argument(
        "--budget", type=float, default=60.0, help="seconds of tests for a mutant (default: 60)"
    )
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="files or folders, only these")
    parser.add_argument("--into", type=Path, default=BUILD, help="where results are kept")
    return parser.parse_args()


def choose_mutants(options: argparse.Namespace, places: list[MutantPlace]) -> list[MutantPlace]:
    """The mutants that the options ask for."""
    if options.show:
        return [place for place in places if options.show in str(place)]
    if options.survivors:
        alive = read_survivors(options.into, options.package)
        return [place for place in places if str(place) in alive]
    if options.only:
        places = [place for place in places if options.only in str(place)]
    return sample_places(places, options.sample, options.seed)


def show_changes(copy: CheckoutCopy, places: list[MutantPlace]) -> None:
    for place in places:
        before = copy.read_text(place.module)
        after = place.mutant.apply_to(before)
        print(f"\n{place}")
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm="")
        print("\n".join(list(lines)[2:]))


def format_table(options: argparse.Namespace, total: int, results: list[MutantResult]) -> str:
    """What docs/testing/mutants.md takes over."""
    killed = sum(result.killed for result in results)
    share = 100 * killed / len(results) if results else 100
    lines = [
        "",
        f"| {options.package} | {len(results)} of {total} | {killed} | "
        f"{len(results) - killed} | {share:.1f} % |",
        "",
        *(
            f"{result.text}" + (f"  ({result.by})" if result.by else "")
            for result in results
            if not result.killed
        ),
    ]
    return "\n".join(lines)


def print_line(words: str) -> None:
    print(words, flush=True)


def main() -> int:
    options = parse_arguments()
    package = PACKAGES[options.package]
    if options.tests:
        package = replace(package, tests=tuple(options.tests))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = CheckoutCopy(Path(folder))
        places = list_places(copy, package)
        wanted = choose_mutants(options, places)
        if options.show:
            show_changes(copy, wanted)
            return 0
    print_line(
        f"{len(wanted)} of {len(places)} mutants of jifen/{package.path}, seed {options.seed}"
    )
    try:
        how = RunOptions(options.into, options.wide, options.budget)
        results = run_mutants(package, wanted, print_line, how)
    except KeyboardInterrupt:
        print_line(f"stopped; what was found so far is in {options.into}")
        return 130
    print_line(format_table(options, len(places), results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
