"""What an administrator asks before the public does: is everything there that the site needs?

Each check looks at one thing and gives one `Finding`; `examine` gives them all, and `jifen doctor`
prints them.
"""

from collections.abc import Iterator

from jifen.office.operate.doctor import basics, services
from jifen.office.operate.doctor.findings import Check, Finding

FIRST: tuple[Check, ...] = (basics.database, basics.migrations)
"""Without these the others would only show the same."""
OTHERS: tuple[Check, ...] = (
    basics.keys,
    basics.notice_keys,
    basics.documents,
    basics.room,
    basics.clock,
    basics.holidays,
    basics.fonts,
    basics.backup_programs,
    services.scanner,
    services.mail,
    services.sms,
    services.identity,
)


def examine() -> Iterator[Finding]:
    """One finding a check, in order. After a fault of the first ones the others are left out."""
    for check in FIRST:
        finding = check()
        yield finding
        if finding.is_fault:
            return
    yield from (check() for check in OTHERS)
