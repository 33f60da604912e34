"""The file of the keys of notices, made on first use outside of production."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.sign.signers import Signer

from jifen.office.notices.statement_keys import (
    PrivateKey,
    generate_statement_key,
    load_private_key,
    load_public_key,
    public_half,
)
from jifen.office.vault.ciphers import DEFAULT
from jifen.office.vault.reloaded_file import ReloadedFile
from jifen.office.vault.secret_files import write_once
from jifen.statements.faults import StatementFault
from jifen.statements.keys import PublicKey

YEARS = 10
_PEM = serialization.Encoding.PEM
_PLAIN = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@dataclass(frozen=True, eq=False)
class KeyFile:
    """`statement` signs statements; `others` are public keys that signed before it, and one that
    is published before it signs. They may be of several suites."""

    statement: PrivateKey
    others: list[PublicKey]
    seal: "LoadedSeal"


class LoadedSeal(Signer):
    """Signs PDF files with a key that stays loaded: to read and check it takes longer than all
    else of a sheet. RSA with PKCS #1 v1.5 padding, which is steady and read by every viewer."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: asn1_x509.Certificate) -> None:
        super().__init__(signing_cert=certificate)
        self._key = key
        # hexadecimal digits for the signature, so that it need not be made twice to be measured
        self.reserve = 2 * (len(certificate.dump()) + key.key_size // 8 + 1024)

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """The signature; in a dry run as many zeros."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), _HASHES[digest_algorithm]())


_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def load_certificate(text: bytes) -> asn1_x509.Certificate:
    """A certificate from PEM."""
    _, _, der = pem.unarmor(text)
    return asn1_x509.Certificate.load(der)


def generate_key_file(name: str, at: datetime | None = None, suite: str = DEFAULT) -> str:
    """The text of a new file; the certificate names `name` and is signed by itself: a city has its
    own certified. Raises StatementFault JF-V008."""
    fields = {"statement": generate_statement_key(suite), "older": []}
    return json.dumps(fields | generate_seal(name, at), indent=1)


def generate_seal(name: str, at: datetime | None = None) -> dict[str, str]:
    """A new key that seals PDF files, and its certificate, in PEM."""
    seal = rsa.generate_private_key(public_exponent=65_537, key_size=3072)
    certificate = _build_certificate(seal, name, at or datetime.now(UTC))
    return {
        "seal": seal.private_bytes(_PEM, *_PLAIN).decode(),
        "certificate": certificate.public_bytes(_PEM).decode(),
    }


def _build_certificate(key: rsa.RSAPrivateKey, name: str, at: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = {"digital_signature": True, "content_commitment": True}
    denied_usages = (
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
    )
    usage |= dict.fromkeys((*denied_usages, "encipher_only", "decipher_only"), False)
    builder = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number()
    )
    builder = builder.not_valid_before(at - timedelta(days=1))
    builder = builder.not_valid_after(at + timedelta(days=365 * YEARS))
    builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    return builder.sign(key, hashes.SHA256())


def _get_key_path() -> Path:
    return Path(settings.JIFEN_NOTICE_KEYS)


def _read_or_create_key_file(path: Path) -> KeyFile:
    if not path.exists():
        if settings.JIFEN_MODE == "production":
            raise ImproperlyConfigured(
                f"JIFEN_NOTICE_KEYS names no file ({path}), and production makes no keys by "
                "itself: write one with `jifen keys notices FILE`, keep a copy apart from the "
                "database, or name a class of your own in JIFEN_NOTICE_SIGNER."
            )
        write_once(path, generate_key_file(_NAMES[settings.JIFEN_MODE], suite=settings.JIFEN_SUITE))
    return _read_key_file(path)


_NAMES = {"sandbox": "沙盒·无法律效力 (Jifen sandbox)", "embedded": "Jifen 积分"}


def _read_key_file(path: Path) -> KeyFile:
    try:
        fields: Any = json.loads(path.read_text(encoding="utf-8"))
        statement = load_private_key(fields["statement"])
        others = [load_public_key(text) for text in fields["older"]]
        if "announced" in fields:
            others.insert(0, public_half(load_private_key(fields["announced"])))
        key_file = KeyFile(statement, others, _load_seal(fields["seal"], fields["certificate"]))
    except StatementFault as fault:
        raise ImproperlyConfigured(f"{path}: {fault.words.zh}\n{path}: {fault}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        raise ImproperlyConfigured(
            f"{path} is not a file of the keys of notices ({type(error).__name__}); expected what "
            "`jifen keys notices FILE` writes. Restore it from its backup: with other keys, "
            "notices given out before can no longer be checked."
        ) from None
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others: chmod 600 {path.name}")
    return key_file


def _load_seal(key: str, certificate: str) -> LoadedSeal:
    loaded = serialization.load_pem_private_key(key.encode(), password=None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise ValueError("an RSA key was expected; for another kind write a signer of your own")
    return LoadedSeal(loaded, load_certificate(certificate.encode()))


def _still_checks_old_signatures(old: KeyFile, new: KeyFile) -> bool:
    """Whether what the key in use signed can still be checked."""
    return public_half(old.statement) in (public_half(new.statement), *new.others)


key_file = ReloadedFile(_get_key_path, _read_or_create_key_file, _still_checks_old_signatures)
"""The keys of the file of this installation. Raises ImproperlyConfigured."""
