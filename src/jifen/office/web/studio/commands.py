"""The commands that give again what a page shows, and where there is none."""

from jifen.office.workshop.actions.studies import PAIRS
from jifen.office.workshop.models import Draft, Revision, Run, Study, StudyKind

UNCHANGED = "{}"
"""The change of a revision that is its version as it stands."""


def build_effect_command(draft: Draft, revision: Revision, run: Run) -> str:
    """The command for the figures of a revision, with the file of it that is downloaded; empty for
    a revision that is a whole document, which `jifen lab reform` does not read."""
    if revision.text_id is not None:
        return ""
    by = "".join(f" --by {group}" for group in run.groups)
    return (
        f"jifen lab reform {draft.base_city} PEOPLE --on {run.on} --version {draft.base_version} "
        f"--reform {name_reform_file(draft, revision)}{by}"
    )


def build_study_command(study: Study) -> str:
    """The command for the answer of a study with a brief; empty where the revision changes its
    version, since `jifen lab propose` and `jifen lab sensitivity` start from a version."""
    revision, draft = study.revision, study.draft
    if (
        study.kind == StudyKind.WEIGHTS
        or not study.brief
        or revision.text_id is not None
        or revision.change != UNCHANGED
    ):
        return ""
    where = f"--on {study.on} --version {draft.base_version}"
    if study.kind == StudyKind.PROPOSALS:
        seconds = f" --seconds {study.seconds}" if study.seconds else ""
        return f"jifen lab propose {draft.base_city} PEOPLE brief.yaml {where}{seconds}"
    return (
        f"jifen lab sensitivity {draft.base_city} PEOPLE --brief brief.yaml {where} --pairs {PAIRS}"
    )


def name_reform_file(draft: Draft, revision: Revision) -> str:
    """The name of a revision downloaded as a reform."""
    return f"draft-{draft.key.hex[:8]}-{revision.number}-reform.yaml"
