"""Other keys to look up by, to sign with and to seal notices: found before and after, and what was
signed stays verifiable."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from jifen.office.accounts.models import InstallationMark
from jifen.office.audit import digests as log
from jifen.office.audit.models import Digest, Entry
from jifen.office.audit.verification import verify_log
from jifen.office.messages.channels.port import OutgoingMessage
from jifen.office.messages.channels.providers import PHONE, SmsOutbox
from jifen.office.messages.models import OutboxSms
from jifen.office.notices import key_consistency
from jifen.office.notices.actions import printing
from jifen.office.notices.key_file import key_file
from jifen.office.registry.actions import ties
from jifen.office.registry.actions.people import find_or_add_person
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Person, RegisterEntry
from jifen.office.registry.models.people import identity_index
from jifen.office.registry.registers import BUSINESS, CREDIT_CODE, EmbeddedTables
from jifen.office.site.rotation import steps
from jifen.office.site.rotation.lock import CannotRotate
from jifen.office.site.start_checks import refuse_wrong_start
from jifen.office.vault.keys import keys
from jifen.office.vault.seal import blind_index
from jifen.statements.check import check_statement
from jifen.statements.keys import read_key_list
from tests.world.notice import City
from tests.world.office import credit_code, identity, person, staff, today, unit
from tests.world.rotations import rotate

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(own: Path) -> City:
    del own
    return City()


def written(name: str = "JIFEN_KEYS") -> Any:
    return json.loads(Path(getattr(site, name)).read_text())


def entered(register: str, index: str, **facts: Any) -> RegisterEntry:
    return RegisterEntry.objects.create(
        register=register, city="shanghai", key_index=index, facts=facts, as_of=today()
    )


# ------------------------------------------------------------------------------- to look people up


def test_people_are_found_before_and_after_and_never_added_twice(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, somebody = staff("clerk", "clerk"), person(1)
    entered("insurance", somebody.identity_index, months=12)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "reindex_all", lambda _: (0, ["stopped here"]))
        rotate("index")
    assert somebody.identity_index != identity_index(identity(1)), "not indexed anew yet"
    assert find_or_add_person(clerk, identity(1), "王小明") == somebody
    answer = EmbeddedTables().ask("insurance", "shanghai", somebody)
    assert answer is not None
    code = ties.hand_over_code(clerk, identity(1), "王小明")[1]
    assert rotate("index").done == 1
    somebody.refresh_from_db()
    assert somebody.identity_index == identity_index(identity(1))
    assert find_or_add_person(clerk, identity(1), "王小明") == somebody
    assert EmbeddedTables().ask("insurance", "shanghai", somebody) == answer
    assert RegisterEntry.objects.get().key_index == somebody.identity_index
    assert Person.objects.count() == 1
    assert ties.tie_by_code(clerk_account(), identity(1), "王小明", code, "127.0.0.1") == somebody
    refuse_wrong_start()


def clerk_account() -> Any:
    return staff("somebody", "analyst")


def test_a_code_from_before_ties_and_a_wrong_one_does_not(own: Path) -> None:
    clerk = staff("clerk", "clerk")
    somebody, code = ties.hand_over_code(clerk, identity(1), "王小明")
    rotate("index")
    with pytest.raises(RegistryFault, match="JF-G024"):
        ties.tie_by_code(clerk_account(), identity(1), "王小明", "ABCD-EFGH", "127.0.0.1")
    user = staff("other", "analyst")
    assert ties.tie_by_code(user, identity(1), "王小明", code, "127.0.0.1") == somebody


def test_units_are_found_in_their_register_before_and_after(own: Path) -> None:
    unit(1)
    entered(BUSINESS, blind_index(credit_code(1), CREDIT_CODE), name="在册")
    entered(BUSINESS, blind_index(credit_code(2), CREDIT_CODE), name="不在册")
    rotate("index")
    held = EmbeddedTables()
    assert held.look_up("shanghai", credit_code(1)) == {"name": "在册"}
    assert held.look_up("shanghai", credit_code(2)) == {"name": "不在册"}, "by the older key"
    current = blind_index(credit_code(1), CREDIT_CODE)
    assert RegisterEntry.objects.filter(key_index=current).exists()


def test_the_outbox_is_indexed_anew(own: Path) -> None:
    SmsOutbox().send(
        OutgoingMessage("6c7a0c1e-0000-4000-8000-000000000001", "13812345678", "", "您好")
    )
    rotate("index")
    assert OutboxSms.objects.get().phone_index == blind_index("13812345678", PHONE)


def test_two_rows_of_one_number_are_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = person(1)
    with monkeypatch.context() as patch:
        patch.setattr(steps, "reindex_all", lambda _: (0, ["stopped here"]))
        rotate("index")
    second = person(1)
    assert rotate("index").faults == [
        f"person {first.pk}: person {second.pk} has the same identity number; unite the two rows"
    ]
    assert "index" in written()["used"]


def test_a_file_without_the_new_key_to_look_up_by_stops_the_start(own: Path) -> None:
    person(1)
    refuse_wrong_start()
    before = Path(site.JIFEN_KEYS).read_bytes()
    rotate("index")
    Path(site.JIFEN_KEYS).write_bytes(before)
    keys.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="key to look up by differs or is missing"):
        refuse_wrong_start()


# ------------------------------------------------------------------------------------ to sign with


def signed_day(days_ago: int) -> Digest:
    digest = log.sign_day(today() - timedelta(days=days_ago))
    assert digest is not None
    return digest


def test_digests_signed_before_stay_verifiable(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = staff("clerk", "clerk")
    for number, days_ago in ((1, 5), (2, 2)):
        past = timezone.now() - timedelta(days=days_ago)
        with monkeypatch.context() as patch:
            patch.setattr("jifen.office.audit.actions.timezone.now", lambda past=past: past)
            find_or_add_person(clerk, identity(number), f"人{number}")
    first = signed_day(3)
    rotate("signature")
    second = signed_day(1)
    assert (first.key_id, second.key_id) == ("s1", "s2")
    assert verify_log() == (Entry.objects.count(), [])
    changed = written()
    changed["older_sign"] = {}
    Path(site.JIFEN_KEYS).write_text(json.dumps(changed))
    keys.cache_clear()
    (broken,) = verify_log()[1]
    assert broken.why == f"the digest of {first.day} is not signed by this key"


def test_the_private_half_of_a_replaced_key_is_gone(own: Path) -> None:
    before = written()["sign"]
    rotate("signature")
    assert before not in Path(site.JIFEN_KEYS).read_text()
    assert set(keys().other_sign) == {"s1"}


def test_a_file_without_the_older_signature_stops_the_start(own: Path) -> None:
    refuse_wrong_start()
    rotate("signature")
    refuse_wrong_start()
    Path(site.JIFEN_KEYS).write_text(json.dumps(written() | {"older_sign": {}}))
    keys.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="key to sign s1 differs or is missing"):
        refuse_wrong_start()


# --------------------------------------------------------------------------------------- notices


def published() -> Any:
    return read_key_list(Client().get("/v/keys.json").content)


def test_a_notice_from_before_is_valid_under_a_new_key_of_statements(city: City) -> None:
    statement = city.notice.sheet.statement
    old_list = published()
    rotate("statement")
    assert check_statement(statement, published(), today()).state == "valid"
    fresh = printing.render_signed_pdf(city.notice)[1]
    assert fresh.split(".")[0] != statement.split(".")[0]
    assert check_statement(fresh, published(), today()).state == "valid"
    assert check_statement(fresh, old_list, today()).state != "valid", (
        "the list is to be downloaded anew"
    )
    assert list(key_consistency.find_key_problems()) == []


def test_an_announced_key_is_published_and_signs_nothing(city: City) -> None:
    statement = city.notice.sheet.statement
    rotate("statement", announce_only=True)
    ahead = published()
    assert len(ahead) == 2
    assert printing.render_signed_pdf(city.notice)[1] == statement
    rotate("statement")
    fresh = printing.render_signed_pdf(city.notice)[1]
    assert check_statement(fresh, ahead, today()).state == "valid", (
        "who had the list could check at once"
    )


def test_a_new_seal_names_the_office_and_the_older_certificate_is_kept(city: City) -> None:
    before = written("JIFEN_NOTICE_KEYS")["certificate"]
    old = city.notice.sheet.seal
    rotate("certificate", name="浦东新区")
    assert printing.render_signed_pdf(city.notice)[2] != old
    assert written("JIFEN_NOTICE_KEYS")["older_certificates"] == [before]
    assert b"Sig" in printing.read_pdf(city.notice.sheet), "what was printed is as it was"


@pytest.mark.parametrize("kind", ["statement", "other file"])
def test_other_keys_of_notices_stop_the_start(own: Path, kind: str) -> None:
    refuse_wrong_start()
    path = Path(site.JIFEN_NOTICE_KEYS)
    before = path.read_bytes()
    if kind == "statement":
        rotate("statement")
        path.write_bytes(before)
    else:
        path.unlink()  # the embedded mode makes another
    key_file.cache_clear()
    with pytest.raises(ImproperlyConfigured, match=r"notice-keys\.json is not the file of") as info:
        refuse_wrong_start()
    assert "restore it from its backup" in str(info.value)
    assert InstallationMark.objects.filter(name__startswith="key of notices").count() >= 1


def test_keys_of_another_class_are_rotated_there(own: Path, settings: Any) -> None:
    settings.JIFEN_NOTICE_SIGNER = "city.Hsm"
    with pytest.raises(CannotRotate, match=r"those of city\.Hsm: rotate them there"):
        rotate("statement")
