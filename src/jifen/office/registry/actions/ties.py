"""Who a signed-in account is: tied to a person by a proof, contested and undone by the staff.

Name and number are known to every employer, so they prove nothing. The proof is a code that only
the person was given: handed over at a window where the card was seen, or sent to a phone that was
confirmed at one; or the city's unified identity.
"""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone

from jifen.office.accounts.models import Role, User
from jifen.office.accounts.roles import list_posts
from jifen.office.accounts.signin.brakes import MustWait, begin_attempt, forgive_attempt
from jifen.office.audit.actions import record
from jifen.office.registry.actions.people import (
    find_or_add_person,
    make_person_values,
    read_checked_number,
)
from jifen.office.registry.faults import NoSuchUnit, RegistryFault
from jifen.office.registry.models import ActivationCode, Person, TieContest
from jifen.office.registry.models.people import filter_by_number, identity_index, identity_indexes
from jifen.office.registry.models.ties import CodeChannel
from jifen.office.registry.words import say
from jifen.office.vault.private_codes import to_standard_characters
from jifen.office.vault.seal import blind_index, blind_indexes
from jifen.policy.text import Text

WINDOW_ROLES = (Role.CLERK, Role.SENIOR_CLERK, Role.SUPERVISOR)
DECIDING_ROLES = (Role.SENIOR_CLERK, Role.SUPERVISOR)
COUNTER_CODE_TIME, PHONE_CODE_TIME = timedelta(days=14), timedelta(minutes=10)
MAX_TRIES = 5
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none is taken for another
_LENGTH = 8


# ------------------------------------------------------------------------------------------ codes


def hand_over_code(staff: User, number: str, name: str, phone: str = "") -> tuple[Person, str]:
    """A code for somebody whose card was seen at a window; it is shown once. A `phone` that they
    confirmed there receives codes from now on. Raises RegistryFault, NoSuchUnit."""
    _refuse_unless_at_window(staff, WINDOW_ROLES)
    with transaction.atomic():
        person = find_or_add_person(staff, number, name)
        _refuse_own(staff, person)
        if person.user_id:
            raise RegistryFault("JF-G025", _TIED)
        if _is_contested(person):
            raise RegistryFault("JF-G032", _CONTESTED)
        if phone.strip():
            person.phone, person.phone_confirmed_at = phone.strip(), timezone.now()
            person.save(update_fields=("phone", "phone_confirmed_at"))
        code = _make_code(person, CodeChannel.COUNTER, staff)
        details = {"phone_confirmed": bool(phone.strip())}
        record(
            "person.code_handed_over",
            actor=f"user:{staff.pk}",
            subject=f"person:{person.pk}",
            details=details,
        )
    return person, code


def make_phone_code(user: User, number: str, name: str) -> tuple[str, str] | None:
    """Phone and code to be sent, where number and name are of somebody who is not tied yet and
    whose phone was confirmed; None otherwise, which the asker is not told. Raises RegistryFault for
    a number that cannot be."""
    same_number = filter_by_number(read_checked_number(number))
    with transaction.atomic():
        person = same_number.select_for_update().first()
        if person is None or not _is_same_name(person, name):
            return None
        if person.user_id or _is_contested(person):
            return None
        recent_codes = person.activation_codes.filter(
            made_at__gt=timezone.now() - timedelta(minutes=1)
        )
        if person.phone_confirmed_at is None or not person.phone or recent_codes.exists():
            return None
        code = _make_code(person, CodeChannel.PHONE, None)
        record("person.code_sent", actor=f"user:{user.pk}", subject=f"person:{person.pk}")
    return person.phone, code


def _make_code(person: Person, way: CodeChannel, staff: User | None) -> str:
    """A new code; the one before ends."""
    now = timezone.now()
    person.activation_codes.filter(ended_at__isnull=True).update(ended_at=now)
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    valid_for = COUNTER_CODE_TIME if way == CodeChannel.COUNTER else PHONE_CODE_TIME
    ActivationCode.objects.create(
        person=person,
        digest=_digest_code(code),
        way=way,
        made_by=staff,
        made_at=now,
        ends_at=now + valid_for,
    )
    return f"{code[:4]}-{code[4:]}"


