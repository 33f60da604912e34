"""What a phone keeps: the worker, its list, the screens and the modules."""

import json
import posixpath
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from jifen.cities import index
from jifen.office.web.public import offline, script_modules
from jifen.office.web.public.offline import service_worker
from jifen.office.web.public.packed_files import PackedFile

ADDRESSES = re.compile(r'data-(module|measure|screens|worker)="([^"]+)"')


def release() -> dict[str, Any]:
    line = service_worker().content.decode().split("\n", 1)[0]
    found: dict[str, Any] = json.loads(line.removeprefix("const RELEASE = ").removesuffix(";"))
    return found


def addresses(visitor: Client, city: str) -> dict[str, str]:
    text = visitor.get(f"/{city}/").content.decode()
    return {name: address.replace("&amp;", "&") for name, address in ADDRESSES.findall(text)}


def test_the_worker_stands_at_the_root_and_is_asked_for_each_time(visitor: Client) -> None:
    response = visitor.get("/service-worker.js")
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert "worker-src 'self'" in response.headers["Content-Security-Policy"]


def test_everything_on_its_list_is_there(visitor: Client) -> None:
    listed = release()
    for address in (*listed["files"], *listed["cities"], listed["offline"]):
        assert visitor.get(address).status_code == 200, address
    assert {f"/{city}/" for city in index()} < set(listed["cities"])


def test_another_file_makes_another_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    before = release()["version"]
    monkeypatch.setattr(offline, "ASSETS", offline.ASSETS[:-1])
    service_worker.cache_clear()
    assert release()["version"] != before
    service_worker.cache_clear()


def test_a_page_of_somebody_signed_in_may_not_be_kept(visitor: Client) -> None:
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32
    assert "no-store" in visitor.get("/shanghai/").headers["Cache-Control"]


def test_a_city_that_is_carried_names_what_its_page_scores_with(visitor: Client) -> None:
    found = addresses(visitor, "shanghai")
    assert set(found) == {"module", "measure", "screens", "worker"}
    for name, address in found.items():
        response = visitor.get(address)
        assert response.status_code == 200, name
        kept = "immutable" in response.headers["Cache-Control"]
        assert kept == (name != "worker"), name


def test_a_city_that_is_not_carried_names_none(visitor: Client) -> None:
    assert addresses(visitor, "beijing") == {}
    response = visitor.get("/beijing/screens.json")
    assert (response.status_code, response.json()["code"]) == (404, "JF-Z001")
    assert "请提交到网站计算" in response.json()["words"]["zh"]


def test_screens_are_in_the_language_and_view_that_are_asked_for(visitor: Client) -> None:
    small = visitor.get("/shanghai/screens.json?words=zh&text=standard")
    large = visitor.get("/shanghai/screens.json?words=en&text=large")
    assert "为什么问这个" in small.json()["steps"]["permit_valid"]["html"]
    assert "I don't know" in large.json()["steps"]["permit_valid"]["html"].replace("&#39;", "'")
    assert "Why is this asked" not in large.json()["steps"]["permit_valid"]["html"]
    assert not small.cookies
    assert not large.cookies


def test_a_module_of_another_release_is_not_here(visitor: Client) -> None:
    path = next(iter(script_modules.script_modules()))
    assert visitor.get(script_modules.module_address(path)).status_code == 200
    assert visitor.get(f"/modules/{'0' * 16}/{path}").status_code == 404
    assert visitor.get(script_modules.module_address("jifen.js")).status_code == 404


def test_no_text_of_a_module_goes_over_several_lines() -> None:
    """Else serving them without indentation would change what they say."""
    for path, file in script_modules.script_modules().items():
        for line in file.content.decode().splitlines():
            assert line.count("`") % 2 == 0, f"{path}: {line}"
            assert not line.startswith("/*"), f"{path}: {line}"


def test_a_city_with_everything_it_scores_with_is_below_60_kilobytes(visitor: Client) -> None:
    every = sum(len(file.packed) for file in _scoring_modules().values())
    for city in ("shanghai", "chengdu"):
        found = addresses(visitor, city)
        takes = {"Accept-Encoding": "gzip"}
        documents = [visitor.get(found[name], headers=takes) for name in ("measure", "screens")]
        size = every + sum(len(response.content) for response in documents)
        assert every > 20_000
        assert size < 60 * 1024, (city, size, every)


def _scoring_modules() -> dict[str, PackedFile]:
    """What the module of the page imports; sharing a result is loaded with the result."""
    modules, wanted = script_modules.script_modules(), ["device/page.js"]
    found: dict[str, PackedFile] = {}
    while wanted:
        path = wanted.pop()
        if path not in found:
            found[path] = modules[path]
            names = re.findall(r'from "([^"]+)"', modules[path].content.decode())
            wanted += [
                posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in names
            ]
    return found


def test_the_screens_hold_nobodys_answers(visitor: Client) -> None:
    answered = {"birth_date": "1990-05-01", "education": "doctor", "walk.at": "education"}
    visitor.post("/shanghai/", answered)
    assert "1990-05-01" not in _values(visitor.get("/shanghai/screens.json").json())


def _values(document: dict[str, Any]) -> list[str]:
    """The values of the fields on all screens."""
    return re.findall(r'value="([^"]*)"', json.dumps(document["steps"]).replace('\\"', '"'))
