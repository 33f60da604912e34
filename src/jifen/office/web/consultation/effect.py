"""The effect of a draft as it is published: the figures of its run, with the label of the
population; groups and counts below 5 are never shown."""

import json
from dataclasses import dataclass

from jifen.office.consultation.models import Consultation
from jifen.office.web.studio.effect import LABELS
from jifen.office.workshop.models import Label
from jifen.office.workshop.simulation.disclosure import ShownFigures, shown_figures
from jifen.policy.text import Lang, Text

_EVERYBODY = Text("全部", "everybody")


@dataclass(frozen=True, slots=True)
class PublishedEffect:
    """Figures, and what kind of people they are of."""

    label: str
    population: str
    on: str
    figures: ShownFigures


def published_effect(row: Consultation, lang: Lang) -> PublishedEffect | None:
    """The effect that was published with the draft; None where it was published without."""
    run = row.run
    if run is None:
        return None
    figures = shown_figures(json.loads(run.figures), _EVERYBODY(lang), lang)
    label = LABELS[Label(run.population.label)](lang)
    return PublishedEffect(label, run.population.name, run.on.isoformat(), figures)
