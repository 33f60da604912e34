"""The examples that the standards print: SM2, SM3 and SM4 are those of everybody else."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SM3, Hash
from hypothesis import given
from hypothesis import strategies as st

from jifen.office.vault import ciphers
from jifen.statements.sm2 import Sm2PublicKey, generate_key, read_private_key, read_public_key

# GB/T 32918.5-2017, annex A.2
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
X = 0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
Y = 0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
MESSAGE = b"message digest"


def test_the_signature_of_the_standard_is_genuine() -> None:
    key = Sm2PublicKey(X, Y)
    assert key.is_signed(MESSAGE, SIGNATURE)
    assert not key.is_signed(b"message digesu", SIGNATURE)


def test_the_key_of_the_standard_signs() -> None:
    key = read_private_key(SECRET, Sm2PublicKey(X, Y).to_bytes())
    assert key.public_key.is_signed(MESSAGE, key.sign(MESSAGE))


def test_sm3_of_the_standard() -> None:
    """GB/T 32905-2016, annex A.1."""
    digest = Hash(SM3())
    digest.update(b"abc")
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest.finalize().hex() == expected


def test_sm4_gcm_of_the_standard() -> None:
    """RFC 8998, appendix A.1; its additional data are bytes that no place of ours has."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    plain = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = bytes.fromhex(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
    )
    tag = bytes.fromhex("83DE3541E4C2B58177E065A9BF7B62EC")

    class Place(str):
        """The additional data of the example, as the cipher asks for them."""

        def encode(self, *_: str) -> bytes:
            return bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")

    assert ciphers.decrypt(ciphers.SM4, key, nonce + sealed + tag, Place()) == plain


@given(st.binary(max_size=300), st.text(max_size=20), st.data())
def test_what_sm4_seals_is_opened_whole_or_not_at_all(
    content: bytes, place: str, data: st.DataObject
) -> None:
    key = ciphers.generate_key(ciphers.SM4)
    sealed = ciphers.encrypt(ciphers.SM4, key, content, place)
    assert ciphers.decrypt(ciphers.SM4, key, sealed, place) == content
    at = data.draw(st.integers(0, len(sealed) - 1))
    altered = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
    for broken, where in ((altered, place), (sealed[:at], place), (sealed, f"{place}.")):
        with pytest.raises((InvalidTag, ValueError)):
            ciphers.decrypt(ciphers.SM4, key, broken, where)


@given(st.binary(max_size=200), st.integers(0, 511))
def test_one_bit_makes_a_signature_a_forgery(message: bytes, bit: int) -> None:
    key = generate_key()
    signature = key.sign(message)
    assert key.public_key.is_signed(message, signature)
    altered = (int.from_bytes(signature, "big") ^ (1 << bit)).to_bytes(64, "big")
    assert not key.public_key.is_signed(message, altered)
    assert not generate_key().public_key.is_signed(message, signature)


@pytest.mark.parametrize("raw", [bytes(64), b"\x01" * 64, b"\xff" * 64, b"short"])
def test_a_point_beside_the_curve_is_no_key(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"SM2|64 bytes"):
        read_public_key(raw)


def test_two_halves_that_do_not_fit_are_no_key() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        read_private_key(SECRET, generate_key().public_key.to_bytes())
