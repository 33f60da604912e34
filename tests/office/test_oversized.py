"""Numbers of thousands of digits and texts without end: refused in words at every address."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jifen.office.web.numbers import whole_number
from tests.world.browser import give_phone, show_factor
from tests.world.office import Office, staff

SOURCE = Path(__file__).parents[2] / "src/jifen/office"
NUMBERS = ("9" * 18, "9" * 19, "9" * 5_000, "-1", "１２", "٣")
READERS = {"POST", "GET", "post", "said", "query", "given"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        (" 17 ", 17),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("9" * 5_000, None),
        ("-1", None),
        ("1.5", None),
        ("１２", None),
        ("٣", None),
        ("", None),
    ],
)
def test_a_whole_number_is_read_by_one_function(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_no_page_reads_numbers_by_itself() -> None:
    """`int()` of what was sent fails on five thousand digits, and what passes may fit no column."""
    pages = [*(SOURCE / "web").rglob("*.py"), *(SOURCE / "api").glob("*.py")]
    texts = {path: path.read_text(encoding="utf-8") for path in pages}
    assert [str(path) for path, text in texts.items() if "<int:" in text] == []
    allowed = {"numbers.py", "insurance.py", "planner.py", "routes.py"}
    own = [p.name for p, text in texts.items() if ".isdecimal()" in text and p.name not in allowed]
    assert own == []


def addresses() -> list[tuple[str, URLPattern]]:
    """Every address of our own, with its parameters as in Django's pattern."""
    found: list[tuple[str, URLPattern]] = []
    waiting: list[tuple[str, Any]] = [("", get_resolver())]
    while waiting:
        before, entry = waiting.pop()
        for inner in entry.url_patterns:
            route = before + str(inner.pattern)
            if isinstance(inner, URLResolver):
                waiting.append((route, inner))
            elif not route.startswith(("account/", "api/")):
                found.append((route, inner))
    return found


def fields_of(view: Any) -> set[str]:
    """The names of fields that the module of a view reads from a form or a query."""
    tree = ast.parse(Path(inspect.getfile(inspect.unwrap(view))).read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            source, arguments = node.func.value, node.args[:1]
            if node.func.attr not in ("get", "getlist"):
                continue
        elif isinstance(node, ast.Subscript):
            source, arguments = node.value, [node.slice]
        else:
            continue
        reader = source.attr if isinstance(source, ast.Attribute) else getattr(source, "id", "")
        if reader in READERS:
            names |= {a.value for a in arguments if isinstance(a, ast.Constant)}
    return {name for name in names if isinstance(name, str)}


def filled(route: str, office: Office, key: object, number: str) -> str:
    """An address with the case, unit and city of the office, and a number for every number."""
    known = {
        "key": str(key),
        "city": "shanghai",
        "gate": "office",
        "fact": "education",
        "kind": "diploma",
        "token": "none",
        "code": "none",
        "old": "2015",
        "new": "2018",
        "name": "none",
        "version": "2018",
    }
    path = route
    for name in ("key", "city", "gate", "fact", "kind", "token", "code", "old", "new", "name"):
        for converter in ("uuid", "slug", "str"):
            path = path.replace(f"<{converter}:{name}>", known[name])
    path = path.replace("<number:pk>", str(office.unit.pk) if number == "own" else number)
    while "<" in path:
        start, end = path.index("<"), path.index(">")
        word = path[start + 1 : end]
        value = number if word.startswith("number:") else "x"
        path = path[:start] + ("1" if value == "own" else value) + path[end + 1 :]
    return "/" + path


# In transactions of its own, as in service: so it runs on PostgreSQL too, whose fields have ends.
@pytest.mark.django_db(transaction=True)
def test_no_address_fails_on_numbers_and_texts_without_end() -> None:
    office = Office()
    case = office.submitted()
    users = {
        "employer": office.admin,
        "person": office.person_user,
        "clerk": office.clerk,
        "supervisor": office.supervisor,
        "city_admin": staff("cityadmin", "city_admin"),
        "security_admin": staff("security", "security_admin"),
        "auditor": staff("auditor", "auditor"),
    }
    faults = []
    for name, user in users.items():
        client = Client(raise_request_exception=False)
        client.force_login(user)
        give_phone(user)  # the staff reach nothing without a second factor
        show_factor(client, user)
        for route, pattern in addresses():
            endless = dict.fromkeys(fields_of(pattern.callback), "9" * 5_000)
            own = filled(route, office, case.key, "own")
            answers = {
                "GET of a number": client.get(filled(route, office, case.key, "9" * 5_000)),
                "GET with a query": client.get(own, {f: text[:900] for f, text in endless.items()}),
                "POST": client.post(own, endless),
            }
            faults += [(name, route, how) for how, a in answers.items() if a.status_code >= 500]
    assert faults == []
