"""`jifen verify`: what a notice's square code says, or the signature of a published list or of a
public consultation, checked without the office or the network."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from jifen.cli.person import BAD_INPUT
from jifen.cli.words import say
from jifen.policy.months import parse_date
from jifen.policy.text import Lang

if TYPE_CHECKING:
    from jifen.statements.consultation import ConsultationVerdict
    from jifen.statements.keys import Keys
    from jifen.statements.list_statement import ListVerdict

VALID, NOT_VALID, UNCHECKED = 0, 1, 3
MOST_BYTES = 50_000_000
_STATES = {
    "valid": say("notices.states_valid"),
    "unchecked": say("notices.states_unchecked"),
    "not_yet": say("notices.states_not_yet"),
    "expired": say("notices.states_expired"),
    "revoked": say("notices.states_revoked"),
    "forged": say("notices.states_forged"),
    "unknown_key": say("notices.states_unknown_key"),
}
_LABELS = {
    "number": say("notices.labels_number"),
    "kind": say("notices.labels_kind"),
    "name": say("notices.labels_name"),
    "result": say("notices.labels_result"),
    "line": say("notices.labels_line"),
    "office": say("notices.labels_office"),
    "on": say("notices.labels_on"),
    "since": say("notices.labels_since"),
    "until": say("notices.labels_until"),
}


def verify(
    text: Annotated[
        str,
        typer.Argument(
            help="what the square code says, the signature of a list or of a consultation, a file "
            "with it, or -"
        ),
    ],
    keys: Annotated[Path, typer.Option(help="the published list of keys (…/v/keys.json)")],
    revoked: Annotated[
        Path | None, typer.Option(help="the published list of revocations (…/v/revoked.jwt)")
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", help="the bytes of a published list (…json)")
    ] = None,
    consulted: Annotated[
        Path | None,
        typer.Option("--consultation", help="the published comments and answers (…json)"),
    ] = None,
    on: Annotated[str, typer.Option(help="the day to check for (default: today in China)")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Check a notice offline: jifen verify "https://…/v/CODE#ey…" --keys keys.json

    Status 0: genuine, within its time, not revoked as far as the list tells; 1: not; 2: bad input;
    3: it would be 0, but the list of revocations is too old to tell. Of a list or a consultation:
    0 genuine, 1 not.
    """
    try:
        from jifen.statements import StatementFault, check_statement
        from jifen.statements.keys import read_key_list
        from jifen.statements.revocations import read_revoked
        from jifen.statements.statement import extract_statement
    except ModuleNotFoundError as error:
        _exit_with_words(f"`jifen verify` needs {error.name}: pip install 'jifen[verify]'")
    language: Lang = "en" if lang == "en" else "zh"
    day = _read_day(on)
    try:
        public_keys, given = read_key_list(_read_utf8(keys)), _read_statement_text(text)
        files = {"--list": listed, "--consultation": consulted}
        _end_if_published(extract_statement(given), public_keys, files, language, as_json=as_json)
        revocations = read_revoked(_read_utf8(revoked), public_keys) if revoked else None
        now = datetime.now(UTC)
        verdict = check_statement(given, public_keys, day, revocations, now)
    except StatementFault as fault:
        _exit_with_words(f"{fault.code}: {fault.words(language)}")
    document: dict[str, Any] = {"state": verdict.state, "on": day.isoformat()}
    if verdict.statement:
        statement = verdict.statement
        document |= {name: getattr(statement, name) for name in _LABELS} | {"city": statement.city}
    young = revocations is not None and revocations.is_fresh(now)
    document["revocations_checked"] = verdict.state == "revoked" or (
        verdict.revoked_as_of is not None and young
    )
    document["revocations_as_of"] = (
        verdict.revoked_as_of.isoformat() if verdict.revoked_as_of else None
    )
    print(
        json.dumps(document, ensure_ascii=False, indent=2, default=str)
        if as_json
        else _format_notice(document, language)
    )
    sys.exit({"valid": VALID, "unchecked": UNCHECKED}.get(verdict.state, NOT_VALID))


