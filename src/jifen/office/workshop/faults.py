"""What the studio refuses, in words."""

from collections.abc import Sequence
from datetime import date

from jifen.office.workshop.words import say
from jifen.policy.text import Text


class NoSuchDraft(Exception):
    """There is no such draft, or whoever asks may not know of it."""


class StudioFault(Exception):
    """An act of the studio that is refused, in words."""

    def __init__(self, code: str, words: Text, place: str = "") -> None:
        super().__init__(f"{code}: {words.en}")
        self.code, self.words, self.place = code, words, place


def not_allowed() -> StudioFault:
    """Somebody of the office whose role does not do this."""
    return StudioFault(
        "JF-I001",
        say("faults.your_role_does_not_do"),
    )


def is_closed() -> StudioFault:
    """A draft that was put aside."""
    return StudioFault(
        "JF-I002",
        say("faults.this_draft_was_put_aside"),
    )


def no_version(city: str, version: str) -> StudioFault:
    """The version that a draft starts from is not among the cities of this installation."""
    return StudioFault(
        "JF-I003",
        say("faults.there_is_no_version", city=city, version=version),
        "start",
    )


def no_title() -> StudioFault:
    """A draft without a name."""
    return StudioFault(
        "JF-I004",
        say("faults.give_the_draft_a_name"),
        "title",
    )


def no_revision(number: int) -> StudioFault:
    """A revision that there is not."""
    return StudioFault(
        "JF-I005",
        say("faults.this_draft_has_no_revision", number=number),
    )


def no_day() -> StudioFault:
    """A day that is none."""
    return StudioFault(
        "JF-I006",
        say("faults.this_is_not_a_date"),
        "on",
    )


def text_is_older() -> StudioFault:
    """A whole text that was written on an older state, and cannot be merged."""
    return StudioFault(
        "JF-I007",
        say("faults.somebody_saved_a_newer_revision"),
    )


def lost_path(path: str) -> StudioFault:
    """A cell that is not there any more."""
    return StudioFault(
        "JF-I008",
        say("faults.is_not_in_the_draft", path=path),
    )


def case_is_older() -> StudioFault:
    """A worked case with another result than the one that was judged."""
    return StudioFault(
        "JF-I009",
        say("faults.the_result_of_this_worked"),
    )


def no_such_population() -> StudioFault:
    """A number of people that is none, or cannot be drawn for this city."""
    return StudioFault(
        "JF-I010",
        say("faults.give_the_number_of_people"),
    )


def population_is_gone(name: str) -> StudioFault:
    """Packed people whose folder is not there, or was altered."""
    return StudioFault(
        "JF-I011",
        say("faults.the_files_of_the_population", name=name),
    )


def run_failed(why: Text) -> StudioFault:
    """A simulation that came to no end."""
    return StudioFault(
        "JF-I012",
        say("faults.not_computed", why=why),
    )


def no_sample_person() -> StudioFault:
    """A sample person without a name, or one too many."""
    return StudioFault(
        "JF-I013",
        say("faults.give_a_name_somebody_invented"),
        "name",
    )


def already_proposed() -> StudioFault:
    """This draft has an open proposal."""
    return StudioFault(
        "JF-I020",
        say("faults.this_draft_is_proposed_already"),
        "",
    )


def no_reason() -> StudioFault:
    """A decision without a reason."""
    return StudioFault(
        "JF-I021",
        say("faults.give_the_reason"),
        "reason",
    )


def no_consultation() -> StudioFault:
    """Nothing said of the consultation."""
    return StudioFault(
        "JF-I022",
        say("faults.say_how_the_public"),
        "reason",
    )


def no_version_name() -> StudioFault:
    """A name of a version that cannot be one."""
    return StudioFault(
        "JF-I023",
        say("faults.give_the_name"),
        "version",
    )


def no_measure_title() -> StudioFault:
    """A measure without its title."""
    return StudioFault(
        "JF-I024",
        say("faults.give_the_title"),
        "title_zh",
    )


def day_is_past() -> StudioFault:
    """A first day that is not in the future."""
    return StudioFault(
        "JF-I025",
        say("faults.the_first_day_in_force"),
        "since",
    )


def is_in_force() -> StudioFault:
    """A version that is in force already."""
    return StudioFault(
        "JF-I026",
        say("faults.this_version_is_in_force"),
        "",
    )


def later_version_follows() -> StudioFault:
    """A version on which a later one follows."""
    return StudioFault(
        "JF-I027",
        say("faults.a_later_version_was_adopted"),
        "",
    )


def needs_another_person() -> StudioFault:
    """Somebody decides what they proposed."""
    return StudioFault(
        "JF-I028",
        say("faults.nobody_decides_what_they_proposed"),
        "",
    )


def is_decided() -> StudioFault:
    """An adoption that is not open any more."""
    return StudioFault(
        "JF-I029",
        say("faults.this_proposal_was_decided"),
        "",
    )


def has_errors(errors: int) -> StudioFault:
    """A draft that cannot be scored on the day."""
    return StudioFault(
        "JF-I030",
        say("faults.the_draft_has_errors", errors=errors),
    )


def cases_not_accepted(cases: int) -> StudioFault:
    """Worked cases that change and that nobody has judged as intended."""
    return StudioFault(
        "JF-I031",
        say("faults.worked_cases_change_and_were", cases=cases),
    )


def other_citys_facts(city: str) -> StudioFault:
    """A draft that starts from another city, whose facts it keeps."""
    return StudioFault(
        "JF-I032",
        say("faults.this_draft_starts", city=city),
    )


def version_is_taken(version: str) -> StudioFault:
    """A name that another version has."""
    return StudioFault(
        "JF-I033",
        say("faults.another_version_has_the_name", version=version),
        "version",
    )


def day_is_taken(latest: date) -> StudioFault:
    """A first day that is not after that of the newest version."""
    return StudioFault(
        "JF-I034",
        say("faults.the_newest_version", latest=latest),
        "since",
    )


def cannot_be_studied(number: int) -> StudioFault:
    """A question about a revision that gives no points."""
    return StudioFault(
        "JF-I035",
        say("faults.revision_cannot_be_scored_yet", number=number),
    )


def brief_is_faulty(zh: Sequence[str], en: Sequence[str]) -> StudioFault:
    """A brief for proposals that cannot be used; each fault begins with its line."""
    return StudioFault(
        "JF-I036",
        say("faults.the_brief_has_faults_so", part=Text("；".join(zh), "; ".join(en or zh))),
        "brief",
    )


def no_such_proposal() -> StudioFault:
    """A proposal that a search did not find, or of a search that has not ended."""
    return StudioFault(
        "JF-I037",
        say("faults.there_is_no_such_proposal"),
    )


def edition_is_outdated() -> StudioFault:
    """A proposal made before another edition of the version was adopted."""
    return StudioFault("JF-I045", say("faults.another_edition_was_adopted"))


def nothing_to_correct() -> StudioFault:
    """A correction of a version that was not put in force here, or that changes nothing."""
    return StudioFault("JF-I046", say("faults.nothing_to_correct"))


def edition_follows() -> StudioFault:
    """An edition that was corrected since."""
    return StudioFault("JF-I047", say("faults.a_correction_was_adopted"))
