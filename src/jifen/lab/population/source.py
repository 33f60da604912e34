"""Where the lab's people come from: a packed folder as it is, or a file, packed for this run."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from jifen.drafts import Workspace
from jifen.facts.extracts.mapping import ExtractMapping
from jifen.lab.population.pack import pack_people
from jifen.lab.population.people import People
from jifen.lab.population.store import StoreFault, is_packed, open_packed
from jifen.lab.words import say
from jifen.policy.vocabulary import Vocabulary
from jifen.scoring.files.column_reading import build_reading
from jifen.scoring.files.inputs import open_people
from jifen.scoring.population.coding import CellFault
from jifen.scoring.population.source_columns import CountingRule


@contextmanager
def open_population(
    path: Path,
    vocabulary: Vocabulary,
    counting_day: date | CountingRule,
    *,
    groups: Sequence[str] = (),
    mapping: ExtractMapping | None = None,
    weight: str = "",
    progress: Callable[[int, int | None], None] | None = None,
) -> Iterator[tuple[People, list[CellFault]]]:
    """People of a packed folder, or of a file that is packed into a temporary folder (beside the
    system's temporary files, removed at the end) so that it may be larger than memory."""
    if is_packed(path):
        packed_people = open_packed(path, vocabulary)
        refuse_other_weights(packed_people, path, weight)
        yield packed_people, []
        return
    with Workspace(Path(tempfile.gettempdir(), "jifen-population")) as workspace:
        packed = workspace.make_folder() / path.stem
        faults = pack_people(
            vocabulary,
            path,
            packed,
            counting_day=counting_day,
            groups=groups,
            mapping=mapping,
            weight=weight,
            progress=progress,
        )
        people = open_packed(packed, vocabulary)
        people.name = path.name
        yield people, faults


def list_column_names(
    path: Path, vocabulary: Vocabulary, mapping: ExtractMapping | None = None
) -> frozenset[str]:
    """The columns by which people of a file or a packed folder can be grouped, without reading
    them: facts by their ids, further columns as the file calls them. Raises FileFault."""
    if is_packed(path):
        packed_people = open_packed(path, vocabulary)
        return frozenset((*packed_people.facts, *packed_people.other))
    return frozenset(open_people(path, build_reading((vocabulary,), mapping)).schema.names)


def refuse_other_weights(people: People, folder: Path, weight: str) -> None:
    """Packed people keep the weights with which they were packed. Raises StoreFault for others."""
    if weight and people.weight != weight:
        raise StoreFault(
            folder, say("population.source.was_packed_without_the_weights", weight=weight)
        )
