"""`jifen facts map`: a mapping proposed for an extract, to be read and corrected."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jifen.cli.lab_errors import report_errors
from jifen.cli.words import say

if TYPE_CHECKING:
    from jifen.facts.extracts.proposal import MappingProposal


def propose_map(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[CITY] EXTRACT",
            help="a table as it comes; without a city the one whose facts fit",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="the mapping; default: on the screen")
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
) -> None:
    """Propose a mapping of an extract: encoding, header, facts, answers, each with how sure it is.

    What is not clear is left open ("?"); a run refuses it until somebody has decided.

    Example: jifen facts map shanghai people.csv -o people.map.yaml
    """
    language: Any = "en" if lang == "en" else "zh"
    with report_errors(lang):
        from jifen.drafts import write_whole
        from jifen.facts.extracts.proposal_file import format_proposal
        from jifen.scoring.files.outputs import unwritable_file_fault

        if len(words) > 2:
            _refuse_words(language)
        proposal, vocabulary = _propose_best(words[0] if len(words) == 2 else "", Path(words[-1]))
        text = format_proposal(proposal, vocabulary, language)
        if output is None:
            typer.echo(text, nl=False)
        else:
            try:
                write_whole(output, text.encode("utf-8"))
            except OSError as error:
                raise unwritable_file_fault(output, error) from error
    _report_proposal(proposal, output, language)


def _refuse_words(lang: Any) -> None:
    print(say("facts_map.write_a_city_and_one_file")(lang), file=sys.stderr)
    sys.exit(2)


def _propose_best(city: str, path: Path) -> tuple["MappingProposal", Any]:
    """The proposal for a city, or for the one city that most of the columns fit."""
    from dataclasses import replace

    from jifen import cities
    from jifen.facts.extracts.fault import ExtractFault
    from jifen.facts.extracts.proposal import propose_mapping
    from jifen.policy.catalogue import join_list
    from jifen.scoring.files.file_faults import missing_file_fault

    if not path.is_file():
        raise missing_file_fault(path)
    city_ids = [city] if city else list(cities.index())
    vocabularies = [
        cities.load_vocabulary(cities.find_city(city_id).folder) for city_id in city_ids
    ]
    proposals = [(propose_mapping(path, vocabulary), vocabulary) for vocabulary in vocabularies]
    best = max(proposal.known_count for proposal, _ in proposals)
    fitting = [candidate for candidate in proposals if candidate[0].known_count == best]
    if not city and fitting[0][0].is_register:  # the same in every city
        return replace(fitting[0][0], city=""), fitting[0][1]
    if not city and (len(fitting) > 1 or not best):
        raise ExtractFault("JF-F076", "no_city", path, cities=join_list(city_ids))
    return fitting[0]


def _report_proposal(proposal: "MappingProposal", output: Path | None, lang: Any) -> None:
    where = output or say("facts_map.the_screen")(lang)
    words = say(
        "facts_map.proposal",
        name=proposal.extract.path.name,
        encoding=proposal.layout.encoding or "utf-8",
        header=proposal.layout.header,
        rows=proposal.rows,
        columns=len(proposal.columns),
        known=proposal.known_count,
        open=proposal.open_count,
        where=where,
    )
    print(words(lang), file=sys.stderr)
