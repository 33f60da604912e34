"""What is said of a list that is not genuine, or of a version that is not known here."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.statements import StatementFault
from jifen.statements.encoding import encode_base64url
from jifen.statements.jws import sign_claims
from jifen.statements.keys import build_jwks
from jifen.statements.list_statement import KIND, ListStatement, check_list
from jifen.statements.revocations import KIND as REVOKED
from jifen.statements.revocations import read_revoked, sign_list
from tests.people.statements import AT, KEY, KEYS, OTHER, SAID

PUBLISHED = sign_list([5], 9, AT, KEY, where="https://x", keep=60)
LIST = ListStatement("CH-L00012", "chengdu", "publicity", "2026-11-26", "2026-12-02", 3, "0" * 64)
DAMAGED = {"iat": 0, "status_list": {"bits": 1, "lst": encode_base64url(b"no list")}}


@pytest.mark.parametrize(
    "text",
    [
        sign_list([5], 9, AT, OTHER, where="https://x", keep=60),
        SAID.sign_with(KEY),
        sign_claims(DAMAGED, KEY, REVOKED),
        sign_claims({"iat": 0, "status_list": {"bits": 2, "lst": ""}}, KEY, REVOKED),
    ],
    ids=["signed by another", "of another kind", "damaged", "two bits for each"],
)
def test_a_list_of_revocations_that_is_not_genuine_says_where_to_get_another(text: str) -> None:
    with pytest.raises(StatementFault) as caught:
        read_revoked(text, KEYS)
    fault = caught.value
    assert fault.code == "JF-V004"
    assert fault.words.zh == ("作废清单不是由公布的公钥签名的，或已损坏。请从验证网站重新下载。")
    assert fault.words.en == (
        "The list of what was revoked is damaged or not signed with a published key. Download it "
        "again from the verification site."
    )


@pytest.mark.parametrize(
    "change", [{"people": "many"}, {"people": None}], ids=["no number", "nothing"]
)
def test_the_signature_of_a_list_of_a_later_version_asks_for_a_newer_verifier(
    change: dict[str, object],
) -> None:
    with pytest.raises(StatementFault) as caught:
        check_list(sign_claims(asdict(LIST) | change, KEY, KIND), KEYS)
    fault = caught.value
    assert fault.code == "JF-V006"
    assert fault.words.zh == "名单签名的版本不认识。请更新验证程序。"
    assert fault.words.en == (
        "The signature of a list of a version that is not known here. Take a newer verifier."
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "JF-V004: 作废清单不是由公布的公钥签名的"), ("en", "JF-V004: The list of what was")],
)
def test_the_command_says_it_and_ends_with_2(tmp_path: Path, lang: str, words: str) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(build_jwks([KEY.public])), encoding="utf-8")
    (tmp_path / "revoked.jwt").write_text(SAID.sign_with(KEY), encoding="utf-8")
    told = [SAID.sign_with(KEY), "--keys", str(tmp_path / "keys.json"), "--lang", lang]
    done = CliRunner().invoke(
        app, ["verify", *told, "--revoked", str(tmp_path / "revoked.jwt"), "--on", "2026-12-01"]
    )
    assert done.exit_code == 2
    assert words in done.stderr
