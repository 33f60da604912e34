"""A report of proposals: what each changes and brings, whom it costs the line, the trade-offs."""

from datetime import date

from jifen.charts import Bars, FigureSeries, Scatter
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.report.model import Report, Section, TwoTables
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.lab.search.proposals import Proposal, SearchResult
from jifen.lab.search.texts import format_result
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text, capitalize_text

_CHANGE = say("reports.proposals.change")
_REACHED = say("reports.proposals.reached")
_CHOICE = say("reports.proposals.choice")
_BRINGS = say("reports.proposals.brings")


def build_report(
    people: People, policy: Policy, result: SearchResult, on: date, checked: CheckedRules
) -> Report:
    """The verdict first, then each proposal, then the front."""
    brief = result.space.brief
    heads = zip(
        format_result(result, "zh").splitlines()[:3],
        format_result(result, "en").splitlines()[:3],
        strict=True,
    )
    summary = Section(
        say("reports.proposals.result"), tuple(capitalize_text(Text(zh, en)) for zh, en in heads)
    )
    title = policy.rules_on(on).title
    return Report(
        say("reports.proposals.report", title=title, brief_label=brief.label),
        say("reports.proposals.rules_as", on=on),
        (*checked.list_labels(), *list_warnings(people)),
        (
            summary,
            *(_describe_proposal(result, proposal) for proposal in result.proposals),
            _show_front(result),
        ),
        list_provenance(people, [policy], on),
    )


def _describe_proposal(result: SearchResult, proposal: Proposal) -> Section:
    score = proposal.score
    words = say(
        "reports.proposals.people_surely_at_the_line",
        reached=score.reached,
        gained=score.gained,
        lost=score.lost,
    )
    chart = Bars(
        say("reports.proposals.what_each_change_brings"),
        tuple(
            plain_change(
                effect.figure.label, effect.figure.words, effect.figure.today, effect.place
            )
            for effect in proposal.effects
        ),
        (
            FigureSeries(
                say("reports.proposals.in_the_proposal"),
                tuple(float(effect.in_proposal) for effect in proposal.effects),
            ),
            FigureSeries(
                say("reports.proposals.alone"),
                tuple(float(effect.alone) for effect in proposal.effects),
            ),
        ),
        _BRINGS,
        lying=True,
        label_heading=say("reports.proposals.proposal_change"),
    )
    heading = say("reports.proposals.proposal", number=proposal.number)
    tables = (_list_losses(proposal),) if score.losses else ()
    return Section(heading, (words,), (chart,) if proposal.effects else (), tables)


def plain_change(label: Text, words: tuple[str, ...], today: int, place: int) -> Text:
    """A figure with its value before and after."""
    change = f"{words[today]} → {words[place]}"
    return Text(f"{label.zh} {change}", f"{label.en} {change}")


def _list_losses(proposal: Proposal) -> TwoTables:
    heads = (
        say("reports.proposals.group"),
        say("reports.proposals.at_the_line_today"),
        say("reports.proposals.lose_it"),
        say("reports.proposals.share"),
    )
    rows = [
        (
            say("reports.proposals.losses", by=loss.by, loss_label=loss.label),
            (float(loss.today), float(loss.lost), f"{loss.share:.1%}"),
        )
        for loss in sorted(proposal.score.losses, key=lambda loss: -loss.share)
        if loss.today
    ]
    return two_tables(say("reports.proposals.losses_by_group"), heads, rows)


def _show_front(result: SearchResult) -> Section:
    """Change and people at the line of every choice on the front; proposals are marked."""
    proposed = {proposal.score.choice: proposal.number for proposal in result.proposals}
    scores = {
        score.choice: score for score in (*result.front, *(p.score for p in result.proposals))
    }
    rows = list(scores.values())
    chart = Scatter(
        say("reports.proposals.change_and_people"),
        tuple(
            say("reports.proposals.front_proposal", proposed=proposed[s.choice])
            if s.choice in proposed
            else make_plain_text(f"({number})")
            for number, s in enumerate(rows, start=1)
        ),
        tuple(float(result.space.count_change(score.choice)) for score in rows),
        tuple(float(score.reached) for score in rows),
        _CHANGE,
        _REACHED,
        tuple(score.choice in proposed for score in rows),
        _CHOICE,
        tuple(score.choice in proposed for score in rows),
        say("reports.proposals.proposals"),
        next((n for n, s in enumerate(rows) if not result.space.list_changes(s.choice)), None),
        say("reports.proposals.today_the_base_case"),
    )
    words = say("reports.proposals.each_mark_is_a_trade", target=result.objective.target)
    return Section(say("reports.proposals.trade_offs"), (words,), (chart,))