def _end_if_published(
    text: str, keys: "Keys", files: dict[str, Path | None], lang: Lang, *, as_json: bool
) -> None:
    """Check the signature of a list or of a consultation, and end; return where it is a notice.
    Ends with status 2 where a file was given that does not go with what was signed."""
    from jifen.statements.consultation import check_consultation, is_consultation
    from jifen.statements.list_statement import check_list, is_list

    option, subject = "", "a notice"
    if is_list(text, keys):
        option, subject = "--list", "a list"
    elif is_consultation(text, keys):
        option, subject = "--consultation", "a consultation"
    for other, path in files.items():
        if path and other != option:
            _exit_with_words(
                f"{other} goes with the signature of a {other[2:]}; this is the statement of "
                f"{subject}: leave {other} out" + (f", or give {option}" if option else "")
            )
    if not option:
        return
    path = files[option]
    content = _read_bytes(path) if path else None
    check = check_list if option == "--list" else check_consultation
    _end_with_verdict(check(text, keys, content), lang, compared=path is not None, as_json=as_json)


def _end_with_verdict(
    verdict: "ListVerdict | ConsultationVerdict", lang: Lang, *, compared: bool, as_json: bool
) -> NoReturn:
    """Tell what was found of a list or a consultation, and end."""
    from jifen.cli.consultation_verdict import consultation_to_dict, format_consultation
    from jifen.cli.list_verdict import format_verdict, verdict_to_dict
    from jifen.statements.list_statement import ListVerdict

    if isinstance(verdict, ListVerdict):
        document, format_document = verdict_to_dict(verdict, compared=compared), format_verdict
    else:
        document = consultation_to_dict(verdict, compared=compared)
        format_document = format_consultation
    print(
        json.dumps(document, ensure_ascii=False, indent=2)
        if as_json
        else format_document(document, lang)
    )
    sys.exit(VALID if verdict.state == "genuine" else NOT_VALID)


def _format_notice(document: dict[str, Any], lang: Lang) -> str:
    rows = [_STATES[document["state"]](lang)]
    rows += [
        f"  {label(lang)}: {_translate_value(document[name], lang)}"
        for name, label in _LABELS.items()
        if document.get(name)
    ]
    as_of = document["revocations_as_of"]
    if as_of:
        rows.append(say("notices.revocations_as", as_of=as_of)(lang))
    elif document["state"] in ("valid", "not_yet", "expired"):
        rows.append(_UNCHECKED(lang))
    return "\n".join(rows)


def _translate_value(value: object, lang: Lang) -> object:
    from jifen.scoring.result_status import describe_published_outcome

    label = _WORDS.get(str(value)) or describe_published_outcome(str(value))
    return label(lang) or value


_WORDS = {
    "notice": say("notices.words_notice"),
    "refusal": say("notices.words_refusal"),
    "receipt": say("notices.words_receipt"),
    "correction": say("notices.words_correction"),
    "renewal": say("notices.words_renewal"),
    "revocation": say("notices.words_revocation"),
    "settlement": say("notices.words_settlement"),
}
_UNCHECKED = say("notices.unchecked")


def _read_statement_text(given: str) -> str:
    """What was typed, or is in a file, or comes by the pipe."""
    if given == "-":
        return sys.stdin.read(MOST_BYTES)
    try:
        is_file = Path(given).is_file()
    except OSError:  # longer than any name of a file
        is_file = False
    return _read_utf8(Path(given)) if is_file else given


def _read_utf8(path: Path) -> str:
    try:
        return _read_bytes(path).decode()
    except UnicodeDecodeError:
        _exit_with_words(f"{path}: is no text in UTF-8; name an existing text file")


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            _exit_with_words(f"{path.name}: larger than a list can be ({MOST_BYTES:,} bytes)")
        return path.read_bytes()
    except OSError as error:
        _exit_with_words(
            f"{path}: cannot be read ({type(error).__name__}); name an existing text file"
        )


def _read_day(text: str) -> date:
    from jifen.statements.check import CHINA

    if not text:
        return datetime.now(CHINA).date()  # as the page to keep does, wherever the machine stands
    try:
        return parse_date(text)
    except ValueError:
        _exit_with_words(f"'{text[:40]}' is not a day; write it as 2026-10-20")


def _exit_with_words(words: str) -> NoReturn:
    print(words, file=sys.stderr)
    sys.exit(BAD_INPUT)
