"""A report of proposals: what each changes and brings, whom it costs the line, the trade-offs."""

from datetime import date

from jifen.charts import Bars, FigureSeries, Scatter
from jifen.lab.population.people import People
from jifen.lab.proposals import CheckedRules
from jifen.lab.report.model import Report, Section, TwoTables
from jifen.lab.reports.common import list_provenance, list_warnings, make_plain_text, two_tables
from jifen.lab.search.proposals import Proposal, SearchResult
from jifen.lab.search.texts import format_result
from jifen.policy.policy import Policy
from jifen.policy.text import Text

_CHANGE = Text("改动的档数", "steps of change")
_REACHED = Text("确定达到人数", "people surely at the line")
_CHOICE = Text("方案", "choice")
_BRINGS = Text("使达到人数", "people brought to the line")


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
    summary = Section(Text("结论", "Result"), tuple(Text(zh, en) for zh, en in heads))
    title = policy.rules_on(on).title
    return Report(
        Text(f"{title.zh}：{brief.label.zh}", f"{title.en}: {brief.label.en}"),
        Text(f"规则以 {on} 为准", f"rules as on {on}"),
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
    words = Text(
        f"确定达到 {score.reached:,} 人：新达到 {score.gained:,} 人，失去 {score.lost:,} 人。",
        f"{score.reached:,} people surely at the line: {score.gained:,} gain it, "
        f"{score.lost:,} lose it.",
    )
    chart = Bars(
        Text("每项改动使多少人达到", "What each change brings"),
        tuple(
            plain_change(
                effect.figure.label, effect.figure.words, effect.figure.today, effect.place
            )
            for effect in proposal.effects
        ),
        (
            FigureSeries(
                Text("在方案中", "in the proposal"),
                tuple(float(effect.in_proposal) for effect in proposal.effects),
            ),
            FigureSeries(
                Text("单独改动", "alone"), tuple(float(effect.alone) for effect in proposal.effects)
            ),
        ),
        _BRINGS,
        lying=True,
        label_heading=Text("改动", "change"),
    )
    heading = Text(f"方案 {proposal.number}", f"Proposal {proposal.number}")
    tables = (_list_losses(proposal),) if score.losses else ()
    return Section(heading, (words,), (chart,) if proposal.effects else (), tables)


def plain_change(label: Text, words: tuple[str, ...], today: int, place: int) -> Text:
    """A figure with its value before and after."""
    change = f"{words[today]} → {words[place]}"
    return Text(f"{label.zh} {change}", f"{label.en} {change}")


def _list_losses(proposal: Proposal) -> TwoTables:
    heads = (
        Text("组", "group"),
        Text("现在达到", "at the line today"),
        Text("失去", "lose it"),
        Text("比例", "share"),
    )
    rows = [
        (
            Text(f"{loss.by.zh}：{loss.label.zh}", f"{loss.by.en}: {loss.label.en}"),
            (float(loss.today), float(loss.lost), f"{loss.share:.1%}"),
        )
        for loss in sorted(proposal.score.losses, key=lambda loss: -loss.share)
        if loss.today
    ]
    return two_tables(Text("各组的损失", "Losses by group"), heads, rows)


def _show_front(result: SearchResult) -> Section:
    """Change and people at the line of every choice on the front; proposals are marked."""
    proposed = {proposal.score.choice: proposal.number for proposal in result.proposals}
    scores = {
        score.choice: score for score in (*result.front, *(p.score for p in result.proposals))
    }
    rows = list(scores.values())
    chart = Scatter(
        Text("改动与达到人数", "Change and people at the line"),
        tuple(
            Text(f"方案 {proposed[s.choice]}", f"proposal {proposed[s.choice]}")
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
    )
    words = Text(
        f"每一点都是一种取舍：在改动、与目标 {result.objective.target:,.0f} 人的差、损失最大一组的"
        "比例三方面，没有别的测算过的方案都不比它差而有一方面更好。",
        "Each mark is a trade-off: no other choice scored is at least as good in change, distance "
        f"from the {result.objective.target:,.0f} people asked for and loss of the worst-hit "
        "group, and better in one of them.",
    )
    return Section(Text("取舍", "Trade-offs"), (words,), (chart,))
