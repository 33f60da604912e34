"""A pure scorer for the engines of others (Spark, Ray, a queue): it is sent to where the data are
as the name of a measure, loads it there, and turns batches into scored batches."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from jifen import cities
from jifen.lab.library.people import rename_to_facts
from jifen.lab.words import say
from jifen.policy.policy import Policy
from jifen.policy.text import Text
from jifen.scoring.population.columns import TableError
from jifen.scoring.population.machine_code import ENGINE
from jifen.scoring.population.scorer import score_population


class SentScorer:
    """Scores batches by a measure as it is on a day. Pure: the same batch gives the same rows, in
    the order of the batch, so that an engine may run it again. Pickles as the names of city and
    version with the hash of the rules; another Jifen that has other rules refuses to work."""

    def __init__(self, policy: Policy, on: date, options: Mapping[str, Any] | None = None) -> None:
        """`options` are those of `score_population`. Raises TableError for a measure that is
        changed by a reform: only what can be loaded by its name can be sent."""
        if policy.reforms:
            raise TableError([_changed(policy)])
        self._city = cities.find_city_of_policy(policy).id
        self._version, self._on = policy.version, on
        self._options, self._hash, self._engine = dict(options or {}), policy.hash, ENGINE
        self._policy: Policy | None = policy

    def __call__(self, batch: Any) -> pa.Table:
        """A batch (of any kind of dataframe) → its scored rows, with the least and the most of each
        figure even where every fact of the batch is known. Raises TableError."""
        table = rename_to_facts(self._load().vocabulary, batch)
        return _add_bounds(score_population(self._load(), table, on=self._on, **self._options))

    def map_batches(self, batches: Iterable[Any]) -> Iterator[pa.RecordBatch]:
        """Batch after batch, as Spark's `mapInArrow` gives and takes them."""
        for batch in batches:
            scored = self(batch)
            yield from scored.combine_chunks().to_batches() or [
                pa.RecordBatch.from_pylist([], scored.schema)
            ]

    def schema_for(self, batch: Any) -> pa.Schema:
        """The columns of scored rows, from a batch without rows or with some."""
        return self(batch).schema

    def __repr__(self) -> str:
        return f"<Scorer of {self._city} {self._version} on {self._on}>"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_policy": None}

    def _load(self) -> Policy:
        """The measure of this machine. Raises TableError where it is not the one that was sent."""
        if self._policy is None:
            policy = cities.load(self._city, self._version)
            if (policy.hash, ENGINE) != (self._hash, self._engine):
                raise TableError([_other_rules(self._city, self._version)])
            self._policy = policy
        return self._policy


def _add_bounds(scored: pa.Table) -> pa.Table:
    """The same columns for every batch: `score_population` has bounds only where facts are absent,
    and an engine wants one schema."""
    names = scored.column_names
    columns = dict[str, pa.ChunkedArray]()
    for name in names:
        base, _, end = name.rpartition("_")
        if end in ("least", "most") and base in names:
            continue
        columns[name] = scored.column(name)
        if name == "total" or name.startswith("points_"):
            for bound in (f"{name}_least", f"{name}_most"):
                columns[bound] = scored.column(bound if bound in names else name)
    return pa.table(columns, metadata=scored.schema.metadata)


def _changed(policy: Policy) -> Text:
    name = policy.reforms[-1].id
    return say("library.batch_scorer.the_rules_are_changed", name=name)


def _other_rules(city: str, version: str) -> Text:
    return say("library.batch_scorer.the_rules", city=city, version=version)