def _digest_code(code: str) -> str:
    """Slow and salted, over a hash with a key that is not in the database: codes are short, and
    whoever had the rows, or the rows and the key, would try them all."""
    return make_password(blind_index(*_to_digest_input(code)))


def _matches_digest(digest: str, code: str) -> bool:
    """An empty digest, of somebody without a code, takes as long as another and matches nothing."""
    candidates = blind_indexes(*_to_digest_input(code))
    if not digest:
        make_password(candidates[0])
        return False
    return any(check_password(candidate, digest) for candidate in candidates)


def _to_digest_input(code: str) -> tuple[str, str]:
    return code.replace("-", "").replace(" ", ""), "activation code"


# ------------------------------------------------------------------------------------------- ties


def tie_by_code(user: User, number: str, name: str, code: str, source: str) -> Person:
    """Somebody who signed in proves with a code who they are. Whatever is wrong is answered alike,
    and few attempts are taken. Raises RegistryFault."""
    index = identity_index(read_checked_number(number))
    _refuse_tied(user)
    try:
        attempt = begin_attempt(f"activation of {index}", source, None)
    except MustWait as wait:
        raise RegistryFault("JF-G026", _describe_wait(wait.seconds)) from None
    now = timezone.now()
    with transaction.atomic():
        person = filter_by_number(number).select_for_update().first()
        if person is None:
            _matches_digest("", code)
        proved = person is not None and _is_code_right(person, name, code, now)
        if person is not None and proved:
            _tie_account(person, user, "code")
    if person is None or not proved:
        raise RegistryFault("JF-G024", _NOT_PROVED, "code")
    forgive_attempt(attempt)
    return person


def _is_code_right(person: Person, name: str, code: str, now: datetime) -> bool:
    """Whether the code is the person's; a wrong one counts, and after some the code ends."""
    activation_code = person.activation_codes.filter(ended_at__isnull=True).first()
    matches = _matches_digest(activation_code.digest if activation_code else "", code)
    if (
        activation_code is None
        or activation_code.ends_at <= now
        or person.user_id
        or _is_contested(person)
    ):
        return False
    if matches and _is_same_name(person, name):
        activation_code.ended_at = now
        activation_code.save(update_fields=("ended_at",))
        return True
    activation_code.tries += 1
    activation_code.ended_at = now if activation_code.tries >= MAX_TRIES else None
    activation_code.save(update_fields=("tries", "ended_at"))
    return False


def tie_by_identity(user: User, number: str, name: str) -> Person | None:
    """The city's unified identity says who signed in: the person, added where there is none. None
    where another account is tied or the name differs: a window decides then."""
    number = read_checked_number(number)
    with transaction.atomic():
        tied_person = Person.objects.filter(user=user).first()
        if tied_person is not None:
            return tied_person if tied_person.identity_index in identity_indexes(number) else None
        person, _ = Person.objects.select_for_update().get_or_create(
            identity_index__in=identity_indexes(number), defaults=make_person_values(number, name)
        )
        if person.user_id or _is_contested(person) or not _is_same_name(person, name):
            return None
        _tie_account(person, user, "unified identity")
    return person


def _is_contested(person: Person) -> bool:
    """Whether a contest of the person's tie is open: until it is decided nobody is tied to them."""
    return person.tie_contests.filter(decided_at__isnull=True).exists()


def _tie_account(person: Person, user: User, proof: str) -> None:
    person.user = user
    person.save(update_fields=("user",))
    subject = f"person:{person.pk}"
    record("person.tied", actor=f"user:{user.pk}", subject=subject, details={"proof": proof})


def _refuse_tied(user: User) -> None:
    if Person.objects.filter(user=user).exists():
        raise RegistryFault("JF-G023", _LINKED)


# --------------------------------------------------------------------------------------- contests


