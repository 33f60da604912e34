"""Drafts: begun from a version, changed cell by cell, restored, put aside. Two people at once
overwrite nothing in silence."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import User
from jifen.office.audit.actions import record
from jifen.office.casework.merging import Merged, merge_field
from jifen.office.workshop.access import DraftInHand, draft_for, refuse_unless_drafter
from jifen.office.workshop.faults import NoSuchDraft, lost_path, no_title, text_is_older
from jifen.office.workshop.measure import Measure, base_of, read_whole
from jifen.office.workshop.models import Draft, DraftState, MeasureText, Revision
from jifen.office.workshop.revisions import measure_at, revision_of
from jifen.policy.editing import (
    MISSING,
    Change,
    apply_edit,
    changes_between,
    dump_change,
    value_at,
    write_document,
)
from jifen.policy.fault import DocumentError
from jifen.policy.patch import apply_changes
from jifen.policy.policy import FRAME_KEYS
from jifen.policy.source import parse_yaml

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the cell since the page was opened; theirs was kept."""

    path: str
    theirs: Any
    mine: Any
    by: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the newest revision, and what was not taken over."""

    revision: Revision
    conflicts: tuple[Conflict, ...] = ()
    lost: tuple[str, ...] = ()
    """Paths that are not in the draft any more."""
    is_new: bool = field(default=True)


def begin_draft(user: User, city: str, title: str, start: tuple[str, str], on: date) -> Draft:
    """A draft of an office, from a version of any city (its id and the version). Raises
    StudioFault, NoSuchDraft."""
    refuse_unless_drafter(user, city)
    if not title.strip():
        raise no_title()
    base = base_of(*start)
    with transaction.atomic():
        draft = Draft.objects.create(
            city=city,
            title=title.strip()[:LONGEST_TITLE],
            base_city=start[0],
            base_version=start[1],
            base_hash=base.hash,
            on=on,
            created_by=user,
            created_at=timezone.now(),
        )
        _add_revision(draft, user, None, {})
        _log("studio.begun", user, draft, {"from": f"{start[0]}@{start[1]}"})
    return draft


def save_cells(hand: DraftInHand, cells: Mapping[str, Any], seen: int, note: str = "") -> Saved:
    """Keep what changed of the table: paths and their plain values (None: empty). `seen`: the
    revision that the page was made from.

    Of a cell that somebody else changed since, and that this page changed too, theirs is kept and
    the conflict is told; what only one of both changed is taken from that one. Raises StudioFault.
    """
    with _editing(hand) as draft:
        head, shown = revision_of(draft), revision_of(draft, min(seen, draft.head))
        now, before = measure_at(draft, head), measure_at(draft, shown)
        change, conflicts, lost = dict(now.change), list[Conflict](), list[str]()
        others = _others_since(draft, shown.number, hand.user)
        for path, typed in cells.items():
            stored, was = (_value(m.document, path) for m in (now, before))
            kept = merge_field(
                stored, typed, partial(_same, was), by_another=bool(others) and stored != was
            )
            if kept is Merged.CONFLICT:
                conflicts.append(Conflict(path, stored, typed, others[-1]))
            elif kept is Merged.MINE and typed != was:
                change = _edited(change, now, path, typed, lost)
        revision = _add_if_new(draft, hand.user, head, change, note)
        return Saved(revision, tuple(conflicts), tuple(lost), revision.number != head.number)


def save_text(hand: DraftInHand, text: str, seen: int) -> Saved:
    """Keep a draft that was edited as a document. What it changes of the rules becomes paths and
    values, merged as cells are; where it changes what the measure says of itself, or cannot be
    read, the whole text is kept. Raises StudioFault."""
    shown = revision_of(hand.draft, min(seen, hand.draft.head))
    measure = measure_at(hand.draft, shown)
    edits = _edits_of_text(measure, text)
    if edits is not None:
        return save_cells(hand, edits, seen)
    with _editing(hand) as draft:
        head = revision_of(draft)
        if head.number != shown.number and _others_since(draft, shown.number, hand.user):
            raise text_is_older()
        stored = _stored_text(text)
        if head.text_id == stored.pk and head.change == dump_change({}):
            return Saved(head, is_new=False)
        revision = _add_revision(draft, hand.user, head, {}, text=stored)
        _log("studio.revised", hand.user, draft, {"revision": revision.number, "text": True})
        return Saved(revision)


def shown_text(measure: Measure, revision: Revision) -> str:
    """The draft as one document: with every default in its place and the change made; a whole text
    that cannot be read, as it was typed."""
    if measure.policy is None or measure.start is None:
        return revision.text.text if revision.text else ""
    node = measure.start.document
    for reform in measure.policy.reforms:
        node = apply_changes(node, dict(reform.change), [])
    return write_document(node.to_plain())


def _edits_of_text(measure: Measure, text: str) -> dict[str, Any] | None:
    """The cells that a text changes; None where it has to be kept whole."""
    if measure.policy is None or measure.start is None:
        return None
    node = measure.start.document
    for reform in measure.policy.reforms:
        node = apply_changes(node, dict(reform.change), [])
    try:
        edited = parse_yaml(text).to_plain()
    except DocumentError:
        return None
    if not isinstance(edited, dict):
        return None
    if read_whole(measure.base, text)[0] is None:
        return None
    edits = changes_between(node.to_plain(), edited)
    frame = {*FRAME_KEYS, "language", "defaults"}
    return None if any(path.split(".")[0] in frame for path in edits) else edits


def restore(hand: DraftInHand, number: int) -> Revision:
    """An older revision becomes the newest again; those between stay in the history. Raises
    StudioFault."""
    with _editing(hand) as draft:
        old, head = revision_of(draft, number), revision_of(draft)
        if old.hash == head.hash:
            return head
        revision = _add_revision(
            draft, hand.user, head, measure_at(draft, old).change, text=old.text, restores=number
        )
        _log("studio.restored", hand.user, draft, {"revision": revision.number, "from": number})
        return revision


def set_day(hand: DraftInHand, on: date) -> None:
    """Another day whose rules are drafted and simulated. Raises StudioFault."""
    with _editing(hand) as draft:
        draft.on = on
        draft.save(update_fields=("on",))
        _log("studio.day_set", hand.user, draft, {"on": on.isoformat()})


def close(hand: DraftInHand) -> None:
    """The draft is put aside; it stays as it is. Raises StudioFault."""
    with _editing(hand, "close") as draft:
        draft.state = DraftState.CLOSED
        draft.save(update_fields=("state",))
        _log("studio.closed", hand.user, draft)


def reopen(hand: DraftInHand) -> None:
    """A draft that was put aside is taken up again. Raises StudioFault."""
    with _editing(hand, "reopen") as draft:
        draft.state = DraftState.OPEN
        draft.save(update_fields=("state",))
        _log("studio.reopened", hand.user, draft)


@contextmanager
def _editing(hand: DraftInHand, act: str = "edit") -> Iterator[Draft]:
    """The draft, until the transaction ends nobody else's."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=hand.draft.pk)
        fresh = draft_for(hand.user, draft)
        if fresh is None:
            raise NoSuchDraft
        fresh.refuse_unless(act)
        yield draft
    hand.draft = draft


