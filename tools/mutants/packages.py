"""The packages that are mutated, and the tests that answer for each."""

from dataclasses import dataclass

_ENGINE = (
    "tests/policy",
    "tests/facts",
    "tests/scoring",
    "tests/permits",
    "tests/process",
    "tests/cities",
    "tests/charts",
    "tests/entitlements",
    "tests/lists",
    "tests/planning",
    "tests/statements",
    "tests/lab",
)
_OFFICE = ("tests/office",)


@dataclass(frozen=True, slots=True)
class Package:
    """`tests` are the package's own folders of tests; `other_tests` are run with --wide too."""

    name: str
    path: str
    tests: tuple[str, ...]
    other_tests: tuple[str, ...]
    django: bool


def _engine(name: str, *also: str) -> Package:
    return Package(name, name, (f"tests/{name}", *also), _ENGINE, django=False)


def _office(name: str, *also: str) -> Package:
    own = (f"tests/office/{name}", "tests/office/test_models.py", *also)
    return Package(name, f"office/{name}", own, _OFFICE, django=True)


PACKAGES = {
    package.name: package
    for package in (
        _engine("policy", "tests/cities"),
        _engine("facts"),
        _engine("scoring"),
        _engine("planning"),
        _engine("permits", "tests/facts/test_permit.py", "tests/planning/test_permit.py"),
        _office("casework", "tests/office/yearly"),
        _office("lists"),
        _office("notices"),
        _office("audit", "tests/office/casework/test_way_of_a_case.py"),
    )
}
