"""The comments and answers of a consultation as open data: JSON and CSV, without personal data.

No account, no address and no time of the day: of a comment its number, its part of the measure,
its words, the name that was given for publication, the day, its support and its answer. The words
of a hidden comment are not in it.
"""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from jifen.office.consultation.actions.moderation import GROUNDS
from jifen.office.consultation.models import Comment, CommentState, Consultation
from jifen.office.consultation.places import list_places, published_policy
from jifen.office.consultation.queries import hiding_grounds, shown_comments

SCHEMA = "jifen.consultation.v1"
COLUMNS = (
    *("number", "reply_to", "place", "place_zh", "place_en", "day", "name", "support"),
    *("words", "hidden", "verdict", "reason", "revision"),
)


def consultation_to_dict(row: Consultation) -> dict[str, Any]:
    """All of it, schema jifen.consultation.v1."""
    places = {p.key: p.label for p in list_places(published_policy(row), row.draft.on)}
    grounds = {pk: act.ground for pk, act in hiding_grounds(row).items()}
    return {
        "schema": SCHEMA,
        "consultation": str(row.key),
        "city": row.city,
        "title": row.title,
        "revision": row.revision.number,
        "policy_hash": row.policy_hash,
        "against": row.against,
        "opens_on": _day(row.opens_on),
        "last_day": _day(row.last_day),
        "hearings": [
            {
                "on": hearing.on.isoformat(),
                "at": hearing.at.strftime("%H:%M"),
                "place": hearing.place,
                "minutes": hearing.minutes,
            }
            for hearing in row.hearings.all()
        ],
        "comments": [_comment_to_dict(comment, places, grounds) for comment in shown_comments(row)],
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _comment_to_dict(
    comment: Comment, places: Mapping[str, Any], grounds: Mapping[int, str]
) -> dict[str, Any]:
    is_hidden = comment.state == CommentState.HIDDEN
    label = places.get(comment.place)
    answer = comment.answer
    return {
        "number": comment.number,
        "reply_to": comment.reply_to.number if comment.reply_to else None,
        "place": comment.place,
        "place_zh": label.zh if label else "",
        "place_en": label.en if label else "",
        "day": _day(timezone.localdate(comment.shown_at)),
        "name": "" if is_hidden else comment.name,
        "support": getattr(comment, "support", 0),
        "words": "" if is_hidden else comment.words,
        "hidden": GROUNDS[grounds[comment.pk]].zh if is_hidden else "",
        "verdict": answer.verdict if answer else "",
        "reason": answer.reason if answer else "",
        "revision": answer.revision.number if answer and answer.revision else None,
    }


def write_json(row: Consultation) -> str:
    """The JSON file; the same text for the same comments and answers."""
    return json.dumps(consultation_to_dict(row), ensure_ascii=False, indent=1) + "\n"


def write_csv(row: Consultation) -> str:
    """The comments as a table that spreadsheets open; no cell is taken for a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for comment in consultation_to_dict(row)["comments"]:
        writer.writerow([_make_harmless(comment[name]) for name in COLUMNS])
    return written.getvalue()


def _make_harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