def contest_tie(staff: User, number: str, words: str) -> TieContest:
    """The person at the window says that the account tied to them is not theirs. It is frozen at
    once. Raises RegistryFault, NoSuchUnit."""
    _refuse_unless_at_window(staff, WINDOW_ROLES)
    if not words.strip():
        raise RegistryFault("JF-G027", _NO_WORDS, "words")
    same_number = filter_by_number(read_checked_number(number))
    with transaction.atomic():
        person = same_number.select_for_update().first()
        if person is None or person.user is None:
            raise RegistryFault("JF-G028", _NOT_TIED)
        _refuse_own(staff, person)
        contest = TieContest.objects.create(
            person=person,
            account=person.user,
            opened_by=staff,
            opened_at=timezone.now(),
            words=words.strip()[:500],
        )
        person.user = None
        person.save(update_fields=("user",))
        person.activation_codes.filter(ended_at__isnull=True).update(ended_at=timezone.now())
        details = {"account": contest.account_id}
        subject = f"person:{person.pk}"
        record("person.tie_frozen", actor=f"user:{staff.pk}", subject=subject, details=details)
    return contest


def decide_contest(staff: User, contest_pk: int, *, undone: bool, reason: str) -> TieContest:
    """Somebody else of the staff, who signs decisions, undoes the tie or gives it back. Raises
    RegistryFault, NoSuchUnit."""
    _refuse_unless_at_window(staff, DECIDING_ROLES)
    if not reason.strip():
        raise RegistryFault("JF-G027", _NO_WORDS, "reason")
    with transaction.atomic():
        open_contests = TieContest.objects.select_for_update().filter(decided_at__isnull=True)
        contest = open_contests.filter(pk=contest_pk).first()
        if contest is None:
            raise NoSuchUnit
        person = contest.person
        _refuse_own(staff, person)
        if staff.pk in (contest.opened_by_id, contest.account_id):
            raise RegistryFault("JF-G029", _FOUR_EYES)
        contest.decided_by, contest.decided_at = staff, timezone.now()
        contest.undone, contest.reason = undone, reason.strip()[:500]
        contest.save()
        if not undone and not Person.objects.filter(user=contest.account).exists():
            person.user = contest.account
            person.save(update_fields=("user",))
        act = "person.tie_undone" if undone else "person.tie_kept"
        record(act, actor=f"user:{staff.pk}", subject=f"person:{person.pk}")
    return contest


def list_open_contests(staff: User) -> list[TieContest]:
    """Contests that somebody of the staff may decide, the oldest first."""
    if not any(post.role in DECIDING_ROLES for post in list_posts(staff)):
        return []
    rows = TieContest.objects.filter(decided_at__isnull=True).exclude(opened_by=staff)
    rows = rows.exclude(account=staff).select_related("person", "opened_by")
    return list(rows.order_by("opened_at"))


def _refuse_unless_at_window(staff: User, roles: tuple[Role, ...]) -> None:
    if not any(post.role in roles for post in list_posts(staff)):
        raise NoSuchUnit


def _refuse_own(staff: User, person: Person) -> None:
    if person.user_id == staff.pk:
        raise RegistryFault("JF-G029", _FOUR_EYES)


# ------------------------------------------------------------------------------------------ words

_LINKED = say("actions.ties.linked")
_NOT_PROVED = say("actions.ties.not_proved")
_TIED = say("actions.ties.tied")
_CONTESTED = say("actions.ties.contested")
_NO_WORDS = say("actions.ties.no_words")
_NOT_TIED = say("actions.ties.not_tied")
_FOUR_EYES = say("actions.ties.four_eyes")


def _describe_wait(seconds: int) -> Text:
    minutes, rest = divmod(seconds, 60)
    return say("actions.ties.too_many_attempts_try_again", minutes=minutes, rest=rest)


def _is_same_name(person: Person, name: str) -> bool:
    """Whether the name is typed as it is on record; private codes of older systems are the
    characters that the standard names for them."""
    return to_standard_characters(person.name) == to_standard_characters(name.strip())
