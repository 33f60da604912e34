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

    run = Run.objects.filter(name=name.upper()).first()
    if run is None:
        names = list(Run.objects.values_list("name", flat=True)[:10])
        advice = f"there are: {', '.join(names)}" if names else "none has been opened yet"
        print(f"there is no run '{name[:40]}'; {advice}", file=sys.stderr)
        sys.exit(BAD_INPUT)
    return run


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
    stored_run = _find_run(run)
    from jifen.office.lists.snapshots import recompute_run as again

    recomputed = again(stored_run, again=score)
    if output is not None:
        write_whole(output, recomputed.statement.encode())
    document = {
        "run": stored_run.name,
        "same": recomputed.same,
        "sha256_then": recomputed.then,
        "sha256_now": recomputed.now,
        "ranked": recomputed.ranked,
        "kept_rows_only": recomputed.removed,
        "apart": list(recomputed.differing),
    }
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        same = "the same bytes" if recomputed.same else "DIFFERS"
        gone = f", {recomputed.removed:,} by their kept row" if recomputed.removed else ""
        people = f"{recomputed.ranked:,} people{gone}"
        print(f"{stored_run.name}: {same}, {people}, sha256 {recomputed.now}")
        for number in recomputed.differing:
            print(f"{number} stands differently")
    sys.exit(0 if recomputed.same else DIFFERS)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="a run")],
    after: Annotated[str, typer.Argument(help="a later run")],
    as_json: _Json = False,
) -> None:
    """Between two runs, person by person. Example: jifen lists diff CH2019-1 CH2019-2"""
    earlier_run, later_run = _find_run(before), _find_run(after)
    from jifen.office.lists.snapshots import compare_runs

    differences = compare_runs(earlier_run, later_run)
    if as_json:
        document = [
            {
                "number": apart.number,
                "what": {"zh": apart.label.zh, "en": apart.label.en},
                "before": _place_to_dict(apart.before),
                "after": _place_to_dict(apart.after),
            }
            for apart in differences
        ]
        print(json.dumps(document, ensure_ascii=False, indent=2))
        return
    for apart in differences:
        places = f"{_format_place(apart.before)} → {_format_place(apart.after)}"
        print(f"{apart.number}  {places}  {apart.label.zh}")
    print(f"{len(differences):,} people stand differently", file=sys.stderr)


def _place_to_dict(place: "RunPlace | None") -> dict[str, object] | None:
    if place is None:
        return None
    from jifen.office.lists.documents import format_exact

    keys = list(place.keys)
    total = format_exact(place.total)
    return {"place": place.place, "total": total, "keys": keys, "admitted": place.admitted}


def _format_place(place: "RunPlace | None") -> str:
    values = _place_to_dict(place)
    return f"#{values['place']} ({values['total']})" if values else "—"


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
