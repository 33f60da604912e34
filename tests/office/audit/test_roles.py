"""Two roles of a real PostgreSQL: that of the site adds to the log, and can undo none of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone
from typer.testing import CliRunner

from jifen.cli.app import app
from jifen.office.audit.accesses import record_read
from jifen.office.audit.actions import record
from jifen.office.audit.digests import sign_day
from jifen.office.audit.models import Access, Entry
from jifen.office.audit.roles import current_role, grant_application_rights, refuse_application
from jifen.office.audit.sealing import seal_portion
from jifen.office.audit.verification import verify_log
from jifen.office.operate import open_migrations as migrations
from jifen.office.sandbox.seed import seed_sandbox
from jifen.office.site import command
from jifen.office.site.start_advice import log_weaknesses
from jifen.office.site.worker_steps import QUICK_STEPS, SLOW_STEPS

COMMITS = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Iterator[str]:
    """The role of the site, with what it needs: one for each database, since roles are the
    server's and several databases are tested at once."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    role = f"site_of_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {role}")
        cursor.execute(f"CREATE ROLE {role} LOGIN")
    assert refuse_application(role) is None
    assert grant_application_rights(role) > 60
    yield role
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """All that Django does is done by a role."""
    own = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = own


def attempt(role: str, statement: str) -> str:
    """What PostgreSQL says to it; '' where it does it."""
    said = connection.settings_dict
    place: dict[str, Any] = {"host": said["HOST"], "dbname": said["NAME"], "user": role}
    with psycopg.connect(**place) as line:
        try:
            line.execute(statement)
        except psycopg.Error as error:
            line.rollback()
            return str(error)
    return ""


TAKEN_AWAY = {
    "DELETE FROM {0}": "permission denied for table {0}",
    "TRUNCATE {0}": "permission denied for table {0}",
    "UPDATE {0} SET at_or_day = NULL": "permission denied for table {0}",
    "DROP TABLE {0}": "must be owner of table {0}",
    "DROP TRIGGER {0}_no_delete ON {0}": "must be owner of relation {0}",
    "ALTER TABLE {0} DISABLE TRIGGER ALL": "must be owner of table {0}",
    "ALTER TABLE {0} OWNER TO CURRENT_USER": "must be owner of table {0}",
    "CREATE TRIGGER x BEFORE INSERT ON {0} EXECUTE FUNCTION f()": "permission denied",
    "CREATE RULE x AS ON INSERT TO {0} DO INSTEAD NOTHING": "must be owner of",
    "LOCK TABLE {0} IN ACCESS EXCLUSIVE MODE": "permission denied for table {0}",
}
FURTHER = {
    "SET session_replication_role = replica": "permission denied to set parameter",
    "CREATE TABLE mine (x int)": "permission denied for schema public",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'": "permission denied",
    "ALTER FUNCTION jifen_append_only() RENAME TO other": "must be owner of function",
    "DROP FUNCTION jifen_append_only() CASCADE": "must be owner of function",
    "SET ROLE postgres": "permission denied to set role",
    "DELETE FROM accounts_installationmark": "permission denied for table",
    "UPDATE accounts_installationmark SET value = ''": "permission denied for table",
    "DELETE FROM audit_head": "permission denied for table audit_head",
    "DELETE FROM django_migrations": "permission denied for table",
    "DELETE FROM casework_event": "permission denied for table casework_event",
    "SELECT jifen_wait_for_writers('accounts_user')": "accounts_user is not append-only",
}


@COMMITS
@pytest.mark.parametrize("table", ["audit_entry", "audit_access", "audit_digest"])
def test_the_site_takes_nothing_away_from_the_log(site: str, table: str) -> None:
    for statement, answer in TAKEN_AWAY.items():
        column = "made_at" if table == "audit_digest" else "at"
        said = statement.format(table).replace("at_or_day", column)
        assert answer.format(table) in attempt(site, said), said


@COMMITS
def test_the_site_gets_no_further_rights(site: str) -> None:
    for statement, answer in FURTHER.items():
        assert answer in attempt(site, statement), statement


