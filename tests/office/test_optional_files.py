"""Public pages of a city with each optional file alone, and beside a city that is broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from jifen import cities
from jifen.rulebook.faulty_cities import leave_out_broken
from tests.people.small_city import OPTIONAL, add_optional, write_small_city

pytestmark = pytest.mark.django_db
FACTS = {
    "birth_date": "1985-03-14",
    "permit_valid": "false",
    "education": "college",
    "as_of": "2026-11-01",
}
PAGES = ("/", "/sample/", "/sample/opens/", "/sample/lists/", "/sample/policy/", "/compare/")
GIVEN = {
    "moves.yaml": ("/sample/route", "办理居住证"),
    "lists.yaml": ("/sample/lists/", "名单"),
    "entitlements.yaml": ("/sample/opens/", "示例入学"),
}
"""What a file gives a page."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("JIFEN_CITIES", str(tmp_path))
    cities.reset_index()
    yield tmp_path
    cities.reset_index()


def seen(address: str) -> str:
    client = Client()
    posted = address.endswith("/route")
    response = client.post(address, FACTS) if posted else client.get(address)
    assert response.status_code == 200, (address, response.content.decode()[:400])
    return response.content.decode()


@pytest.mark.parametrize("name", [*OPTIONAL, "everything"])
def test_every_page_is_there_with_one_file_more(place: Path, name: str) -> None:
    folder = write_small_city(place / "sample")
    (folder / "points-2020.cases.yaml").unlink()
    names = OPTIONAL if name == "everything" else [name]
    add_optional(folder, *names)
    for address in (*PAGES, "/sample/route"):
        seen(address)
    for file, (address, words) in GIVEN.items():
        if file in names:
            assert words in seen(address)
    if "entitlements.yaml" not in names:
        assert "示例入学" not in seen("/sample/opens/")


@pytest.mark.parametrize("file", ["city.yaml", "facts.yaml", "points-2020.yaml", "process.yaml"])
def test_a_broken_city_takes_no_page_down(
    place: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small_city(place / "sample")
    broken = write_small_city(place / "broken")
    for path in broken.iterdir():
        text = path.read_text("utf-8").replace("sample", "broken").replace("XY", "XB")
        path.write_text(text, "utf-8")
    (broken / file).write_text("id: [", "utf-8")
    leave_out_broken()
    assert f"{broken}/{file}" in capsys.readouterr().err
    for address in (*PAGES, "/shanghai/", "/chengdu/policy/2024/"):
        assert "broken" not in seen(address)
    assert Client().get("/broken/").status_code == 404


def test_a_path_is_no_address(place: Path) -> None:
    """Addresses and the API hold ids alone: no folder of the server can be named there."""
    write_small_city(place / "sample")
    for name in (str(place / "sample").replace("/", "%2F"), "sample@2020", "..%2Fsample"):
        assert Client().get(f"/{name}/").status_code == 404
    with pytest.raises(cities.UnknownCity):  # what the pages and the API ask by
        cities.find_city(str(place / "sample"))
    with pytest.raises(cities.UnknownCity):
        cities.load("sample@2020", "2020")
