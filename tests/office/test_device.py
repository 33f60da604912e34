"""The measure as a page scores it, at its address: what is served, kept and refused."""

import gzip
import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from jifen.cities import load
from jifen.office.web.public import device
from jifen.office.web.public.device import device_address, device_file
from jifen.policy.model import Rules
from jifen.scoring.device import FORMAT, NotRepresentable, build_device_document

ADDRESS = "/shanghai/device.json?on=2025-06-01"
ON = date(2025, 6, 1)


def rules_on(on: date = ON, **readings: str) -> Rules:
    return load("shanghai", "2018").rules_on(on, readings)


def test_the_document_of_a_day_is_served_to_everybody(visitor: Client) -> None:
    response = visitor.get(ADDRESS)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.json() == json.loads(json.dumps(build_device_document(rules_on(), ON)))


def test_without_a_day_it_is_that_of_today(visitor: Client) -> None:
    today = timezone.localdate().isoformat()
    assert visitor.get("/shanghai/device.json").json()["on"] == today


def test_it_is_packed_for_whoever_takes_it_packed(visitor: Client) -> None:
    plain = visitor.get(ADDRESS)
    packed = visitor.get(ADDRESS, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Content-Encoding" not in plain.headers
    assert all("Accept-Encoding" in one.headers["Vary"] for one in (packed, plain))


def test_who_has_it_already_gets_nothing_again(visitor: Client) -> None:
    first = visitor.get(ADDRESS)
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = visitor.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = visitor.get(
        "/shanghai/device.json?on=2025-06-02", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert other.status_code == 200


def test_at_the_address_with_its_digest_it_is_kept_for_good(visitor: Client) -> None:
    address = device_address(rules_on(), ON)
    assert "on=2025-06-01" in address
    kept = visitor.get(address)
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert kept.content == device_file(rules_on(), ON).content
    wrong = visitor.get(f"{ADDRESS}&v=0000000000000000")
    assert wrong.headers["Cache-Control"] == "public, no-cache"


def test_a_signed_in_visitor_may_keep_it_as_well(visitor: Client) -> None:
    visitor.cookies["sessionid"] = "x" * 32
    assert visitor.get(ADDRESS).headers["Cache-Control"] == "public, no-cache"


def test_another_reading_is_another_document(visitor: Client) -> None:
    chosen = visitor.get(f"{ADDRESS}&reading.insurance_count=continuous")
    assert chosen.json()["readings"]["insurance_count"] == "continuous"
    years = next(i for i in chosen.json()["indicators"] if i["id"] == "insurance_years")
    assert years["facts"] == ["insured_months_run"]
    address = device_address(rules_on(insurance_count="continuous"), ON)
    assert visitor.get(address).json() == chosen.json()


@pytest.mark.parametrize("typed", ["2025-02-30", "tomorrow", "1989-12-31", "2101-01-01", "2025"])
def test_a_day_that_is_none_is_refused_in_words(visitor: Client, typed: str) -> None:
    response = visitor.get("/shanghai/device.json", {"on": typed})
    assert response.status_code == 400
    assert response.json() == {
        "code": "JF-Z004",
        "words": {
            "zh": f"现为“{typed}”，应为日历上存在的日期，如 2025-06-01。请改正日期。",
            "en": f"Found '{typed}'; expected an existing date such as 2025-06-01. "
            "Correct the date.",
        },
    }


def test_a_day_without_a_measure_is_said(visitor: Client) -> None:
    response = visitor.get("/chengdu/device.json?on=2015-01-01")
    assert response.status_code == 404
    assert response.json()["code"] == "JF-Z004"
    assert response.json()["words"] == {
        "zh": "2015-01-01 没有施行中的积分办法，请换一个日期。",
        "en": "No measure was in force on 2015-01-01. Choose another day.",
    }


def test_a_reading_that_there_is_not_is_refused_in_words(visitor: Client) -> None:
    for query in ("reading.insurance_count=never", "reading.nonesuch=x"):
        response = visitor.get(f"{ADDRESS}&{query}")
        assert response.status_code == 400
        problem = response.json()
        assert problem["code"].startswith("JF-P")
        assert "现为" in problem["words"]["zh"]
        assert "found:" in problem["words"]["en"]


def test_a_city_that_there_is_not_is_nobodys(visitor: Client) -> None:
    assert visitor.get("/atlantis/device.json").status_code == 404
    assert Client().post(ADDRESS).status_code == 405


def test_a_measure_that_cannot_be_carried_says_so_and_nothing_else(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise NotRepresentable("insurance_years")

    monkeypatch.setattr(device, "serialize_device_document", refuse)
    device_file.cache_clear()
    try:
        document = visitor.get(ADDRESS).json()
    finally:
        device_file.cache_clear()
    assert document == {
        "format": FORMAT,
        "city": "shanghai",
        "version": "2018",
        "on": "2025-06-01",
        "ask": {
            "code": "JF-Z001",
            "words": {
                "zh": "本版办法里有一项（insurance_years）不能在手机上准确计算，请提交到网站计算。",
                "en": "A part of this version of the measure (insurance_years) cannot be worked "
                "out exactly on a device. Send the form to the site.",
            },
        },
    }