@COMMITS
def test_others_may_not_even_wait_for_writers(site: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE jifen_other LOGIN")
    try:
        told = attempt("jifen_other", "SELECT jifen_wait_for_writers('public.audit_entry')")
        assert "permission denied" in told
        assert "permission denied" in attempt("jifen_other", "SELECT * FROM audit_entry")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE jifen_other")


@COMMITS
def test_a_temporary_table_of_the_site_does_not_stand_in_for_those_of_the_server(
    site: str,
) -> None:
    """The function that locks runs with the rights of the owner, and looks in its own places."""
    trick = (
        "CREATE TEMP TABLE pg_trigger AS SELECT * FROM pg_catalog.pg_trigger; "
        "UPDATE pg_temp.pg_trigger SET tgrelid = 'accounts_user'::regclass; "
        "SELECT jifen_wait_for_writers('accounts_user')"
    )
    assert "accounts_user is not append-only" in attempt(site, trick)


@COMMITS
def test_the_site_does_all_its_work_with_these_rights(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every state of a case, every step of the worker, the start, and the log proven whole."""
    today, tomorrow = timezone.localdate(), timezone.now() + timedelta(days=1)
    with connected_as(site):
        assert current_role() == (site, False)
        command.migrate_database()
        assert seed_sandbox()
        record_read("user:1", "application:1", "case")
        for step in (*QUICK_STEPS, *SLOW_STEPS):
            step(timezone.now())
        assert seal_portion() > 0
        monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
        assert sign_day(today) is not None
        assert verify_log()[1] == []
    assert Access.objects.filter(act="read").exists()
    assert Entry.objects.count() > 100


@COMMITS
def test_the_log_says_which_trigger_the_owner_switched_off(site: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_delete")
    try:
        (told,) = verify_log()[1]
        assert told.code == "JF-J005"
        assert told.why == "the trigger audit_entry_no_delete is gone or switched off"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_no_delete")


# ------------------------------------------------------------------------------------ what is told


@COMMITS
def test_a_start_as_the_owner_is_told_in_production(
    site: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert log_weaknesses() == []
    monkeypatch.setattr(settings, "JIFEN_MODE", "production")
    assert [one.code for one in log_weaknesses()] == ["JF-J008", "JF-J009"]
    assert "owns the tables of the log" in caplog.text
    assert "日志各表的所有者" in caplog.text
    with connected_as(site):
        assert [one.code for one in log_weaknesses()] == ["JF-J009"]


@COMMITS
def test_a_site_whose_database_is_behind_says_who_brings_it_up_to_date(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "list_open_migrations", lambda: ["one"])
    with (
        connected_as(site),
        pytest.raises(ImproperlyConfigured, match=f"jifen migrate --application {site}"),
    ):
        command.migrate_database()


@COMMITS
def test_retention_is_the_owners(site: str) -> None:
    with connected_as(site):
        done = CliRunner().invoke(app, ["retention", "--wet-run"])
        listed = CliRunner().invoke(app, ["retention"])
    assert done.exit_code == 2
    assert "JF-J008" in done.stderr
    assert "with the DATABASE_URL of the owner" in done.stderr
    assert (listed.exit_code, listed.stdout) == (0, "0 would be removed\n")


@COMMITS
def test_a_role_that_cannot_be_that_of_the_site_is_refused(site: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE jifen_like_owner LOGIN")
        cursor.execute("GRANT postgres TO jifen_like_owner")
    try:
        for role, words in (
            ("nobody_of_tests", "there is no role 'nobody_of_tests'"),
            ("postgres", "the role 'postgres' has the rights of the owner"),
            ("jifen_like_owner", "has the rights of the owner"),
        ):
            refused = refuse_application(role)
            assert refused is not None
            assert words in refused.why
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE jifen_like_owner")
    with connected_as(site):
        refused = refuse_application(site)
    assert refused is not None
    assert f"the role '{site}' of DATABASE_URL does not own the tables" in refused.why


@COMMITS
def test_the_owner_migrates_and_gives_the_rights(site: str) -> None:
    done = CliRunner().invoke(app, ["migrate", "--application", site])
    assert done.exit_code == 0
    assert "rights to" in done.stdout
    wrong = CliRunner().invoke(app, ["migrate", "--application", "nobody_of_tests"])
    assert (wrong.exit_code, "CREATE ROLE nobody_of_tests" in wrong.stderr) == (2, True)


@pytest.mark.django_db
def test_a_database_in_a_file_has_no_roles() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL has roles")
    done = CliRunner().invoke(app, ["migrate", "--application", "site"])
    assert done.exit_code == 2
    assert "JF-J008" in done.stderr
    assert "this database has no roles" in done.stderr
    with transaction.atomic():
        record("act", actor="user:1")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_entry_no_delete")
    assert [one.code for one in verify_log()[1]] == ["JF-J005"]
