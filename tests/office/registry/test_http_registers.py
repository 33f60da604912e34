"""A register that a city connects with a file: asked over HTTP, tested against a real server."""

import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from jifen.office.casework.actions import registers
from jifen.office.casework.models import Item, RegisterCheck
from jifen.office.operate.doctor import services
from jifen.office.registry.adapters import http_register
from jifen.office.registry.adapters.answers import UnreadableValue, read_value
from jifen.office.registry.adapters.breaker import Breaker
from jifen.office.registry.adapters.description import MissingSecret, ValueRule, read_description
from jifen.office.registry.adapters.http_register import HttpRegister
from jifen.office.registry.registers import RegisterDown, create_register
from jifen.policy.fault import DocumentError
from tests.world.certificates import Certificate, make_certificate
from tests.world.office import Office, identity, person

pytestmark = pytest.mark.django_db
SECRET = "secret-of-the-register"
ANSWER: dict[str, Any] = {
    "code": "0",
    "data": {
        "updated": "20261129",
        "level": "31",
        "months": "84",
        "wageInFen": 1234567,
        "insured": "Y",
        "rows": [{"ym": "202601", "base": 800050}, {"ym": "202602", "base": 800050}],
    },
}
FILE = """
language: 1
address: {address}
sign_in: {{kind: signed, user: jifen, secret: JIFEN_TEST_SECRET}}
patience: {{seconds: 2, tries: 2, failures: 3, rest_seconds: 60}}
request: {{idCard: "{{identity}}", fullName: "{{name}}", area: "{{city}}"}}
answer:
  nothing: {{path: code, values: ["404", "E_NOBODY"]}}
  as_of: {{path: data.updated, format: "%Y%m%d"}}
  facts:
    education: {{path: data.level, values: {{"31": bachelor, "21": master}}}}
    insured_months: {{path: data.months, kind: whole}}
    monthly_wage: {{path: data.wageInFen, kind: number, times: 0.01}}
    employed_and_insured: {{path: data.insured, kind: flag}}
    contributions:
      path: data.rows
      each:
        month: {{path: ym, kind: month, format: "%Y%m"}}
        base: {{path: base, kind: number, times: 0.01}}
"""