def _same(value: Any) -> Any:
    return value


def _value(document: Any, path: str) -> Any:
    value = value_at(document, path) if document is not None else None
    return None if value is MISSING else value


def _edited(
    change: dict[str, Any], measure: Measure, path: str, typed: Any, lost: list[str]
) -> dict[str, Any]:
    try:
        return dict(apply_edit(change, measure.start_document, path, typed))
    except KeyError:
        lost.append(path)
        return change


def _others_since(draft: Draft, number: int, user: User) -> list[str]:
    """Who else added revisions after one, the last one last."""
    rows = draft.revisions.filter(number__gt=number).exclude(author=user)
    return [row.author.get_full_name() for row in rows.select_related("author").order_by("number")]


def _add_if_new(draft: Draft, user: User, head: Revision, change: Change, note: str) -> Revision:
    if dump_change(change) == head.change:
        return head
    revision = _add_revision(draft, user, head, change, text=head.text, note=note)
    _log("studio.revised", user, draft, {"revision": revision.number})
    return revision


def _add_revision(
    draft: Draft,
    user: User,
    parent: Revision | None,
    change: Change,
    *,
    text: MeasureText | None = None,
    restores: int | None = None,
    note: str = "",
) -> Revision:
    dumped = dump_change(change)
    whole = text.hash if text else draft.base_hash
    draft.head += 1
    revision = Revision.objects.create(
        draft=draft,
        number=draft.head,
        parent=parent.number if parent else None,
        restores=restores,
        text=text,
        change=dumped,
        hash=_digest(f"{whole} {dumped}"),
        author=user,
        at=timezone.now(),
        note=note[:200],
    )
    draft.save(update_fields=("head",))
    return revision


def _stored_text(text: str) -> MeasureText:
    row, _ = MeasureText.objects.get_or_create(hash=_digest(text), defaults={"text": text})
    return row


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _log(act: str, user: User, draft: Draft, details: Mapping[str, Any] | None = None) -> None:
    record(
        act, actor=f"user:{user.pk}", subject=f"draft:{draft.pk}", city=draft.city, details=details
    )


def refuse_lost(saved: Saved) -> None:
    """Raises StudioFault for the first cell that is not there any more."""
    if saved.lost:
        raise lost_path(saved.lost[0])


def saved_at(revision: Revision) -> datetime:
    """When a revision was saved, in the clock of the office."""
    return timezone.localtime(revision.at)
