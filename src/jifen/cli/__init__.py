"""The `jifen` command.

`assess` and `compare` are read with argparse and start in a fraction of a second; everything
else goes through typer, which is loaded only then (docs/decisions/0003-two-readers.md).
"""

import os
import sys
from io import TextIOWrapper

from jifen.cli.city_sources import take_cities

_FAST = ("assess", "compare")


def _list_settings_errors() -> tuple[type[Exception], ...]:
    """What a variable with a wrong value raises, where Django was loaded at all."""
    loaded = sys.modules.get("django.core.exceptions")
    return (loaded.ImproperlyConfigured,) if loaded else ()


def main() -> None:
    """Run the command line; ends the process with the exit status of the contract."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # a terminal without Chinese characters shows their numbers instead of a traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        arguments = take_cities(sys.argv[1:])
        sys.argv[1:] = arguments
        if arguments and arguments[0] in _FAST:
            from jifen.cli import person

            status = person.run_command(arguments)
            sys.stdout.flush()
            sys.exit(status)
        from jifen.cli.app import app

        app()
    except _list_settings_errors() as error:
        print(f"jifen: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader (head, less) has gone: nothing more to say, and no traceback either
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        print(f"jifen: the result could not be written ({error.strerror})", file=sys.stderr)
        os._exit(2)  # what is left in the buffer cannot be written either
