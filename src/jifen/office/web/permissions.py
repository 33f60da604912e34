"""Who may know of each address. An address that is not in this table answers nobody (404).

The doors (`access_case`, `access_unit`, …) decide on the single case; this table says for which
audiences there is anything at all. A test walks it for every address and every audience.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

EVERYBODY = frozenset({"anonymous"})
SIGNED_IN = frozenset({"signed in"})
APPLICANTS = frozenset({"employer", "agency", "person"})
EMPLOYER = frozenset({"employer"})
DESK = frozenset({"clerk", "reviewer", "senior_clerk", "supervisor", "city_admin"})
KNOWING = APPLICANTS | DESK
LISTS = DESK - {"reviewer"}
RANKING = frozenset({"supervisor", "city_admin"})
WINDOW = frozenset({"clerk", "senior_clerk", "supervisor", "clerk elsewhere"})

STUDIO = frozenset({"policy_drafter", "policy_reviewer", "policy_approver", "policy_moderator"})

PUBLIC = (
    *("home", "healthz", "readyz", "robots", "favicon", "compare", "assess", "whole", "update"),
    *("save", "load", "route", "cards", "dates", "device", "screens", "module"),
    *("service_worker", "offline", "sitemap", "privacy", "accessibility", "questions"),
    *("versions", "book", "diff", "sandbox", "sandbox_phone", "calendar_feed"),
    *("sandbox_clock", "sandbox_stories"),
    *("lists", "list", "list_signature", "opens", "offices"),
    # papers are checked by their code, seen by a share of their holder
    *("verify", "verified", "share", "notice_keys", "notice_revoked", "notice_credential_kind"),
    *("notice_offline", "notice_issuer"),
    # versions that were put in force here, with what the office signed
    *("edition", "edition_text", "edition_statement", "edition_folder"),
    # drafts that are open for comment; what is not published does not exist
    *("consultations", "consultation", "consultation_comment", "consultation_done"),
    *("consultation_support", "consultation_confirm", "consultation_score", "consultation_json"),
    *("consultation_csv", "consultation_pdf", "consultation_statement", "consultation_attachment"),
    *("consultation_revision", "consultation_leave", "subscribe"),
)
_CASE = (
    *("case", "draft", "draft_save", "consent", "upload", "document", "drop", "preview"),
    *("submit", "resubmit", "withdraw", "ask_expedite", "ask_recheck", "answer_false", "family"),
    *("renewal_choice", "materials_pdf", "answer_message"),
    *("upload_files", "sort_files", "prefill", "application_form"),
)
_DESK = (
    *("review", "reveal", "take", "find", "confirm_all", "ask_correction", "decision", "lane"),
    *("reverse_lapse", "decide_recheck", "false_material", "change_employer", "hand_over"),
    *("case_note", "case_message", "form_draft"),
)
_QUEUE = ("desk", "take_next", "queue_acts", "queue_views", "queue_absence")
_UNIT = [
    "unit",
    "unit_change",
    "unit_invite",
    "unit_leave",
    "mandate_grant",
    "mandate_end",
    "unit_tokens",
    "unit_groups",
]
_STUDIO = (
    *("studio", "studio_populations", "studio_draft", "studio_history", "studio_text"),
    *("studio_person", "studio_compare", "studio_revision", "studio_effect", "studio_simulate"),
    *("studio_figures", "studio_difference", "studio_reform", "studio_compare_two"),
    *("studio_adoption", "studio_adopt", "studio_indicator", "studio_fact", "studio_beside"),
    *("studio_consultation", "studio_consultation_act", "studio_comments", "studio_attachment"),
    *("studio_sheet", "studio_report", "studio_report_pdf"),
    *("studio_propose", "studio_weigh", "studio_weigh_beside", "studio_study", "studio_take"),
    # a colleague whose role does not do this is told so
    *("studio_person_new", "studio_restore", "studio_case", "studio_state"),
)

TABLE: dict[str, frozenset[str]] = {
    **dict.fromkeys(PUBLIC, EVERYBODY),
    **dict.fromkeys(["my", "claim", "begin", "unit_new", "unit_join"], SIGNED_IN),
    **dict.fromkeys(["calendar", "inbox", "work"], SIGNED_IN),
    **dict.fromkeys(["permit", "permit_act"], WINDOW | {"person"}),
    **dict.fromkeys(("permit_window", "ties"), WINDOW),
    "points_employer": frozenset({"person"}),
    **dict.fromkeys(["points", "points_route"], APPLICANTS),
    "points_renew": frozenset({"employer", "agency"}),
    **dict.fromkeys(
        ["renewals", "renewals_sheet", "staff_ahead"], frozenset({"employer", "agency"})
    ),
    **dict.fromkeys(_UNIT, EMPLOYER),
    **dict.fromkeys(_CASE, KNOWING),
    # another department sees no notices, and no list of what was claimed at other gates
    **dict.fromkeys(
        ("paper", "paper_pdf", "materials_pdf", "application_form"), KNOWING - {"reviewer"}
    ),
    **dict.fromkeys(_DESK, DESK),
    **dict.fromkeys(_QUEUE, (DESK - {"city_admin"}) | {"clerk elsewhere"}),
    "text_blocks": frozenset({"clerk", "senior_clerk", "supervisor", "clerk elsewhere"}),
    "hearing_letter": frozenset({"clerk", "senior_clerk", "supervisor"}),
    "sign_batch": frozenset({"senior_clerk", "supervisor"}),
    **dict.fromkeys(("batch", "batch_template"), frozenset({"employer", "agency"})),
    **dict.fromkeys(("batch_result", "batch_report"), EMPLOYER),
    "units_waiting": DESK - {"reviewer"},
    "unit_review": frozenset({"clerk", "senior_clerk", "supervisor", "city_admin"}),
    "unit_licence": frozenset({"employer", "clerk", "senior_clerk", "supervisor", "city_admin"}),
    **dict.fromkeys(("own_data", "my_looks"), frozenset({"person"})),
    # only the holder of a paper shares it
    **dict.fromkeys(("paper_share", "paper_share_end", "paper_credential"), frozenset({"person"})),
    "checkers": frozenset({"city_admin"}),
    **dict.fromkeys(("lead", "lead_export"), frozenset({"supervisor", "city_admin"})),
    "log": frozenset({"auditor"}),
    **dict.fromkeys(("background", "offices_desk", "retention_desk"), frozenset({"city_admin"})),
    **dict.fromkeys(
        ("calendar_desk", "districts_desk", "message_texts", "message_text", "staff"),
        frozenset({"security_admin", "city_admin"}),
    ),
    "staff_accounts": frozenset({"security_admin"}),
    **dict.fromkeys(("statistics", "statistics_export"), frozenset({"analyst", "city_admin"})),
    "lists_desk": LISTS | {"clerk elsewhere"},
    **dict.fromkeys(("list_entry", "list_entry_act", "objection_act"), LISTS),
    **dict.fromkeys(("list_export", "list_document"), LISTS | {"clerk elsewhere"}),
    **dict.fromkeys(("run_open", "run", "run_act", "run_export"), RANKING),
    **dict.fromkeys(("my_place", "my_place_act", "my_opens"), frozenset({"person"})),
    "list_object": SIGNED_IN,
    **dict.fromkeys(_STUDIO, STUDIO),
}
LIBRARY = ("account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")
"""Names of the pages of signing in; the library guards them itself. Operations of the API
(namespace `api`) are guarded by their tokens; a test walks them too."""


class PermissionMiddleware:
    """Default deny: an address without a row here is nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Before any view runs."""
        del view, args, kwargs
        match = request.resolver_match
        name = (match.url_name if match else "") or ""
        if name.startswith(LIBRARY) or (match and match.namespace == "api"):
            return None
        audience = TABLE.get(name)
        if audience is None:
            raise Http404
        if audience is EVERYBODY or request.user.is_authenticated:
            return None
        return redirect_to_login(request.get_full_path())
