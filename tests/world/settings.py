"""Django for the tests that need it: imported by their conftest before anything of the office.

Tests of the engine start without it.
"""

import os
import tempfile

import django
import pytest
from django.conf import settings
from pytest_django.plugin import blocking_manager_key

# What an installation keeps (its keys, its documents) lies in a folder that goes with the process.
_OWN = tempfile.TemporaryDirectory(prefix="jifen-tests-")
os.environ["JIFEN_VAR"] = _OWN.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.office.site.settings")
# Templates are Jinja's with StrictUndefined: an undefined name fails without pytest-django's help,
# which would hand its own option of the Django engine to Jinja.
os.environ.pop("FAIL_INVALID_TEMPLATE_VARS", None)
django.setup()
# A look for versions put in force is a query more in whatever request comes first after a second:
# tests look when they say so.
settings.JIFEN_EDITIONS_SECONDS = float("inf")
# Papers are set with the shipped fonts, whatever the machine has; a test names others itself.
settings.RARE_CHARACTER_FONTS = ()


def refuse_unmarked_tests(config: pytest.Config) -> None:
    """Only tests that ask for the database reach it, as where Django is set up from the start."""
    if blocking_manager_key in config.stash:  # not where the plugin of Django is switched off
        config.stash[blocking_manager_key].block()
