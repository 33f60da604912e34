"""One worker of the simulated office: goes through the day that stands in the file, again and
again, until it is killed."""

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path


def main() -> None:
    """Argv: the folder of the simulation, the number of this worker."""
    folder, number = Path(sys.argv[1]), sys.argv[2]
    os.environ["DJANGO_SETTINGS_MODULE"] = "jifen.office.site.settings"
    import django  # noqa: PLC0415

    django.setup()
    from jifen.office.casework.actions import registers  # noqa: PLC0415
    from jifen.office.messages import delivery  # noqa: PLC0415
    from jifen.office.messages.plan import daily_runs  # noqa: PLC0415
    from jifen.office.site.worker import _run_steps  # noqa: PLC0415
    from jifen.office.site.worker_steps import QUICK_STEPS, SLOW_STEPS  # noqa: PLC0415

    # a day passes in a second: what a killed worker held must not be held for months
    registers.LEASE = delivery.LEASE = daily_runs.LEASE = timedelta(seconds=2)
    steps, done = [*SLOW_STEPS, *QUICK_STEPS], ""
    while True:
        day = (folder / "day").read_text() if (folder / "day").exists() else ""
        if not day or day == done:
            time.sleep(0.005)
            continue
        while _run_steps(steps, date.fromisoformat(day))[0]:
            pass
        half = folder / f"half-{number}"
        half.write_text(day)
        half.replace(folder / f"done-{number}")
        done = day


main()
