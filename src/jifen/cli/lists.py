"""`jifen lists …`: runs of a ranking made again and compared, published lists verified."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jifen.cli.person import BAD_INPUT
from jifen.drafts import write_whole

if TYPE_CHECKING:
    from jifen.office.lists.models import Run, RunPlace

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Published lists and runs of a ranking."
)
DIFFERS = 1
_Json = Annotated[bool, typer.Option("--json", help="for a program")]


def _find_run(name: str) -> "Run":
    """A run by its name; the command ends where there is none."""
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.lists.models import Run

    found = Run.objects.filter(name=name.upper()).first()
    if found is None:
        known = list(Run.objects.values_list("name", flat=True)[:10])
        there = f"there are: {', '.join(known)}" if known else "none has been opened yet"
        print(f"there is no run '{name[:40]}'; {there}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    return found


@app.command()
def recompute(
    run: Annotated[str, typer.Argument(help="the name of a run, such as CH2019-1")],
    score: Annotated[bool, typer.Option("--score", help="score the frozen facts anew too")] = False,
    output: Annotated[Path | None, typer.Option("-o", help="write the statement there")] = None,
    as_json: _Json = False,
) -> None:
    """Rank the frozen decisions of a run again; status 1 where a byte differs.

    Example: jifen lists recompute CH2019-1 --score
    """
    found = _find_run(run)
    from jifen.office.lists.snapshots import recompute_run as again

    made = again(found, again=score)
    if output is not None:
        write_whole(output, made.statement.encode())
    told = {
        "run": found.name,
        "same": made.same,
        "sha256_then": made.then,
        "sha256_now": made.now,
        "ranked": made.ranked,
        "kept_rows_only": made.removed,
        "apart": list(made.differing),
    }
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        same = "the same bytes" if made.same else "DIFFERS"
        gone = f", {made.removed:,} by their kept row" if made.removed else ""
        print(f"{found.name}: {same}, {made.ranked:,} people{gone}, sha256 {made.now}")
        for number in made.differing:
            print(f"{number} stands differently")
    sys.exit(0 if made.same else DIFFERS)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="a run")],
    after: Annotated[str, typer.Argument(help="a later run")],
    as_json: _Json = False,
) -> None:
    """Between two runs, person by person. Example: jifen lists diff CH2019-1 CH2019-2"""
    one, other = _find_run(before), _find_run(after)
    from jifen.office.lists.snapshots import compare_runs

    found = compare_runs(one, other)
    if as_json:
        told = [
            {
                "number": apart.number,
                "what": {"zh": apart.label.zh, "en": apart.label.en},
                "before": _place_to_dict(apart.before),
                "after": _place_to_dict(apart.after),
            }
            for apart in found
        ]
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for apart in found:
        places = f"{_format_place(apart.before)} → {_format_place(apart.after)}"
        print(f"{apart.number}  {places}  {apart.label.zh}")
    print(f"{len(found):,} people stand differently", file=sys.stderr)


def _place_to_dict(place: "RunPlace | None") -> dict[str, object] | None:
    if place is None:
        return None
    from jifen.office.lists.documents import format_exact

    keys = list(place.keys)
    total = format_exact(place.total)
    return {"place": place.place, "total": total, "keys": keys, "admitted": place.admitted}


def _format_place(place: "RunPlace | None") -> str:
    said = _place_to_dict(place)
    return f"#{said['place']} ({said['total']})" if said else "—"


@app.command()
def verify(as_json: _Json = False) -> None:
    """Whether every published list is what was signed; status 1 where one is not."""
    from jifen.office.site.command import set_up_django

    set_up_django()
    from jifen.office.lists.documents import is_genuine
    from jifen.office.lists.models import PublicList

    rows = [(row.name, is_genuine(row)) for row in PublicList.objects.order_by("city", "serial")]
    if as_json:
        print(json.dumps([{"list": name, "holds": good} for name, good in rows], indent=2))
    else:
        for name, good in rows:
            if not good:
                print(f"{name}: its bytes are not those that were signed")
        lists = "list" if len(rows) == 1 else "lists"
        print(f"{len(rows):,} {lists}, {sum(not good for _, good in rows)} broken")
    sys.exit(0 if all(good for _, good in rows) else DIFFERS)
