"""The check of the cryptographic suite: what is configured, what the keys are of, what is there."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jifen.office.notices.keys import load_notice_keys
from jifen.office.operate.doctor.findings import DoctorFinding, build_finding
from jifen.office.vault.ciphers import CIPHER_OF_SUITE, NATIONAL, cipher_of, name_cipher
from jifen.office.vault.keys import keys
from jifen.statements.faults import StatementFault
from jifen.statements.keys import ES256, SM2, suite_of
from jifen.statements.sm2 import load_gmssl

_SIGNATURES = {ES256: "ES256 (P-256, SHA-256)", SM2: "SM2 (SM3)"}


def check_cryptography() -> DoctorFinding:
    """The keys in use are of the configured suite, and what the suite needs is installed."""
    if settings.JIFEN_SUITE == NATIONAL:
        try:
            load_gmssl()
        except StatementFault:
            return build_finding("cryptography", "fault", "missing")
    try:
        sealing, signing = keys().current, suite_of(load_notice_keys())
    except ImproperlyConfigured as error:
        return build_finding("cryptography", "fault", "unreadable", why=str(error))
    names = {"cipher": name_cipher(sealing), "signature": _SIGNATURES.get(signing, signing)}
    wanted = CIPHER_OF_SUITE[settings.JIFEN_SUITE]
    if cipher_of(sealing) != wanted or (signing == SM2) != (settings.JIFEN_SUITE == NATIONAL):
        return build_finding(
            "cryptography", "warning", "other", suite=settings.JIFEN_SUITE, **names
        )
    return build_finding("cryptography", "good", "fits", suite=settings.JIFEN_SUITE, **names)
