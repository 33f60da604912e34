"""`jifen verify`: a notice is checked at a window without the network."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from jifen.statements.consultation import SignedConsultation
from jifen.statements.encoding import encode_base64url
from jifen.statements.keys import build_jwks
from jifen.statements.list_statement import ListStatement
from jifen.statements.revocations import sign_list
from tests.people.statements import KEY, OTHER, SAID

DEEP = encode_base64url(b"[" * 40_000)
VALID, NOT_VALID, BAD_INPUT, UNCHECKED = 0, 1, 2, 3
NOW = datetime.now(UTC).replace(microsecond=0)
# the office and the network are out of reach: any use of them ends the command
ALONE = """
import sys, socket
class Out:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('django', 'ninja', 'pyhanko', 'psycopg'):
            raise ImportError(name)
sys.meta_path.insert(0, Out())
def refused(*a, **k): raise OSError('no network')
socket.socket = refused
socket.create_connection = refused
sys.argv = ['jifen', 'verify', *sys.argv[1:]]
from jifen.cli import main
main()
"""


@pytest.mark.parametrize("zone", ["UTC", "WEST+24", "EAST-24"])
def test_today_is_the_day_in_china_whatever_the_zone_of_the_machine(place: Path, zone: str) -> None:
    china = datetime.now(timezone(timedelta(hours=8))).date()
    over = replace(SAID, until=china - timedelta(days=1)).sign_with(KEY)
    last = replace(SAID, until=china).sign_with(KEY)
    for text, expected in ((over, NOT_VALID), (last, VALID)):
        said = [sys.executable, "-c", ALONE, text, "--keys", "keys.json"]
        environment = os.environ | {"TZ": zone}
        done = subprocess.run(said, cwd=place, env=environment, check=False, capture_output=True)
        assert done.returncode == expected


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "keys.json").write_text(json.dumps(build_jwks([KEY.public])))
    (tmp_path / "deep.json").write_text("[" * 200_000)
    for name, at in (("revoked.jwt", NOW), ("old.jwt", NOW - timedelta(hours=13))):
        listed = sign_list([9], 20, at, KEY, where="https://x", keep=12 * 3600)
        (tmp_path / name).write_text(listed)
    return tmp_path


def verify(place: Path, text: str, *more: str) -> tuple[int, str]:
    said = [text, "--keys", "keys.json", "--on", "2026-12-01", *more]
    done = subprocess.run(
        [sys.executable, "-c", ALONE, *said],
        capture_output=True,
        text=True,
        cwd=place,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_genuine_notice_is_valid_with_the_day_of_the_list(place: Path) -> None:
    text = f"https://x/v/ABC#{SAID.sign_with(KEY)}"
    status, said = verify(place, text, "--revoked", "revoked.jwt", "--json")
    assert status == VALID
    told = json.loads(said)
    assert told["state"] == "valid"
    assert told["number"] == SAID.number
    assert told["name"] == "王**"
    assert told["revocations_as_of"] == NOW.isoformat()
    assert told["revocations_checked"] is True


def test_a_list_that_is_too_old_ends_with_a_status_of_its_own(place: Path) -> None:
    status, said = verify(place, SAID.sign_with(KEY), "--revoked", "old.jwt")
    assert status == UNCHECKED
    assert "作废清单已过时" in said
    told = json.loads(verify(place, SAID.sign_with(KEY), "--revoked", "old.jwt", "--json")[1])
    assert (told["state"], told["revocations_checked"]) == ("unchecked", False)
    revoked = replace(SAID, index=9).sign_with(KEY)
    assert verify(place, revoked, "--revoked", "old.jwt")[0] == NOT_VALID


def test_without_a_list_it_says_that_revocation_was_not_checked(place: Path) -> None:
    status, said = verify(place, SAID.sign_with(KEY))
    assert status == VALID
    assert "没有核对是否作废" in said
    assert "not checked" in verify(place, SAID.sign_with(KEY), "--lang", "en")[1]
    for more in ((), ("--revoked", "revoked.jwt")):  # no list, and one older than the paper
        newer = replace(SAID, index=20).sign_with(KEY)
        told = json.loads(verify(place, newer, *more, "--json")[1])
        assert (told["state"], told["revocations_checked"]) == ("valid", False)


def test_a_revoked_or_forged_or_expired_notice_ends_with_status_1(place: Path) -> None:
    revoked = replace(SAID, index=9).sign_with(KEY)
    assert verify(place, revoked, "--revoked", "revoked.jwt")[0] == NOT_VALID
    assert verify(place, SAID.sign_with(OTHER))[0] == NOT_VALID
    forged = SAID.sign_with(KEY)[:-4] + "AAAA"
    status, said = verify(place, forged)
    assert status == NOT_VALID
    assert "不要采信" in said
    assert verify(place, SAID.sign_with(KEY), "--on", "2028-01-01")[0] == NOT_VALID


def test_a_renewal_that_has_not_begun_says_from_which_day_and_ends_with_status_1(
    place: Path,
) -> None:
    text = replace(SAID, since=date(2026, 12, 10)).sign_with(KEY)
    status, said = verify(place, text, "--revoked", "revoked.jwt")
    assert status == NOT_VALID
    assert "有效期尚未开始" in said
    assert "有效期自: 2026-12-10" in said
    told = json.loads(verify(place, text, "--json")[1])
    assert (told["state"], told["since"]) == ("not_yet", "2026-12-10")
    assert verify(place, text, "--on", "2026-12-10")[0] == VALID


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("hello", (), "JF-V001"),
        ("x", ("--keys", "none.json"), "none.json"),
        ("x", ("--keys", "revoked.jwt"), "JF-V002"),
        ("x", ("--revoked", "keys.json"), "JF-V001"),
        ("x", ("--on", "soon"), "2026-10-20"),
        ("x", ("--keys", "deep.json"), "JF-V002"),
        ("x" * 5_000, (), "JF-V001"),
        (f"{DEEP}.{DEEP}.x", (), "JF-V001"),
    ],
)
def test_bad_input_ends_with_status_2_and_words(
    place: Path, text: str, more: tuple[str, ...], words: str
) -> None:
    status, said = verify(place, text, *more)
    assert status == BAD_INPUT
    assert words in said
    assert "Traceback" not in said


def test_the_text_may_come_from_a_file(place: Path) -> None:
    (place / "scan.txt").write_text(f"https://x/v/ABC#{SAID.sign_with(KEY)}\n")
    assert verify(place, "scan.txt")[0] == VALID


LIST = ListStatement("CH-L00012", "chengdu", "publicity", "2024-03-04", "2024-03-07", 2, "")


@pytest.fixture
def signed(place: Path) -> str:
    """The signature of a list whose bytes are in list.json; others are in other.json."""
    content = b'{"list":"CH-L00012"}\n'
    (place / "list.json").write_bytes(content)
    (place / "other.json").write_bytes(content.replace(b"\n", b"\r\n"))
    return replace(LIST, sha256=hashlib.sha256(content).hexdigest()).sign_with(KEY)


def test_a_list_is_checked_with_and_without_its_bytes(place: Path, signed: str) -> None:
    status, said = verify(place, signed)
    assert status == VALID
    assert "公示名单" in said
    assert "没有核对名单文件" in said
    assert "名单文件与签名一致" in verify(place, signed, "--list", "list.json")[1]
    status, said = verify(place, signed, "--list", "other.json", "--json")
    assert (status, json.loads(said)["state"]) == (NOT_VALID, "other_bytes")
    assert json.loads(said)["people"] == 2


def test_a_forged_list_and_a_list_taken_for_a_notice_are_refused(place: Path, signed: str) -> None:
    assert verify(place, signed[:-4] + "AAAA")[0] == NOT_VALID
    status, said = verify(place, LIST.sign_with(OTHER), "--json")
    assert (status, json.loads(said)["state"]) == (NOT_VALID, "unknown_key")
    status, said = verify(place, SAID.sign_with(KEY), "--list", "list.json")
    assert status == BAD_INPUT
    assert "--list" in said
    assert verify(place, signed, "--list", "none.json")[0] == BAD_INPUT


CONSULTATION = SignedConsultation(
    consultation="6c7a0c1e-0000-4000-8000-000000000001",
    city="shanghai",
    title="2027 年调整",
    revision=2,
    policy_hash="ab" * 32,
    opened_on="2026-11-30",
    last_day="2026-12-14",
    answered_on="2026-12-15",
    comments=0,
    sha256="",
)


@pytest.fixture
def consulted(place: Path) -> str:
    """The signature of a consultation whose bytes are in opinions.json; others in changed.json."""
    content = b'{"comments":[]}\n'
    (place / "opinions.json").write_bytes(content)
    (place / "changed.json").write_bytes(content.replace(b"[]", b"[1]"))
    return replace(CONSULTATION, sha256=hashlib.sha256(content).hexdigest()).sign_with(KEY)


def test_a_consultation_is_checked_with_and_without_its_bytes(place: Path, consulted: str) -> None:
    status, said = verify(place, consulted)
    assert status == VALID
    assert "草案: 2027 年调整" in said
    assert "意见条数: 0" in said
    assert "没有核对意见和答复文件" in said
    (place / "statement.jwt").write_text(consulted + "\n")
    status, said = verify(place, "statement.jwt", "--consultation", "opinions.json", "--lang", "en")
    assert status == VALID
    assert "the file is the comments and answers that were signed" in said
    status, said = verify(place, consulted, "--consultation", "changed.json", "--json")
    told = json.loads(said)
    assert (status, told["state"], told["bytes_compared"]) == (NOT_VALID, "other_bytes", True)
    assert (told["revision"], told["city"]) == (2, "shanghai")


def test_a_forged_consultation_is_refused(place: Path, consulted: str) -> None:
    status, said = verify(place, consulted[:-4] + "AAAA")
    assert status == NOT_VALID
    assert "不要采信" in said
    status, said = verify(place, CONSULTATION.sign_with(OTHER), "--json")
    assert (status, json.loads(said)["state"]) == (NOT_VALID, "unknown_key")


def test_a_file_that_does_not_go_with_the_signature_is_told(
    place: Path, consulted: str, signed: str
) -> None:
    for text, option, words in (
        (consulted, "--list", "this is the statement of a consultation"),
        (signed, "--consultation", "this is the statement of a list"),
        (SAID.sign_with(KEY), "--consultation", "this is the statement of a notice"),
    ):
        status, said = verify(place, text, option, "opinions.json")
        assert status == BAD_INPUT
        assert words in said
        assert f"leave {option} out" in said
    assert verify(place, consulted, "--consultation", "none.json")[0] == BAD_INPUT
