"""Typing a public credit code first is not owning it: a clerk decides between the claims."""

import threading
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.documents.actions import store_document
from jifen.office.registry.actions import units
from jifen.office.registry.faults import RegistryFault
from jifen.office.registry.models import Unit
from tests.world.browser import give_phone
from tests.world.faults import refused
from tests.world.office import credit_code, photo, staff, user

pytestmark = pytest.mark.django_db
CODE = credit_code(1)


def registered(by: User, name: str = "张江软件", kind: str = "employer") -> Unit:
    said = units.Particulars(
        name, "pudong", "碧波路 1 号", store_document(photo(), "licence.jpg", by)
    )
    return units.register_unit(by, kind, "shanghai", CODE, said)


def decide(clerk: User, unit: Unit, *, confirm: bool) -> None:
    units.review_unit(clerk, unit.versions.get(), confirm=confirm, words="执照不符")
    unit.refresh_from_db()


CONFIRMED_ALREADY = (
    "此代码已有核实的单位，不能再核实另一个登记。请核对执照后不通过，并告知可由该单位管理员邀请加入；"
    "如原登记系冒名，请先处理原登记。",
    "A unit with this code is confirmed already, so this registration cannot be. Compare the "
    "licences and refuse it, saying that the unit's administrator can send an invitation; if the "
    "confirmed one is false, deal with that one first.",
)


def test_whoever_types_a_code_first_does_not_shut_out_the_unit() -> None:
    squatter, boss, clerk = user("squatter"), user("boss"), staff("clerk", "clerk")
    first, second = registered(squatter, "占号公司"), registered(boss)
    assert list(units.list_other_claims(second)) == [first]
    decide(clerk, second, confirm=True)
    assert second.state == "confirmed"
    with refused("JF-G049", *CONFIRMED_ALREADY):
        decide(clerk, first, confirm=True)
    decide(clerk, first, confirm=False)
    assert first.state == "refused"


def test_the_clerk_sees_who_else_claims_the_code_and_a_newcomer_does_not() -> None:
    squatter, boss, clerk = user("squatter"), user("boss"), staff("clerk", "clerk")
    give_phone(clerk)
    first = registered(squatter, "占号公司")
    client = Client()
    client.force_login(boss)
    form = {"kind": "employer", "credit_code": CODE, "name": "张江软件", "district": "pudong"}
    form |= {"address": "碧波路 1 号"}
    with_file: dict[str, Any] = form | {"licence": _file()}
    answer = client.post("/units/new/shanghai", with_file)
    second = Unit.objects.exclude(pk=first.pk).get()
    assert answer.headers["Location"] == f"/units/{second.pk}"
    assert "占号公司" not in client.get(f"/units/{second.pk}").content.decode()
    at_the_desk = Client()
    at_the_desk.force_login(clerk)
    page = at_the_desk.get(f"/units/{second.pk}/review").content.decode()
    assert "同一代码的其他登记" in page
    assert "占号公司" in page
    assert "squatter" in page


def _file() -> Any:
    file = BytesIO(photo())
    file.name = "licence.jpg"
    return file


def test_a_claim_on_a_confirmed_code_goes_to_a_clerk_too() -> None:
    owner, other, clerk = user("owner"), user("other"), staff("clerk", "clerk")
    decide(clerk, registered(owner), confirm=True)
    claim = registered(other)
    assert claim.state == "submitted"
    decide(clerk, claim, confirm=False)
    assert registered(other).state == "submitted", "who was refused may register again"


def test_a_claim_is_no_agency_that_could_be_given_a_mandate() -> None:
    squatter, boss, clerk = user("squatter"), user("boss"), staff("clerk", "clerk")
    registered(squatter, kind="agency")
    own = units.register_unit(
        boss,
        "employer",
        "shanghai",
        credit_code(2),
        units.Particulars("雇主", "pudong", "路 1 号", store_document(photo("red"), "a.jpg", boss)),
    )
    decide(clerk, own, confirm=True)
    client = Client()
    client.force_login(boss)
    client.post(f"/units/{own.pk}/mandates", {"credit_code": CODE})
    assert not own.mandates_given.exists()


def test_the_database_holds_one_confirmed_unit_of_a_code() -> None:
    registered(user("one"))
    registered(user("two"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.update(state="confirmed")


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_confirm_two_claims_at_once_confirm_one() -> None:
    claims = [registered(user("one")), registered(user("two"))]
    clerks = [staff("clerk", "clerk"), staff("clerk2", "clerk")]
    ready, codes = threading.Barrier(2), list[str]()

    def confirm(number: int) -> None:
        ready.wait()
        try:
            decide(clerks[number], claims[number], confirm=True)
        except RegistryFault as fault:
            codes.append(fault.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["JF-G049"]
    assert Unit.objects.filter(state="confirmed").count() == 1


@pytest.mark.parametrize("district", ["", "atlantis", "wuhou"])
def test_a_district_that_the_city_does_not_have_is_refused(district: str) -> None:
    boss = user("boss")
    said = units.Particulars(
        "张江软件", district, "路 1 号", store_document(photo(), "a.jpg", boss)
    )
    with refused("JF-G004", "请选择所在区。", "Choose the district.", "district"):
        units.register_unit(boss, "employer", "shanghai", CODE, said)
    assert not Unit.objects.exists()
