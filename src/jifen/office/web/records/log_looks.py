"""At what somebody looked, in words, by what the log of accesses names it."""

from collections.abc import Mapping

from jifen.office.web.records.words import say
from jifen.policy.text import Text

LOOKS: Mapping[str, Text] = {
    "log": say("log_looks.log"),
    "log export": say("log_looks.log_export"),
    "case": say("log_looks.case"),
    "draft": say("log_looks.draft"),
    "signing": say("log_looks.signing"),
    "list of documents": say("log_looks.list_of_documents"),
    "letter about a finding": say("log_looks.letter_about_a_finding"),
    "permit": say("log_looks.permit"),
    "permit window": say("log_looks.permit_window"),
    "points": say("log_looks.points"),
    "years ahead": say("log_looks.years_ahead"),
    "notice": say("log_looks.notice"),
    "notice pdf": say("log_looks.notice_pdf"),
    "notice pdf by API": say("log_looks.notice_pdf_by_api"),
    "corrections by API": say("log_looks.corrections_by_api"),
    "expedite by API": say("log_looks.expedite_by_api"),
    "rechecks by API": say("log_looks.rechecks_by_api"),
    "facts by API": say("log_looks.facts_by_api"),
    "case by API": say("log_looks.case_by_api"),
    "list entry": say("log_looks.list_entry"),
    "own data": say("log_looks.own_data"),
    "who looked": say("log_looks.who_looked"),
    "failed deliveries": say("log_looks.failed_deliveries"),
    "expired cases": say("log_looks.expired_cases"),
    "list of work": say("log_looks.list_of_work"),
    "list of cases": say("log_looks.list_of_cases"),
    "queue": say("log_looks.queue"),
    "search": say("log_looks.search"),
    "batch": say("log_looks.batch"),
    "batch report": say("log_looks.batch_report"),
    "ranking": say("log_looks.ranking"),
    "ranking export": say("log_looks.ranking_export"),
    "list export": say("log_looks.list_export"),
    "calendar": say("log_looks.calendar"),
    "years ahead of staff": say("log_looks.years_ahead_of_staff"),
    "points of staff": say("log_looks.points_of_staff"),
    "facts of staff": say("log_looks.facts_of_staff"),
}
