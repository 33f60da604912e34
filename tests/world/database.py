"""Fixtures of every test that uses the database of the office."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as site
from django.core.signals import setting_changed
from django.db import connection

from jifen.office.audit.triggers import add_triggers, drop_triggers
from jifen.office.vault.keys import keys
from tests.world.snapshots import HISTORY

APPEND_ONLY = (
    "audit_entry",
    "audit_digest",
    "audit_access",
    "casework_edit",
    "casework_review",
    "casework_event",
    "registry_permitevent",
    "lists_publiclist",
    "lists_runplace",
    "lists_entryevent",
    "notices_notice",
    "notices_revocation",
    "notices_removed",
    "notices_sheet",
    "notices_opening",
    "notices_lookup",
    "workshop_revision",
    "workshop_measuretext",
    "workshop_casefinding",
    "consultation_moderation",
)

NOT_OF_STORIES = (
    "allauth.",
    "django.utils.timezone.localdate",
    "jifen.office.accounts.signin.middleware",
    "jifen.office.web.",
)
"""Patches that change nothing of what the functions of `tests.world` do."""

_MADE = set[str]()


@pytest.fixture(autouse=True, scope="session")
def own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests seal with keys of their own, and keep documents in a folder of their own. Two conftests
    ask for it; the second has the same."""
    if "own" in _MADE:
        yield
        return
    _MADE.add("own")
    folder = tmp_path_factory.mktemp("office")
    storages: Any = site.STORAGES
    where = storages["documents"]["OPTIONS"]
    kept = site.JIFEN_KEYS, site.JIFEN_NOTICE_KEYS, where["location"]
    site.JIFEN_KEYS = str(folder / "keys.json")
    site.JIFEN_NOTICE_KEYS = str(folder / "notice-keys.json")
    where["location"] = str(folder / "documents")
    site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    keys.cache_clear()
    yield
    _MADE.discard("own")
    site.JIFEN_KEYS, site.JIFEN_NOTICE_KEYS, where["location"] = kept


@pytest.fixture(autouse=True, scope="session")
def watched_changes() -> Iterator[None]:
    """A changed setting or a patched function may change what a story does, unless it is of the
    pages, which no story opens; the day of the office is part of what a story is known by."""
    plain = pytest.MonkeyPatch.setattr

    def setattr_and_forget(self: Any, target: Any, *args: Any, **kwargs: Any) -> None:
        if not str(getattr(target, "__name__", target)).startswith(NOT_OF_STORIES):
            HISTORY.forget()
        plain(self, target, *args, **kwargs)

    setting_changed.connect(HISTORY.forget)
    pytest.MonkeyPatch.setattr = setattr_and_forget  # type: ignore[method-assign]
    yield
    pytest.MonkeyPatch.setattr = plain  # type: ignore[method-assign]
    setting_changed.disconnect(HISTORY.forget)


@pytest.fixture(autouse=True)
def history() -> None:
    """Each test begins with nothing told."""
    HISTORY.begin()


@pytest.fixture(autouse=True, scope="session")
def flush_past_triggers() -> Iterator[None]:
    """Emptying the tables after a test that commits is the one time that the log may be deleted."""
    kind = type(connection.ops)
    plain = kind.execute_sql_flush

    def flush(ops: Any, statements: Any) -> None:
        with ops.connection.schema_editor() as schema:
            drop_triggers(schema, APPEND_ONLY)
        plain(ops, statements)
        with ops.connection.schema_editor() as schema:
            drop_triggers(schema, APPEND_ONLY)
            add_triggers(schema, APPEND_ONLY)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "execute_sql_flush", flush)
        yield
