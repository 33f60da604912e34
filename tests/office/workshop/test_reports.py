"""The figures of a run to hand on, and the folder of a version: each says the same as the page."""

import csv
import subprocess
import sys
from datetime import date
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from jifen.office.workshop.access import access_adoption
from jifen.office.workshop.actions import adoptions
from jifen.office.workshop.actions.effects import request_run
from tests.world.studio import BACHELOR, ON, TODAY, Studio, simulated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    place = "jifen.office.accounts.signin.middleware.needs_second_factor"
    monkeypatch.setattr(place, lambda _: False)


def _simulated() -> tuple[Studio, Client, str]:
    studio = Studio()
    population = studio.population(2_000)
    revision = studio.save({BACHELOR: "80"})
    run = request_run(studio.hand(), revision, population)
    assert run is not None
    simulated(run)
    client = Client()
    client.force_login(studio.reviewer)
    answer = client.get(reverse("studio_figures", args=[studio.key, 2]))
    [_, everybody, *_] = csv.reader(StringIO(answer.content.decode("utf-8-sig")))
    return studio, client, everybody[8]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_of_the_report_has_the_figures_of_the_page(lang: str) -> None:
    studio, client, reached = _simulated()
    client.cookies["jifen_lang"] = lang
    page = client.get(reverse("studio_report", args=[studio.key, 2]))
    words = unescape(page.content.decode())
    assert "合成人口，非真实数据" in words
    assert "synthetic people, not real data" in words
    assert reached in words
    assert "jifen lab reform shanghai PEOPLE --on 2026-11-30" in words

    sheet = client.get(reverse("studio_sheet", args=[studio.key, 2]))
    book = CalamineWorkbook.from_filelike(BytesIO(sheet.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert reached in {str(cell) for cell in rows[1]}
    assert len(book.sheet_names) == 2

    pdf = client.get(reverse("studio_report_pdf", args=[studio.key, 2]))
    assert pdf.content.startswith(b"%PDF-")
    again = client.get(reverse("studio_report_pdf", args=[studio.key, 2]))
    assert again.content == pdf.content


def test_a_revision_without_figures_has_no_report() -> None:
    studio, client, _ = _simulated()
    studio.save({BACHELOR: "70"})
    for name in ("studio_report", "studio_report_pdf", "studio_sheet"):
        assert client.get(reverse(name, args=[studio.key, 3])).status_code == 404


def test_the_folder_of_a_version_passes_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object
) -> None:
    monkeypatch.setattr(TODAY, lambda: ON)
    monkeypatch.setattr("django.conf.settings.JIFEN_EDITIONS", str(tmp_path / "editions"))
    studio = Studio()
    studio.save({BACHELOR: "95"})
    studio.accept_cases()
    row = studio.propose()
    hand = access_adoption(studio.approver, row.key, "decide")
    adoptions.decide_adoption(hand, adopt=True)
    address = reverse("edition_folder", args=[row.key])
    packed = Client().get(address)
    assert packed.content == Client().get(address).content
    with ZipFile(BytesIO(packed.content)) as archive:
        archive.extractall(tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / "shanghai"
    assert (folder / "points-2027.yaml").is_file()
    checked = subprocess.run(
        [sys.executable, "-m", "jifen", "policy", "check", str(folder), "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert date(2027, 1, 1) == row.since


def test_a_version_is_adopted_after_a_fresh_second_factor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TODAY, lambda: ON)
    studio = Studio()
    studio.save({BACHELOR: "95"})
    studio.accept_cases()
    row = studio.propose()
    client = Client()
    client.force_login(studio.approver)
    answer = client.post(reverse("studio_adopt", args=[row.key]), {"act": "adopt"})
    row.refresh_from_db()
    assert row.state == "proposed"
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    refused = client.post(
        reverse("studio_adopt", args=[row.key]), {"act": "refuse", "reason": "再议"}
    )
    row.refresh_from_db()
    assert (refused.status_code, row.state) == (302, "refused")
