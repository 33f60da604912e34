"""Checks of everything that the site needs, for its administrator.

Each check looks at one thing and returns one `Finding`; `run_checks` runs them all, and `jifen
doctor` prints the findings.
"""

from collections.abc import Iterator

from jifen.office.operate.doctor import basics, cryptography, services, workers
from jifen.office.operate.doctor.findings import Check, DoctorFinding

FIRST: tuple[Check, ...] = (basics.check_database, basics.check_migrations)
"""If one of these fails, the others would fail for the same reason and are left out."""
OTHERS: tuple[Check, ...] = (
    basics.check_keys,
    basics.check_notice_keys,
    cryptography.check_cryptography,
    basics.check_documents,
    basics.check_disk_space,
    basics.check_log,
    basics.check_clock,
    basics.check_holidays,
    basics.check_notice_fonts,
    basics.check_backup_programs,
    workers.check_workers,
    services.check_scanner,
    services.check_mail,
    services.check_sms_gateway,
    services.check_registers,
    services.check_identity_provider,
)


def run_checks() -> Iterator[DoctorFinding]:
    """One finding a check, in order. After a fault of the first ones the others are left out."""
    for check in FIRST:
        finding = check()
        yield finding
        if finding.is_fault:
            return
    yield from (check() for check in OTHERS)
