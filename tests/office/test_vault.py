"""What is sealed cannot be read, moved or changed without it showing."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from jifen.office.registry.models import Person
from jifen.office.vault.keys import Keys, keys, new_keys
from jifen.office.vault.masks import mask_identity, mask_name, mask_phone
from jifen.office.vault.names import list_masks, normalize_name
from jifen.office.vault.seal import Unreadable, blind_index, seal, unseal
from tests.world.office import identity, person


def test_sealed_text_is_read_at_its_own_place_only() -> None:
    sealed = seal("310101199001011234", "a.b")
    assert "3101" not in sealed
    assert unseal(sealed, "a.b") == "310101199001011234"
    with pytest.raises(Unreadable):
        unseal(sealed, "a.c")
    with pytest.raises(Unreadable):
        unseal(sealed[:-6] + "AAAAAA", "a.b")
    assert seal("x", "a") != seal("x", "a"), "no two look alike"


def test_an_older_key_still_reads_what_it_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed, held = seal("x", "a"), keys()
    both = Keys({**held.seal, "k2": b"2" * 32}, "k2", held.index, held.sign)
    monkeypatch.setattr("jifen.office.vault.seal.keys", lambda: both)
    assert unseal(sealed, "a") == "x"
    assert seal("x", "a").startswith("k2.")


@pytest.mark.django_db
def test_the_database_holds_no_identity_number_and_finds_by_it() -> None:
    made = person(1, phone="13812345678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity, identity_index, phone FROM registry_person")
        row = " ".join(cursor.fetchone())
    assert identity(1) not in row
    assert "13812345678" not in row
    found = Person.objects.get(identity_index=blind_index(identity(1), "identity"))
    assert (found.pk, found.identity, found.phone) == (made.pk, identity(1), "13812345678")
    with pytest.raises(TypeError, match="blind index"):
        Person.objects.filter(identity=identity(1)).exists()


def test_masks_show_little() -> None:
    assert mask_identity("310101199001011234") == "310101********1234"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_name("欧阳小明") == "欧***"


def test_a_file_of_keys_that_others_can_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(new_keys(), encoding="utf-8")
    file.chmod(0o644)
    monkeypatch.setattr(settings, "JIFEN_KEYS", str(file))
    keys.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="can be read by others"):
        keys()
    file.chmod(0o600)
    assert keys().current == "k1"
    file.write_text("{}", encoding="utf-8")
    keys.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="is not a file of keys"):
        keys()
    monkeypatch.setattr(settings, "JIFEN_KEYS", str(tmp_path / "none.json"))
    monkeypatch.setattr(settings, "JIFEN_MODE", "production")
    with pytest.raises(ImproperlyConfigured, match="names no file"):
        keys()
    monkeypatch.undo()
    keys.cache_clear()


@pytest.mark.parametrize("typed", ["John Smith", "JOHN SMITH", "john smith", " john  smith "])
def test_a_typed_name_is_found_under_its_mask_in_any_case(typed: str) -> None:
    assert mask_name("John Smith") in list_masks(typed)


@pytest.mark.parametrize(
    "typed", ["阿卜杜拉·买买提", "阿卜杜拉•买买提", "阿卜杜拉 · 买买提", "阿*******"]
)
def test_a_typed_name_is_found_under_its_mask_whatever_its_dot(typed: str) -> None:
    assert mask_name("阿卜杜拉·买买提") in list_masks(typed)


def test_no_name_and_stars_alone_have_no_mask() -> None:
    assert list_masks("") == list_masks("  ") == list_masks("***") == set()


def test_one_name_is_written_one_way() -> None:
    ways = ["阿卜杜拉·买买提", "阿卜杜拉•买买提", "阿卜杜拉．买买提", "阿卜杜拉 ・买买提"]
    assert {normalize_name(way) for way in ways} == {"阿卜杜拉·买买提"}
    assert normalize_name("王小明") != normalize_name("王小名")
