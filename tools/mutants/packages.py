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
class MutatedPackage:
    """`tests` are the package's own folders of tests; `other_tests` are run with --wide too."""

    name: str
    path: str
    tests: tuple[str, ...]
    other_tests: tuple[str, ...]
    django: bool


def _engine_package(name: str, *also: str) -> MutatedPackage:
    return MutatedPackage(name, name, (f"tests/{name}", *also), _ENGINE, django=False)


def _office_package(name: str, *also: str) -> MutatedPackage:
    own = (f"tests/office/{name}", "tests/office/test_models.py", *also)
    return MutatedPackage(name, f"office/{name}", own, _OFFICE, django=True)


PACKAGES = {
    package.name: package
    for package in (
        _engine_package("policy", "tests/cities"),
        _engine_package("facts"),
        _engine_package("scoring"),
        _engine_package("planning"),
        _engine_package("permits", "tests/facts/test_permit.py", "tests/planning/test_permit.py"),
        _office_package("casework", "tests/office/yearly"),
        _office_package("lists"),
        _office_package("notices"),
        _office_package("audit", "tests/office/casework/test_way_of_a_case.py"),
    )
}
