"""Keys and manifests of backups: what is none is refused in words."""

from pathlib import Path

import pytest

from jifen.office.operate.backup import manifest
from jifen.office.operate.backup.faults import BackupFault
from jifen.office.operate.backup.sealing import generate_identity, parse_recipient, read_identity


def test_a_new_key_is_read_again(tmp_path: Path) -> None:
    secret, public = generate_identity()
    file = tmp_path / "secret.txt"
    file.write_text(f"# public key: {public}\n{secret}\n", encoding="utf-8")
    assert str(read_identity(file).to_public()) == str(parse_recipient(f" {public}\n")) == public


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1", "x" * 500])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(BackupFault, match=r"JF-O001: .*JIFEN_BACKUP_TO"):
        parse_recipient(text)


@pytest.mark.parametrize("text", ["", "AGE-SECRET-KEY-1ABC", "age1abc", "a\nb"])
def test_what_is_no_secret_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BackupFault, match=r"JF-O001: .*holds no secret key"):
        read_identity(file)


def test_what_is_no_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupFault, match=r"JF-O003: .*No such file"):
        manifest.read_manifest(tmp_path)
    (tmp_path / manifest.SIGNATURE).write_text("00", encoding="ascii")
    for text in ("", "[]", "{}", '{"schema": "jifen.backup.v1", "parts": [1]}'):
        (tmp_path / manifest.NAME).write_text(text, encoding="utf-8")
        with pytest.raises(BackupFault, match=r"JF-O003"):
            manifest.read_manifest(tmp_path)
    (tmp_path / manifest.NAME).write_text('{"schema": "jifen.backup.v9"}', encoding="utf-8")
    with pytest.raises(BackupFault, match="is of schema “jifen\\.backup\\.v9”"):
        manifest.read_manifest(tmp_path)