class RegisterServer:
    """A register on a port of its own: answers with what the test says, and keeps the requests."""

    def __init__(self, certificate: Certificate | None = None) -> None:
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append((self.path, dict(self.headers), body))
                later = len(outer.answers) > 1
                status, content = outer.answers.pop(0) if later else outer.answers[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", str(content))
                self.end_headers()
                raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.wfile.write(raw)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.certificate, certificate.key)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.address = f"{scheme}://127.0.0.1:{self._server.server_port}/query"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        """Stop answering; once more is nothing."""
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[RegisterServer]:
    made = RegisterServer()
    made.answers = [(200, ANSWER)]
    yield made
    made.close()


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the file of a register; pairs of texts are replaced in it."""
    monkeypatch.setenv("JIFEN_TEST_SECRET", SECRET)
    monkeypatch.setattr(http_register, "_PAUSE_SECONDS", 0.0)

    def write_file(address: str, *changes: tuple[str, str]) -> Path:
        text = FILE.format(address=address)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "insurance.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def ask(path: Path) -> Any:
    return HttpRegister(str(path)).ask("insurance", "shanghai", person())


def test_facts_and_the_day_of_the_data_come_as_in_the_contract(
    server: RegisterServer, write: Write
) -> None:
    answer = ask(write(server.address))
    assert answer.as_of == date(2026, 11, 29)
    assert answer.facts == {
        "education": "bachelor",
        "insured_months": 84,
        "monthly_wage": "12345.67",
        "employed_and_insured": True,
        "contributions": [
            {"month": "2026-01", "base": "8000.5"},
            {"month": "2026-02", "base": "8000.5"},
        ],
    }


def test_the_request_says_what_the_file_says_and_is_signed(
    server: RegisterServer, write: Write
) -> None:
    ask(write(server.address))
    ((path, headers, body),) = server.requests
    assert path == "/query"
    assert json.loads(body) == {"idCard": identity(1), "fullName": "王小明", "area": "shanghai"}
    signed = "\n".join((headers["X-Jifen-Time"], server.address, body.decode()))
    expected = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
    assert headers["X-Jifen-Signature"] == f"sha256={expected}"


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("basic", "Basic amlmZW46c2VjcmV0LW9mLXRoZS1yZWdpc3Rlcg=="),
        ("bearer", f"Bearer {SECRET}"),
    ],
)
def test_other_ways_to_sign_in(
    server: RegisterServer, write: Write, kind: str, header: str
) -> None:
    ask(write(server.address, ("kind: signed", f"kind: {kind}")))
    assert server.requests[0][1]["Authorization"] == header


def test_a_get_puts_the_request_into_the_address(server: RegisterServer, write: Write) -> None:
    ask(write(server.address, ("sign_in:", "method: get\nsign_in:")))
    query = parse_qs(urlsplit(server.requests[0][0]).query)
    assert query == {"idCard": [identity(1)], "fullName": ["王小明"], "area": ["shanghai"]}


@pytest.mark.parametrize("nobody", [(200, {"code": "E_NOBODY"}), (404, {})])
def test_a_person_it_does_not_know_is_no_fault(
    server: RegisterServer, write: Write, nobody: tuple[int, Any]
) -> None:
    server.answers = [nobody]
    assert ask(write(server.address)) is None


def test_a_fact_that_cannot_be_read_is_left_out_and_named_without_its_value(
    server: RegisterServer, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    data = ANSWER["data"] | {"level": "99-codeword", "months": "many-codeword"}
    server.answers = [(200, ANSWER | {"data": data})]
    facts = ask(write(server.address)).facts
    assert "education" not in facts
    assert "insured_months" not in facts
    assert facts["employed_and_insured"] is True
    assert "fact education cannot be read: a code that `values` does not have" in caplog.text
    assert "codeword" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, ANSWER | {"data": {"level": "31"}}), "no day of the data"),
        ((200, b"<html>"), "not JSON"),
        ((200, b"[" * 100_000), "not JSON"),
        ((403, {}), "HTTP 403"),
        ((302, "http://127.0.0.1:9/elsewhere"), "HTTP 302"),
    ],
)
def test_an_answer_that_is_none_is_a_register_that_is_down(
    server: RegisterServer, write: Write, answer: tuple[int, Any], words: str
) -> None:
    server.answers = [answer]
    with pytest.raises(RegisterDown) as error:
        ask(write(server.address))
    assert words in str(error.value)
    assert identity(1) not in str(error.value)
    assert len(server.requests) == 1, "another try would give the same"


def test_an_answer_without_end_is_cut(
    server: RegisterServer, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_register, "MOST_BYTES", 1000)
    server.answers = [(200, b" " * 5000)]
    with pytest.raises(RegisterDown, match="more than 1,000 bytes"):
        ask(write(server.address))


def test_a_fault_of_the_server_is_tried_again(server: RegisterServer, write: Write) -> None:
    server.answers = [(503, {}), (200, ANSWER)]
    assert ask(write(server.address)).facts["insured_months"] == 84
    assert len(server.requests) == 2


def test_a_register_that_fails_in_a_row_is_left_alone(server: RegisterServer, write: Write) -> None:
    server.answers = [(500, {})]
    register, somebody = HttpRegister(str(write(server.address))), person()
    for _ in range(3):
        with pytest.raises(RegisterDown, match="HTTP 500"):
            register.ask("insurance", "shanghai", somebody)
    with pytest.raises(RegisterDown, match="left alone"):
        register.ask("insurance", "shanghai", somebody)
    assert len(server.requests) == 6, "three times two tries, and none after that"


def test_after_the_rest_one_try_decides() -> None:
    now = [0.0]
    breaker = Breaker(2, 60, clock=lambda: now[0])
    breaker.note_failure()
    assert breaker.admits_try()
    breaker.note_failure()
    assert not breaker.admits_try()
    now[0] = 61
    assert breaker.admits_try()
    assert not breaker.admits_try(), "the others wait for the one"
    breaker.note_success()
    assert breaker.admits_try()
    assert breaker.admits_try()


def test_https_is_checked_against_the_authority_of_the_file(write: Write, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path)
    server = RegisterServer(certificate)
    try:
        server.answers = [(200, ANSWER)]
        tls = f"tls: {{authority: {certificate.certificate}}}\nsign_in:"
        somebody = person()
        trusting = HttpRegister(str(write(server.address, ("sign_in:", tls))))
        answer = trusting.ask("insurance", "shanghai", somebody)
        assert answer is not None
        assert answer.as_of == date(2026, 11, 29)
        without = HttpRegister(str(write(server.address)))
        with pytest.raises(RegisterDown, match="SSLCertVerificationError"):
            without.ask("insurance", "shanghai", somebody)
    finally:
        server.close()


def test_the_business_register_is_asked_by_the_code_of_the_unit(
    server: RegisterServer, write: Write
) -> None:
    server.answers = [
        (200, {"code": "0", "data": {"updated": "20261129", "level": "单位1"}}),
        (404, {}),
    ]
    path = write(
        server.address,
        ("{identity}", "{credit_code}"),
        (
            'education: {path: data.level, values: {"31": bachelor, "21": master}}',
            "name: {path: data.level}",
        ),
    )
    register = HttpRegister(str(path))
    assert register.look_up("shanghai", "91310000MA1000001X") == {"name": "单位1"}
    assert json.loads(server.requests[0][2])["idCard"] == "91310000MA1000001X"
    assert register.look_up("shanghai", "91310000MA1000002X") is None


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("{address}", "register.example", "insurance.yaml:3:10", "begins with https://"),
        ('"{identity}"', '"{secret}"', "insurance.yaml:6:", "{credit_code} in braces"),
        ("path: data.level", "path: data level", "insurance.yaml:11:", "such as data.months"),
        ("secret: JIFEN_TEST_SECRET", "secret: hunter2", "insurance.yaml:4:", "not the secret"),
        ("kind: whole", "kind: hole", "insurance.yaml:12:", "whole"),
        ("as_of:", "asof:", "insurance.yaml:9:", "as_of"),
    ],
)
def test_a_fault_of_the_file_names_its_place(
    write: Write, settings: Settings, old: str, new: str, place: str, words: str
) -> None:
    path = write(new) if old == "{address}" else write("https://register.example/query", (old, new))
    with pytest.raises(DocumentError) as error:
        read_description(path)
    assert place in str(error.value)
    assert words in str(error.value)
    settings.JIFEN_REGISTERS = {"insurance": str(path)}
    finding = services.check_registers()
    assert finding.state == "fault"
    assert words in finding.words.en
    assert place in finding.words.zh


def test_the_doctor_says_what_is_wrong_with_a_register(
    server: RegisterServer, write: Write, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_register.cache_clear()
    assert services.check_registers().state == "unset"
    path = write(server.address)
    settings.JIFEN_REGISTERS = {"insurance": str(path)}
    assert services.check_registers().state == "good"
    assert server.requests == [], "nobody is asked about"
    settings.JIFEN_REGISTERS = {"insurence": str(path)}
    assert "Write one of: insurance, education" in services.check_registers().words.en
    settings.JIFEN_REGISTERS = {"insurance": "no.such.Class"}
    assert "No module named 'no'" in services.check_registers().words.en
    settings.JIFEN_REGISTERS = {"insurance": str(path.with_name("gone.yaml"))}
    assert "No such file" in services.check_registers().words.zh
    create_register.cache_clear()
    monkeypatch.delenv("JIFEN_TEST_SECRET")
    settings.JIFEN_REGISTERS = {"insurance": str(path)}
    assert "variable JIFEN_TEST_SECRET with the secret" in services.check_registers().words.en
    with pytest.raises(MissingSecret):
        read_description(path)


def test_the_doctor_says_where_a_register_is_not(
    write: Write, settings: Settings, server: RegisterServer
) -> None:
    create_register.cache_clear()
    server.close()
    settings.JIFEN_REGISTERS = {"insurance": str(write(server.address))}
    finding = services.check_registers()
    assert finding.state == "fault"
    assert server.address.split("/")[2] in finding.words.en
    assert "Connection refused" in finding.words.en


def test_a_case_is_confirmed_by_what_the_register_says(
    server: RegisterServer, write: Write, settings: Settings
) -> None:
    create_register.cache_clear()
    path = write(server.address)
    office = Office()
    case = office.submitted()
    settings.JIFEN_REGISTERS = {"education": str(path)}
    registers.ask_due_registers()
    check = RegisterCheck.objects.get(application=case, register="education")
    assert (check.state, check.as_of) == ("answered", date(2026, 11, 29))
    item = Item.objects.get(application=case, fact="insured_months")
    assert (item.source, item.found) == ("register:education", [84])


TEXTS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
CONTENT = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(CONTENT, st.sampled_from(["text", "whole", "number", "flag", "day", "month"]))
def test_whatever_a_register_answers_is_a_value_or_a_fault_of_its_own(
    content: Any, kind: str
) -> None:
    rule = ValueRule(("a",), kind)
    try:
        value = read_value({"a": content}, rule)
    except UnreadableValue:
        return
    types: dict[str, tuple[type, ...]] = {"whole": (int,), "number": (int, str), "flag": (bool,)}
    assert value is None or isinstance(value, types.get(kind, (str,)))
