"""`jifen serve`: the server of the site."""

import os
import socket
import sys

import django

from jifen.cities import index
from jifen.cities.sources import SILENT
from jifen.office.site.command import migrate_database, refuse_unmigrated
from jifen.office.site.supervisor import Supervisor
from jifen.office.site.words import say
from jifen.policy.text import Text, pad_to_width
from jifen.rulebook.faulty_cities import leave_out_broken


class PortTaken(RuntimeError):
    """The address cannot be listened on; the message says what to do."""


def serve_site(host: str = "127.0.0.1", port: int = 8000, *, with_worker: bool = True) -> None:
    """Bring the database up to date, say what to try, and serve until interrupted. `with_worker`:
    background work is done by a process beside the site, which is started again when it ends.

    Raises PortTaken where another program listens there already.
    """
    require_free(host, port)
    leave_out_broken()
    os.environ[SILENT] = "1"  # the processes that are started below have nothing to add
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
    django.setup()
    require_free_metrics()
    prepare_database()
    print(build_welcome(host, port), flush=True)
    if not with_worker:
        _run_server(host, port)
        return
    with Supervisor([sys.executable, "-m", "jifen", "worker"], "worker"):
        _run_server(host, port)


def require_free(host: str, port: int) -> None:
    """Raise PortTaken unless `host:port` can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise PortTaken(
                f"Cannot listen on {host}:{port}: {error}. Another program may be using the "
                f"port; stop it, or choose another: PORT={port % 65000 + 1} make run"
            ) from None


def require_free_metrics() -> None:
    """Raise PortTaken where metrics are shown at an address that cannot be listened on."""
    from django.conf import settings  # noqa: PLC0415 - needs the settings

    if settings.JIFEN_METRICS is None:
        return
    try:
        require_free(*settings.JIFEN_METRICS)
    except PortTaken as error:
        words = str(error).split(". Another", maxsplit=1)[0]
        raise PortTaken(
            f"{words}. Metrics are shown there (JIFEN_METRICS): stop the program that uses the "
            "port, or name another."
        ) from None


def prepare_database() -> None:
    """Migrate the database (production has done so by `jifen migrate`), and look at what must be
    there."""
    from django.conf import settings  # noqa: PLC0415 - needs the settings

    from jifen.office.site.start_advice import log_weaknesses  # noqa: PLC0415 - needs models
    from jifen.office.site.start_checks import refuse_wrong_start  # noqa: PLC0415 - needs models

    if settings.JIFEN_MODE == "production":
        refuse_unmigrated()
    else:
        migrate_database()
    refuse_wrong_start()
    log_weaknesses()
    if settings.JIFEN_MODE == "sandbox":
        from jifen.office.sandbox.seed import seed_sandbox  # noqa: PLC0415 - needs the models

        if seed_sandbox():
            seeded = say("server.sandbox_filled_invented_cases")
            print(_join_languages(seeded))


_PRODUCT = say("server.jifen")


def build_welcome(host: str, port: int) -> str:
    """The address and three things to try."""
    shown_host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    base = f"http://[{shown_host}]:{port}" if ":" in shown_host else f"http://{shown_host}:{port}"
    is_sandbox = os.environ.get("JIFEN_MODE") == "sandbox"
    compare = say("server.compare_versions_cities")
    sign_in = say("server.sign_sandbox") if is_sandbox else say("server.sign")
    sign_in_path = "sandbox/" if is_sandbox else "account/login/"
    try_it, stop = say("server.what_try"), say("server.ctrl_c_stops")
    return "\n".join(
        (
            f"{_PRODUCT.zh} {_PRODUCT.en}  {base}/",
            "",
            _join_languages(try_it),
            *_describe_cities(base),
            _describe_door(3, compare, f"{base}/compare/"),
            _describe_door(4, sign_in, f"{base}/{sign_in_path}"),
            *_describe_sign_ins(),
            "",
            _join_languages(stop),
        )
    )


def _describe_cities(base: str) -> list[str]:
    """The first city to score oneself in, and the last to read about."""
    all_cities = list(index().values())
    first, last = all_cities[0], all_cities[-1]
    city, other = first.label, last.label
    score = say("server.score_yourself", city=city)
    read = say("server.measures", other=other)
    return [
        _describe_door(1, score, f"{base}/{first.id}/"),
        _describe_door(2, read, f"{base}/{last.id}/policy/"),
    ]


def _describe_door(number: int, words: Text, address: str) -> str:
    return f"  {number}. {pad_to_width(_join_languages(words), 42)} {address}"


def _join_languages(words: Text) -> str:
    return f"{words.zh} / {words.en}"


def _describe_sign_ins() -> list[str]:
    """The sign-ins of a sandbox; nothing elsewhere."""
    if os.environ.get("JIFEN_MODE") != "sandbox":
        return []
    from jifen.office.sandbox.cast import OTHERS, PASSWORD, STAFF  # noqa: PLC0415 - sandbox only

    names = [f"     {p.username:<16}{_join_languages(p.does)}" for p in (*OTHERS, *STAFF)]
    password = say("server.password_codes_sandbox", password=PASSWORD)
    return ["", _join_languages(password), *names]


def _run_server(host: str, port: int) -> None:
    from django.conf import settings  # noqa: PLC0415 - needs the environment
    from granian import Granian  # noqa: PLC0415 - a few hundred ms that only a server needs
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    server = Granian(
        "jifen.office.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.JIFEN_THREADS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=settings.JIFEN_HEAD_SECONDS * 1000),
        workers_kill_timeout=15,  # a slow client does not hold up the end
        log_level=LogLevels.warning,
        websockets=False,
    )
    server.serve()
    sys.stdout.flush()
