"""What each role does, in five clicks: for whoever tries the sandbox."""

from dataclasses import dataclass

from jifen.office.sandbox.words import say
from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class RoleStory:
    """A role, who signs in for it, and five steps."""

    role: Text
    username: str
    steps: tuple[Text, Text, Text, Text, Text]


_SIGN_IN = say("stories.sign_in")
STORIES = (
    RoleStory(
        say("stories.applicant"),
        "person",
        (
            _SIGN_IN,
            say("stories.open_the_application_where"),
            say("stories.open_a_line_its_clause"),
            say("stories.open_the_notice_share"),
            say("stories.open_the_calendar_the_days"),
        ),
    ),
    RoleStory(
        say("stories.employer"),
        "employer",
        (
            _SIGN_IN,
            say("stories.begin_one_it_saves_itself"),
            say("stories.what_is_missing"),
            say("stories.upload_the_documents_file_get"),
            say("stories.renewals_which_go_by_themselves"),
        ),
    ),
    RoleStory(
        say("stories.clerk"),
        "clerk",
        (
            _SIGN_IN,
            say("stories.open_the_queue_and_take"),
            say("stories.papers_beside_facts_confirm_one"),
            say("stories.where_a_register_differs_ask"),
            say("stories.when_all_are_confirmed_propose"),
        ),
    ),
    RoleStory(
        say("stories.senior_clerk"),
        "senior",
        (
            _SIGN_IN,
            say("stories.open_the_queue_cases"),
            say("stories.see_what_the_clerk_found"),
            say("stories.sign_never_what_you_proposed"),
            say("stories.move_the_clock_a_week"),
        ),
    ),
    RoleStory(
        say("stories.city_administrator"),
        "cityadmin",
        (
            _SIGN_IN,
            say("stories.open_administration_background_work"),
            say("stories.offices_telephone_and_opening_hours"),
            say("stories.working_days_enter_next_years"),
            say("stories.sign_in_as_security"),
        ),
    ),
    RoleStory(
        say("stories.policy_drafter"),
        "drafter",
        (
            _SIGN_IN,
            say("stories.open_the_studio_and_begin"),
            say("stories.change_a_figure_the_checks"),
            say("stories.see_who_gains_and_who"),
            say("stories.hand_it_in_or_publish"),
        ),
    ),
    RoleStory(
        say("stories.auditor"),
        "auditor",
        (
            _SIGN_IN,
            say("stories.open_the_log_who_did"),
            say("stories.sign_ins_and_looks_who"),
            say("stories.search_by_the_number"),
            say("stories.export_the_rows_found"),
        ),
    ),
)
