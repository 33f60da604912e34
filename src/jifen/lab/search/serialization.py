"""Proposals for a program: a document, tables, and reform files that `jifen lab reform` reads."""

from typing import Any

import pyarrow as pa
import yaml

from jifen.lab.search.proposals import CellEffect, Proposal, SearchResult
from jifen.lab.search.scorer import GroupLoss, VariantScore
from jifen.lab.search.space import Choice
from jifen.lab.words import say
from jifen.policy.source import Node


def to_dict(result: SearchResult) -> dict[str, Any]:
    """The whole result (`jifen.lab.propose.v1`)."""
    outcome = result.outcome
    return {
        "schema": "jifen.lab.propose.v1",
        "brief": result.space.brief.id,
        "people": result.people,
        "today": _score_dict(result, result.today),
        "target": {"people": result.objective.target, "within": result.objective.within},
        "prefer": list(result.space.brief.prefer),
        "choices": result.space.size,
        "scored": result.scored,
        "proved": outcome.proved,
        "bound": None if outcome.bound == float("inf") else outcome.bound,
        "proposals": [_proposal_dict(result, proposal) for proposal in result.proposals],
        "nearest": _score_dict(result, result.nearest) if result.nearest else None,
        "front": [_score_dict(result, score) for score in result.front],
    }


def _proposal_dict(result: SearchResult, proposal: Proposal) -> dict[str, Any]:
    effects = [_effect_dict(effect) for effect in proposal.effects]
    return {"proposal": proposal.number, **_score_dict(result, proposal.score), "effects": effects}


def _effect_dict(effect: CellEffect) -> dict[str, Any]:
    figure = effect.figure
    return {
        "figure": figure.id,
        "paths": list(figure.paths),
        "from": figure.words[figure.today],
        "to": figure.words[effect.place],
        "people_in_proposal": effect.in_proposal,
        "people_alone": effect.alone,
    }


def _score_dict(result: SearchResult, score: VariantScore) -> dict[str, Any]:
    return {
        "values": values_of(result, score.choice),
        "reached": {"surely": score.reached, "perhaps": score.perhaps},
        "lost": score.lost,
        "gained": score.gained,
        "change": result.space.count_change(score.choice),
        "cells": result.space.count_cells(score.choice),
        "worst_loss": round(score.worst_loss, 6),
        "meets_brief": result.objective.accepts_score(score),
        "groups": [_loss_dict(loss) for loss in score.losses],
    }


def _loss_dict(loss: GroupLoss) -> dict[str, Any]:
    return {
        "by": loss.by.en,
        "group": loss.label.en,
        "today": loss.today,
        "lost": loss.lost,
        "share": round(loss.share, 6),
    }


def values_of(result: SearchResult, choice: Choice) -> dict[str, str]:
    """Figure → its value in a choice."""
    pairs = zip(result.space.figures, choice, strict=True)
    return {figure.id: figure.words[place] for figure, place in pairs}


def to_tables(result: SearchResult) -> dict[str, pa.Table]:
    """`proposals` and `front` with a row for each choice, `effects` for each changed figure,
    `groups` for each limited group of each proposal; tables without rows are left out."""
    tables_by_name = {
        "proposals": [{"proposal": p.number, **_to_row(result, p.score)} for p in result.proposals],
        "front": [_to_row(result, score) for score in result.front],
        "effects": [
            {"proposal": p.number, **_effect_row(effect)}
            for p in result.proposals
            for effect in p.effects
        ],
        "groups": [
            {"proposal": p.number, **_loss_dict(loss)}
            for p in result.proposals
            for loss in p.score.losses
        ],
    }
    return {name: pa.Table.from_pylist(rows) for name, rows in tables_by_name.items() if rows}


def _to_row(result: SearchResult, score: VariantScore) -> dict[str, Any]:
    document = _score_dict(result, score)
    reached = document.pop("reached")
    values, _ = document.pop("values"), document.pop("groups")
    return {
        **values,
        "reached_surely": reached["surely"],
        "reached_perhaps": reached["perhaps"],
        **document,
    }


def _effect_row(effect: CellEffect) -> dict[str, Any]:
    row = _effect_dict(effect)
    return {**row, "paths": ", ".join(row["paths"])}


def list_changes(result: SearchResult, proposal: Proposal) -> dict[str, Any]:
    """Path → value of all that a proposal changes, as the cells of a document have them."""
    changes = result.space.list_changes(proposal.score.choice)
    return {
        path: None if value.value is None else str(value.value) for path, value in changes.items()
    }


def reform_file(result: SearchResult, proposal: Proposal) -> str:
    """A proposal as a reform file: YAML."""
    brief = result.space.brief
    changes = result.space.list_changes(proposal.score.choice)
    label = say("search.serialization.proposal", label=brief.label, number=proposal.number)
    document = {
        "language": "1",
        "reform": f"{brief.id}-{proposal.number}",
        "label": {
            "zh": label.zh,
            "en": label.en,
        },
        "policy": brief.policy,
        "change": {path: _to_plain_value(value) for path, value in changes.items()},
    }
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))


def _to_plain_value(node: Node) -> Any:
    """A value as it is written in a file: numbers are numbers."""
    return yaml.safe_load(str(node.value)) if isinstance(node.value, str) else node.to_plain()
