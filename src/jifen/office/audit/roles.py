"""Two roles on PostgreSQL: the owner of the tables, and the application, which can add to the log
but neither change nor delete what is in it, nor switch its triggers off."""

from typing import Any

from django.db import connection, transaction

from jifen.office.audit.faults import LogFault, build_log_fault

_INSERT_ONLY = ("accounts_installationmark",)
"""Tables whose rows are only inserted, beside those with triggers."""
_READ_ONLY, _UPDATED = ("django_migrations",), ("audit_head",)
_APPEND_ONLY = (
    "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE p.proname = 'jifen_append_only'"
)
_OWNS = (
    "SELECT current_user, r.rolsuper OR pg_has_role(current_user, c.relowner, 'MEMBER') "
    "FROM pg_roles r, pg_class c "
    "WHERE r.rolname = current_user AND c.oid = to_regclass('audit_entry')"
)
_RIGHTS = (
    "SELECT rolname = current_user OR rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') "
    "FROM pg_roles WHERE rolname = %s"
)


def current_role() -> tuple[str, bool]:
    """The role of this connection, and whether it has the rights of the owner of the log. Before
    the tables exist the role counts as owner. SQLite has no roles: ('', True)."""
    if connection.vendor != "postgresql":
        return "", True
    rows = _fetch_rows(_OWNS)
    if not rows:
        return str(_fetch_rows("SELECT current_user")[0][0]), True
    role, owns = rows[0]
    return str(role), bool(owns)


def refuse_removal() -> LogFault | None:
    """Why this connection cannot remove cases past their retention; None where it can."""
    role, owns = current_role()
    return None if owns else build_log_fault("JF-J008", "retention", role=role)


def refuse_resealing() -> LogFault | None:
    """Why this connection cannot seal anew what stands in append-only tables; None where it
    can."""
    role, owns = current_role()
    return None if owns else build_log_fault("JF-J008", "rotation", role=role)


def refuse_application(role: str) -> LogFault | None:
    """Why a role cannot be that of the application; None where it can."""
    if connection.vendor != "postgresql":
        return build_log_fault("JF-J008", "no_postgresql")
    own_role, owns = current_role()
    if not owns:
        return build_log_fault("JF-J008", "not_owner", role=own_role)
    rows = _fetch_rows(_RIGHTS, [role])
    if not rows:
        return build_log_fault("JF-J008", "no_role", role=role)
    return build_log_fault("JF-J008", "too_much", role=role) if rows[0][0] else None


def grant_application_rights(role: str) -> int:
    """Grant a role exactly the rights that the application needs to the existing tables. Returns
    the number of tables. It must be run again after each migration."""
    quoted = connection.ops.quote_name(role)
    append_only = {str(name) for (name,) in _fetch_rows(_APPEND_ONLY)} | set(_INSERT_ONLY)
    tables = connection.introspection.table_names()
    schema, database = map(str, _fetch_rows("SELECT current_schema(), current_database()")[0])
    place = connection.ops.quote_name(schema)
    statements = [
        f"GRANT CONNECT ON DATABASE {connection.ops.quote_name(database)} TO {quoted}",
        f"REVOKE CREATE ON SCHEMA {place} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {place} FROM {quoted}",
        f"GRANT USAGE ON SCHEMA {place} TO {quoted}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {place} FROM {quoted}, PUBLIC",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {place} TO {quoted}",
        "REVOKE ALL ON FUNCTION jifen_wait_for_writers(regclass) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION jifen_wait_for_writers(regclass) TO {quoted}",
    ]
    for table in tables:
        rights = _rights_to(table, append_only)
        statements.append(f"GRANT {rights} ON {connection.ops.quote_name(table)} TO {quoted}")
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return len(tables)


def _rights_to(table: str, append_only: set[str]) -> str:
    if table in _READ_ONLY:
        return "SELECT"
    if table in _UPDATED:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT" if table in append_only else "SELECT, INSERT, UPDATE, DELETE"


def _fetch_rows(statement: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
