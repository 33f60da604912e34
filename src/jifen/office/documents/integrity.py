"""Whether the file of every document is there, and is the one that was uploaded."""

from collections.abc import Iterator

from django.db.models import Max, Min

from jifen.office.documents import content_files
from jifen.office.documents.actions import content_path, get_storage
from jifen.office.documents.models import Document


def find_damaged_files() -> Iterator[str]:
    """What is missing or altered, one sentence each. Each file is read whole, once."""
    rows = Document.objects.values("sha256").order_by("sha256")
    rows = rows.annotate(first=Min("pk"), smallest=Min("size"), largest=Max("size"))
    for row in rows:
        digest, place = row["sha256"], content_path(row["sha256"])
        if row["smallest"] != row["largest"]:
            yield f"document {row['first']}: its rows name two sizes of one content ({place})"
        try:
            content_files.read_whole(get_storage(), place, digest, row["smallest"])
        except content_files.DamagedFile as fault:
            damage = "is missing" if fault.missing else "is not the one that was uploaded"
            yield f"document {row['first']}: its file {damage} ({place})"
        except OSError as error:
            yield f"document {row['first']}: its file cannot be read ({type(error).__name__})"
