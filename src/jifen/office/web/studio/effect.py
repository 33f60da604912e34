"""The figures beside a draft: of the revision that is shown, or greyed those of the last one that
has any, with its number."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jifen.charts import Bars
from jifen.office.web.studio.commands import build_effect_command
from jifen.office.workshop.measure import Measure
from jifen.office.workshop.models import (
    Draft,
    Label,
    Population,
    PopulationState,
    Revision,
    Run,
    RunState,
)
from jifen.policy.text import Lang, Text

if TYPE_CHECKING:
    from jifen.office.web.studio.study_parts import ShownChart
    from jifen.office.workshop.simulation.disclosure import ShownFigures

PENDING = (RunState.WAITING, RunState.RUNNING)
LABELS = {
    Label.SYNTHETIC: Text("合成人口，非真实数据", "synthetic people, not real data"),
    Label.REGISTER: Text("登记数据", "data of a register"),
}
_EVERYBODY = Text("全部", "everybody")


@dataclass(frozen=True, slots=True)
class Effect:
    """What is shown of the effect. `of`: the revision whose figures these are; `is_old`: another
    one than that of the page; `command`: what gives the figures of the page again, '' for none."""

    population: Population | None
    run: Run | None
    figures: "ShownFigures | None"
    of: int
    is_old: bool
    can_be_scored: bool
    distribution: "ShownChart | None" = None
    command: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether figures of this revision are on their way."""
        return self.run is not None and self.run.state in PENDING

    @property
    def has_failed(self) -> bool:
        """Whether there will be none."""
        return self.run is not None and self.run.state == RunState.FAILED

    def label(self, lang: Lang) -> str:
        """What kind of people these are."""
        return LABELS[Label(self.population.label)](lang) if self.population else ""

    def summary(self, lang: Lang) -> str:
        """The figures in one line, for a screen on which the others are far; empty where there are
        none of this revision."""
        if self.figures is None or self.is_old:
            return ""
        cells = self.figures.everybody.cells
        reach = Text("达到", "reach")(lang)
        return f"{reach} {cells['before']} → {cells['after']} (+{cells['gains']} −{cells['loses']})"

    def fault(self, lang: Lang) -> str:
        """Why there are no figures."""
        zh, _, en = self.run.fault.partition("\n") if self.run else ("", "", "")
        return zh if lang == "zh" else en or zh


def effect_of(
    draft: Draft, revision: Revision, measure: Measure, population: Population | None, lang: Lang
) -> Effect:
    """The effect of a revision on a population."""
    runs = Run.objects.filter(draft=draft, population=population, on=draft.on)
    own = runs.filter(revision=revision).exclude(state=RunState.SUPERSEDED).last()
    last = own
    if own is None or own.state != RunState.DONE:
        earlier = runs.filter(state=RunState.DONE, revision__number__lte=revision.number)
        last = earlier.select_related("revision").order_by("revision__number").last()
    figures = _figures(last, lang) if last else None
    number = last.revision.number if last else 0
    return Effect(
        population,
        own,
        figures,
        number,
        last is not None and last.revision_id != revision.pk,
        measure.can_be_scored,
        _chart_distribution(last, lang) if last else None,
        build_effect_command(draft, revision, own) if own else "",
    )


def _figures(run: Run, lang: Lang) -> "ShownFigures":
    from jifen.office.workshop.simulation.disclosure import shown_figures  # noqa: PLC0415 - the same
    from jifen.office.workshop.simulation.figures import (  # noqa: PLC0415 - needs jifen[lab]
        stored_figures,
    )

    return shown_figures(stored_figures(run.figures), _EVERYBODY(lang), lang)


def _chart_distribution(run: Run, lang: Lang) -> "ShownChart | None":
    """Totals before and after as a chart with its table; None for runs of older versions of the
    program, which did not keep them."""
    from jifen.office.web.studio.study_parts import make_series, show_chart  # noqa: PLC0415
    from jifen.office.workshop.simulation.figures import stored_figures  # noqa: PLC0415 - the same

    figures = stored_figures(run.figures)
    bands = figures.get("distribution")
    if not bands or not bands["before"]:
        return None
    step, starts = bands["step"], range(len(bands["before"]))
    ends = [(bands["start"] + n * step, bands["start"] + (n + 1) * step - 1) for n in starts]
    labels = tuple(Text(f"{low}–{high}", f"{low}–{high}") for low, high in ends)
    series = tuple(
        make_series(name, bands[side])
        for name, side in ((Text("原版本", "version"), "before"), (Text("草案", "draft"), "after"))
    )
    line = figures["lab"]["lines"][1]
    place = (float(line) - bands["start"]) / step - 0.5
    marker = (place, Text("分数线", "line")) if 0 <= place < len(labels) else None
    title = Text("总分分布", "Distribution of totals")
    chart = Bars(title, labels, series, _PEOPLE, marker=marker, label_heading=_TOTAL)
    return show_chart(chart, lang)


_PEOPLE, _TOTAL = Text("人数", "people"), Text("总分", "total")


def populations_for(draft: Draft) -> list[Population]:
    """The populations of the office that have the facts of the draft."""
    rows = Population.objects.filter(city=draft.city, people_of=draft.base_city)
    return list(rows.exclude(state=PopulationState.FAILED))


def chosen_population(populations: list[Population], key: str) -> Population | None:
    """The population that somebody chose; else the newest that is ready."""
    ready = [one for one in populations if one.state == PopulationState.READY]
    return next((one for one in ready if str(one.key) == key), ready[-1] if ready else None)
