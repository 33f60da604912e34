"""Roles of the staff are called by their names in the language of the page, never by their ids."""

import re

import pytest
from django.test import Client

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.role_names import ROLE_NAMES
from tests.world.browser import give_phone, show_factor
from tests.world.office import staff

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TAG = re.compile(r"<[^>]*>")
SCRIPT = re.compile(r"<(script|style).*?</\1>", re.DOTALL)


@pytest.fixture
def security(db: None) -> Client:
    """A security administrator of Shanghai, signed in, with colleagues of every role."""
    del db
    by = staff("security", "security_admin")
    for role in Role.values:
        if role != Role.SECURITY_ADMIN:
            department = "police" if role == Role.REVIEWER else ""
            staff(f"the {role}", role, department=department)
    give_phone(by)
    client = Client()
    client.force_login(by)
    show_factor(client, by)
    return client


def test_every_role_has_a_name_and_the_chinese_one_is_what_is_stored() -> None:
    assert {role: words.zh for role, words in ROLE_NAMES.items()} == {
        role: role.label for role in Role
    }
    assert not [words.en for words in ROLE_NAMES.values() if CHINESE.search(words.en)]


@pytest.mark.parametrize("page", ["/staff/", "/staff/accounts"])
def test_pages_of_the_staff_call_roles_by_name(security: Client, page: str) -> None:
    for lang in ("en", "zh"):
        shown = security.get(f"{page}?lang={lang}").content.decode()
        cells = TAG.sub("\n", SCRIPT.sub("", shown))
        for role, words in ROLE_NAMES.items():
            assert words("en" if lang == "en" else "zh") in cells, (lang, role)
            if "_" in role.value:
                assert role.value not in cells.replace(f"the {role.value}", ""), (lang, role)


@pytest.mark.parametrize("role", Role.values)
def test_ones_own_page_calls_a_role_by_name(role: str) -> None:
    who: User = staff("somebody", role, department="police" if role == Role.REVIEWER else "")
    give_phone(who)
    client = Client()
    client.force_login(who)
    english = client.get("/my/?lang=en").content.decode()
    assert ROLE_NAMES[Role(role)].en in english
    assert ROLE_NAMES[Role(role)].zh not in english
    assert ROLE_NAMES[Role(role)].zh in client.get("/my/?lang=zh").content.decode()
