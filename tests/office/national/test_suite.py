"""An office changes to the national suite and back: what was sealed is read, what was signed is
checked."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from jifen.office.documents.content_files import write_sealed
from jifen.office.notices.key_file import generate_key_file, key_file
from jifen.office.notices.keys import load_notice_keys
from jifen.office.operate.doctor.cryptography import check_cryptography
from jifen.office.registry.models import Person
from jifen.office.site.rotation.lock import CannotRotate
from jifen.office.site.settings.environment import read_suite
from jifen.office.vault.keys import keys, new_keys
from jifen.statements import StatementFault, sm2
from jifen.statements.encoding import encode_base64url, to_json
from jifen.statements.jws import read_signed, sign_claims
from jifen.statements.keys import ES256, SM2, build_jwks, read_key_list
from tests.world.office import person
from tests.world.rotations import rotate

pytestmark = pytest.mark.django_db
NATIONAL, DEFAULT = "sm", "default"


def sign_today() -> str:
    return sign_claims({"v": 1}, load_notice_keys())


def check_offline(text: str) -> bool | None:
    """With the list as it is published now."""
    listed = json.dumps(build_jwks(load_notice_keys().public()))
    return read_signed(text, read_key_list(listed)).genuine


def change_suite(settings: Any, suite: str) -> None:
    settings.JIFEN_SUITE = suite
    assert rotate("seal").faults == []
    rotate("statement")


def test_the_suite_is_changed_and_changed_back(own: Path, settings: Any) -> None:
    del own
    somebody = person(1, phone="13800000001")
    content, store = b"%PDF-1.7 a paper", storages["documents"]
    write_sealed(store, "ab/cd/paper", content)
    before = sign_today()
    change_suite(settings, NATIONAL)
    assert keys().current == "m2"
    assert check_cryptography().state == "good"
    assert Person.objects.get(pk=somebody.pk).phone == "13800000001"
    with store.open("ab/cd/paper") as file:
        assert file.read(5) == b"JFS2\n"
    national = sign_today()
    assert (read_signed(national, {}).header["alg"], check_offline(national)) == (SM2, True)
    assert check_offline(before) is True, "what was signed before is checked still"
    change_suite(settings, DEFAULT)
    assert keys().current == "k3"
    with store.open("ab/cd/paper") as file:
        assert file.read(5) == b"JFS1\n"
    assert read_signed(sign_today(), {}).header["alg"] == ES256
    assert [check_offline(text) for text in (before, national, sign_today())] == [True] * 3


def test_a_key_checks_no_signature_of_the_other_suite(own: Path, settings: Any) -> None:
    """The header of a statement is anybody's to write: the key says by which suite it signs."""
    del own
    change_suite(settings, NATIONAL)
    text = sign_today()
    head, claims, signature = text.split(".")
    assert check_offline(text) is True
    forged = encode_base64url(to_json(read_signed(text, {}).header | {"alg": ES256}))
    assert forged != head
    assert check_offline(f"{forged}.{claims}.{signature}") is False


@pytest.mark.parametrize(("name", "size"), [("m1", 32), ("k1", 16)])
def test_a_key_of_one_suite_under_a_name_of_the_other_is_refused(
    own: Path, settings: Any, name: str, size: int
) -> None:
    fields = json.loads(new_keys())
    fields |= {"seal": {name: base64.b64encode(bytes(size)).decode()}, "current": name}
    Path(settings.JIFEN_KEYS).write_text(json.dumps(fields), encoding="utf-8")
    keys.cache_clear()
    with pytest.raises(ImproperlyConfigured) as caught:
        keys()
    words = str(caught.value)
    assert f"the file has {size}: a key of one suite is not used for the other" in words
    assert "一种算法的密钥不能用于另一种" in words


def test_the_doctor_says_that_keys_are_of_the_other_suite(own: Path, settings: Any) -> None:
    del own
    settings.JIFEN_SUITE = NATIONAL
    finding = check_cryptography()
    assert finding.state == "warning"
    assert "`jifen keys rotate seal`" in finding.words.en
    assert "AES-256-GCM" in finding.words.zh


def test_without_the_library_it_is_said_and_nothing_is_changed(
    own: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_suite(settings, NATIONAL)
    text, file = sign_today(), Path(settings.JIFEN_NOTICE_KEYS)
    before = file.read_bytes()

    def missing() -> None:
        raise ImportError

    monkeypatch.setattr(sm2, "_import_gmssl", missing)
    sm2.load_gmssl.cache_clear()
    try:
        with pytest.raises(StatementFault) as caught:
            check_offline(text)
        assert caught.value.code == "JF-V008"
        assert "pip install 'jifen[sm]'" in caught.value.words.en
        assert "请运行 pip install 'jifen[sm]'" in caught.value.words.zh
        finding = check_cryptography()
        assert (finding.state, "jifen[sm]" in finding.words.zh) == ("fault", True)
        with pytest.raises(CannotRotate, match="JF-V008"):
            rotate("statement")
        assert file.read_bytes() == before
        key_file.cache_clear()
        with pytest.raises(ImproperlyConfigured, match="JF-V008"):
            key_file()
    finally:
        sm2.load_gmssl.cache_clear()


def test_a_new_installation_of_the_suite_has_its_keys(own: Path, settings: Any) -> None:
    for file, text in (
        (settings.JIFEN_KEYS, new_keys(NATIONAL)),
        (settings.JIFEN_NOTICE_KEYS, generate_key_file("浦东新区", suite=NATIONAL)),
    ):
        Path(file).write_text(text, encoding="utf-8")
    keys.cache_clear()
    key_file.cache_clear()
    settings.JIFEN_SUITE = NATIONAL
    assert check_cryptography().state == "good"
    somebody = person(2, phone="13800000002")
    assert Person.objects.get(pk=somebody.pk).phone == "13800000002"
    assert check_offline(sign_today()) is True
    del own


@pytest.mark.parametrize(("given", "suite"), [("", DEFAULT), ("sm", NATIONAL)])
def test_the_variable_names_a_suite(
    monkeypatch: pytest.MonkeyPatch, given: str, suite: str
) -> None:
    monkeypatch.setenv("JIFEN_SUITE", given)
    assert read_suite() == suite


def test_another_name_is_refused_with_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIFEN_SUITE", "SM2")
    with pytest.raises(ImproperlyConfigured, match="JIFEN_SUITE is 'SM2'; write default"):
        read_suite()
