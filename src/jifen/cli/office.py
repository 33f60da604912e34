"""`jifen worker`, `replay`, `check`, `retention`: the office from the command line."""

import json
import sys
from datetime import date
from typing import Annotated

import typer

from jifen.cli.person import BAD_INPUT
from jifen.policy.months import parse_date

DIFFERS = 1


def worker(
    once: Annotated[bool, typer.Option("--once", help="only what is due now")] = False,
    on: Annotated[str, typer.Option(help="with --once: what is due on a day (YYYY-MM-DD)")] = "",
) -> None:
    """Background work: endorsements, renewals, messages, registers, scans, deadlines."""
    day = _read_day(on)
    if day and not once:
        print("--on goes with --once: write `jifen worker --once --on DATE`", file=sys.stderr)
        sys.exit(BAD_INPUT)
    from jifen.office.site.worker import run_worker

    run_worker(once=once, on=day)


def _read_day(text: str) -> date | None:
    """A day, where one is named."""
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError:
        print(f"'{text[:40]}' is not a day; write it as 2026-10-20", file=sys.stderr)
        sys.exit(BAD_INPUT)


def calendar(
    city: Annotated[str, typer.Option(help="an office: its city")] = "",
    district: Annotated[str, typer.Option(help="with --city: its district")] = "",
    unit: Annotated[str, typer.Option(help="an employer: its credit code")] = "",
    case: Annotated[str, typer.Option(help="a person: the number of a receipt")] = "",
    days: Annotated[int, typer.Option(help="how far ahead", min=1, max=1_000)] = 120,
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
) -> None:
    """What will happen on which day for an office, an employer or a person."""
    if sum(map(bool, (city, unit, case))) != 1:
        print("choose one: --city CITY, --unit CODE or --case NUMBER", file=sys.stderr)
        sys.exit(BAD_INPUT)
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.casework.event_calendar import UnknownCalendar, list_named_entries

    try:
        days_ahead = list_named_entries(
            city=city, district=district, unit=unit, case=case, days=days
        )
    except UnknownCalendar as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
    if as_json:
        documents = [
            {"on": str(day.on), "zh": day.words.zh, "en": day.words.en, "id": day.id}
            for day in days_ahead
        ]
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    for day in days_ahead:
        print(f"{day.on}  {day.words.zh}")
    print(f"{len(days_ahead)} days", file=sys.stderr)


def replay(
    case: Annotated[str, typer.Argument(help="the number of the receipt")],
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
) -> None:
    """Score the frozen facts of every decision of a case again; status 1 where a byte differs."""
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.casework.actions.decisions import replay_decision as again
    from jifen.office.casework.models import Decision

    rows = list(Decision.objects.filter(application__number=case).order_by("number"))
    if not rows:
        print(f"there is no decision of a case '{case[:40]}'", file=sys.stderr)
        sys.exit(BAD_INPUT)
    replays = [(row, again(row)) for row in rows]
    documents = [
        {
            "case": case,
            "decision": row.number,
            "same": replayed.same,
            "policy": f"{row.policy} {row.policy_version}",
            "policy_changed": replayed.policy_changed,
            "engine_then": row.engine_version,
        }
        for row, replayed in replays
    ]
    if as_json:
        print(json.dumps(documents, ensure_ascii=False, indent=2))
    else:
        for document in documents:
            same = "the same bytes" if document["same"] else "DIFFERS"
            changed = ", the policy was edited since" if document["policy_changed"] else ""
            print(f"{case} decision {document['decision']}: {same} ({document['policy']}{changed})")
    sys.exit(0 if all(document["same"] for document in documents) else DIFFERS)


def check() -> None:
    """Whether the kept state of every case is what its parts say, every decision has its notice,
    every document and notice its file, the keys open what is sealed, and nobody holds two
    administrations; status 1 where something does not. Deliveries that wait for a gateway are
    told too."""
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.accounts.role_grants import describe_conflicting_roles
    from jifen.office.casework.consistency import check_cases as wrong
    from jifen.office.documents.integrity import find_damaged_files as documents
    from jifen.office.messages.stuck_channels import find_waiting_channels
    from jifen.office.notices.consistency import find_problems as papers
    from jifen.office.notices.key_consistency import find_key_problems as keys_of_notices
    from jifen.office.vault.key_check import find_key_faults as keys_of_vault

    of_keys = [*keys_of_vault(), *keys_of_notices()]
    if of_keys:
        print("\n".join(of_keys))
        print(f"{len(of_keys)} faults of keys; nothing else was looked at")
        sys.exit(DIFFERS)
    cases, of_papers, of_documents = list(wrong()), list(papers()), list(documents())
    for case in cases:
        print(f"{case.case}: {case.aspect} is kept as {case.stored}, its parts say {case.derived}")
    of_roles = describe_conflicting_roles()
    for words in (*of_papers, *of_documents, *of_roles, *find_waiting_channels()):
        print(words)
    counts = (len(cases), len(of_papers), len(of_documents))
    print("{} cases differ, {} faults of papers, {} of documents, 0 of keys".format(*counts))
    sys.exit(DIFFERS if any(counts) or of_roles else 0)


def retention(
    wet_run: Annotated[bool, typer.Option("--wet-run", help="remove what is listed")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="list only (the default)")] = False,
) -> None:
    """What is past the years of its city's process file; nothing is removed without --wet-run."""
    from jifen.office.site.command import set_up_django

    if wet_run and dry_run:
        print("--wet-run and --dry-run: choose one", file=sys.stderr)
        sys.exit(BAD_INPUT)
    set_up_django()
    from jifen.office.audit.roles import refuse_removal
    from jifen.office.casework import retention as kept

    if wet_run and (refused := refuse_removal()):
        print(refused.in_both_languages, file=sys.stderr)
        sys.exit(BAD_INPUT)

    count = 0
    for due_item in list(kept.list_expired_cases()):
        count += 1
        print(f"case {due_item.application.pk}: {due_item.kind}, kept until {due_item.until}")
        if wet_run:
            kept.remove_case(due_item)
    print(f"{count} {'removed' if wet_run else 'would be removed'}")
