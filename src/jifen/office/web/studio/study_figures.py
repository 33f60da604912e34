"""The answer to a longer question as a page shows it."""

import json

from jifen.office.web.studio.study_parts import ShownStudy
from jifen.office.web.studio.study_proposals import show_proposals
from jifen.office.web.studio.study_sensitivity import show_sensitivity
from jifen.office.web.studio.study_weights import show_weights
from jifen.office.workshop.models import Study, StudyKind
from jifen.policy.text import Lang

_SHOWN = {
    StudyKind.WEIGHTS: show_weights,
    StudyKind.PROPOSALS: show_proposals,
    StudyKind.SENSITIVITY: show_sensitivity,
}


def show_study(study: Study, lang: Lang) -> ShownStudy:
    """The answer of a study that is done."""
    return _SHOWN[StudyKind(study.kind)](json.loads(study.figures), lang)
