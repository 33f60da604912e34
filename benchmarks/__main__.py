"""`make bench`: every measure, or those named: `python -m benchmarks one_person cold_start`."""

import importlib
import sys

MEASURES = (
    "one_person",
    "cold_start",
    "update_request",
    "population.kernel",
    "population.peers",
    "population.files",
    "population.lab",
    "population.drafts",
    "population.proposals",
    "population.compiling",
    "population.examples",
    "planning",
    "office.many",
    "office.rush",
    "office.rank",
    "office.notices",
    "office.sealing",
)


LONG_MEASURES = (
    "oracle",
    "office.years",
    "office.drill",
    "first_load",
    "phone_steps",
    "office.desk_keys",
)


def main() -> None:
    """Run the measures and print a line for each ratio, with its bound."""
    unknown = [name for name in sys.argv[1:] if name not in (*MEASURES, *LONG_MEASURES)]
    if unknown:
        sys.exit(f"unknown measure {unknown[0]!r}; there are: {', '.join(MEASURES)}")
    # these take long, and are run where they are asked for
    for name in sys.argv[1:] or MEASURES:
        importlib.import_module(f"benchmarks.{name}").run()


main()
