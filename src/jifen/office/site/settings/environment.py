"""What the environment says of this installation."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from jifen.office.vault.ciphers import DEFAULT, NATIONAL, SUITES
from jifen.office.vault.secret_files import write_once

MODES = ("embedded", "sandbox", "production")


def read_mode() -> str:
    """'embedded' (one machine, ready at once), 'sandbox' (the same with invented people, apart from
    it) or 'production' (nothing is assumed)."""
    name = os.environ.get("JIFEN_MODE", MODES[0])
    if name not in MODES:
        raise ImproperlyConfigured(f"JIFEN_MODE is '{name}'; write one of: {', '.join(MODES)}")
    return name


def get_var_folder() -> Path:
    """The folder of what an embedded installation keeps: its database and its secret key."""
    folder = Path(os.environ.get("JIFEN_VAR", "var")).absolute()
    return folder / "sandbox" if read_mode() == "sandbox" else folder


def read_pairs(name: str) -> dict[str, str]:
    """A variable such as 'insurance=package.module.Class, police=other.Class'."""
    parts = [part.strip() for part in os.environ.get(name, "").split(",")]
    values = dict(part.partition("=")[::2] for part in parts if part)
    if "" in values or "" in values.values():
        raise ImproperlyConfigured(f"{name}: write name=value, with commas between")
    return {key.strip(): value.strip() for key, value in values.items()}


def read_names(name: str) -> tuple[str, ...]:
    """A variable such as 'one, other'."""
    parts = (part.strip() for part in os.environ.get(name, "").split(","))
    return tuple(part for part in parts if part)


def read_secret_key() -> str:
    """SECRET_KEY; the embedded mode makes one of its own and keeps it readable by its user only."""
    if given := os.environ.get("SECRET_KEY"):
        _refuse_weak(given)
        return given
    if read_mode() == "production":
        raise ImproperlyConfigured(
            "SECRET_KEY is not set, and production takes no generated key. Set SECRET_KEY to "
            "50 or more random characters that stay the same between restarts."
        )
    return _read_or_create_key(get_var_folder() / "secret-key")


def _refuse_weak(key: str) -> None:
    """In production a key is long and random: whoever guesses it signs in as anybody."""
    weak = len(key) < _LEAST_LENGTH or len(set(key)) < _LEAST_LETTERS or "insecure" in key
    if read_mode() == "production" and weak:
        raise ImproperlyConfigured(
            f"SECRET_KEY is weak ({len(key)} characters, {len(set(key))} different ones). Set it "
            "to 50 or more random characters, such as those of: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )


_LEAST_LENGTH, _LEAST_LETTERS = 50, 16


def _read_or_create_key(path: Path) -> str:
    if not path.exists():
        write_once(path, secrets.token_urlsafe(50))
    path.chmod(0o600)
    return path.read_text(encoding="utf-8")


def get_keys_file() -> str:
    """JIFEN_KEYS: the file of keys for what is sealed; the embedded mode makes its own."""
    given = os.environ.get("JIFEN_KEYS")
    if not given and read_mode() == "production":
        raise ImproperlyConfigured(
            "JIFEN_KEYS is not set. Write a file of keys with `jifen keys new FILE`, keep a copy "
            "apart from the database, and name it in JIFEN_KEYS."
        )
    return given or str(get_var_folder() / "keys.json")


def get_notice_keys_file() -> str:
    """JIFEN_NOTICE_KEYS: the keys that seal notices; beside the other keys where not named."""
    given = os.environ.get("JIFEN_NOTICE_KEYS")
    return given or str(Path(get_keys_file()).with_name("notice-keys.json"))


def read_suite() -> str:
    """JIFEN_SUITE: the suite of new keys."""
    suite = os.environ.get("JIFEN_SUITE") or DEFAULT
    if suite not in SUITES:
        raise ImproperlyConfigured(
            f"JIFEN_SUITE is '{suite[:20]}'; write {DEFAULT} (AES, P-256) or {NATIONAL} (SM4, SM2; "
            "it needs `pip install 'jifen[sm]'`)"
        )
    return suite


def read_public_address() -> str:
    """JIFEN_ADDRESS: scheme and name under which anybody reaches the site; of production the first
    of ALLOWED_HOSTS where it is not named."""
    given = os.environ.get("JIFEN_ADDRESS", "").rstrip("/")
    if given and not given.startswith(("https://", "http://")):
        raise ImproperlyConfigured(
            f"JIFEN_ADDRESS is '{given}'; write the address with its scheme, such as "
            "https://jifen.example.gov.cn"
        )
    if given or read_mode() != "production":
        return given or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    return f"https://{read_allowed_hosts()[0]}"


def read_proxy_count() -> int:
    """JIFEN_PROXIES: how many proxies of one's own stand in front and add to X-Forwarded-For. With
    a wrong number all visitors are one, or anybody is whoever they say they are."""
    given = os.environ.get("JIFEN_PROXIES") or "0"
    if not given.isdecimal() or int(given) > _MOST_PROXIES:
        raise ImproperlyConfigured(
            f"JIFEN_PROXIES is '{given}'; write how many proxies stand in front of the site, "
            f"from 0 (none) to {_MOST_PROXIES}"
        )
    return int(given)


_MOST_PROXIES = 9


def read_whole_number(name: str, default: int, most: int, what: str) -> int:
    """A variable that is a whole number from 1 to a most. Raises ImproperlyConfigured."""
    given = os.environ.get(name) or str(default)
    if not (given.isascii() and given.isdecimal() and 0 < int(given) <= most):
        raise ImproperlyConfigured(
            f"{name} is '{given[:20]}'; write {what}, a whole number from 1 to {most}"
        )
    return int(given)


def read_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """A variable that is one of a few words. Raises ImproperlyConfigured."""
    given = os.environ.get(name) or default
    if given not in choices:
        raise ImproperlyConfigured(f"{name} is '{given[:20]}'; write one of: {', '.join(choices)}")
    return given


def read_allowed_hosts() -> list[str]:
    """ALLOWED_HOSTS, names with commas between; production must name its own."""
    given = [name.strip() for name in os.environ.get("ALLOWED_HOSTS", "").split(",")]
    names = [name for name in given if name]
    if not names and read_mode() == "production":
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is not set. Write the names under which visitors reach the site, "
            "with commas between, such as ALLOWED_HOSTS=jifen.example.gov.cn"
        )
    # An embedded site is reached by whatever name or address its machine has.
    return names or ["*"]
