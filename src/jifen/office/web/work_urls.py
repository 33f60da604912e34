"""The addresses of those who signed in. None of them holds personal data."""

from django.urls import path

from jifen.office.web import work_page
from jifen.office.web.cases import draft, views
from jifen.office.web.consultation import (
    files as consultation_files,
)
from jifen.office.web.consultation import (
    office as consultation_office,
)
from jifen.office.web.consultation import (
    opinions,
    score,
    subscriptions,
)
from jifen.office.web.consultation import (
    published as published_drafts,
)
from jifen.office.web.desk import decisions, facts, gates, queue
from jifen.office.web.desk import review as desk_review
from jifen.office.web.lists import own_lists as my_lists
from jifen.office.web.lists import public as public_lists
from jifen.office.web.lists import rounds
from jifen.office.web.lists import staff as list_staff
from jifen.office.web.mine import entitlements as my_opens
from jifen.office.web.mine import views as mine
from jifen.office.web.notices import checkers, published, shared, verify
from jifen.office.web.notices import own_notices as papers
from jifen.office.web.records import staff, ties
from jifen.office.web.records import views as records
from jifen.office.web.studio import adoption, editor, files, history, persons, report, studies
from jifen.office.web.studio import drafts as studio_drafts
from jifen.office.web.units import batch, groups
from jifen.office.web.units import views as units
from jifen.office.web.yearly import calendar, inbox, permits, points, route

urlpatterns = [
    path("my/", mine.show_my_page, name="my"),
    path("work/", work_page.work, name="work"),
    path("my/self", mine.claim_identity, name="claim"),
    path("my/data", mine.export_my_data, name="own_data"),
    path("my/begin/<slug:city>", mine.begin_case, name="begin"),
    path("units/new/<slug:city>", units.register_unit, name="unit_new"),
    path("units/join/<str:token>", units.join_unit, name="unit_join"),
    path("units/waiting", units.list_waiting_units, name="units_waiting"),
    path("units/<number:pk>", units.show_unit, name="unit"),
    path("units/<number:pk>/change", units.change_unit, name="unit_change"),
    path("units/<number:pk>/invite", units.invite_member, name="unit_invite"),
    path("units/<number:pk>/members/<number:member>/end", units.end_membership, name="unit_leave"),
    path("units/<number:pk>/mandates", units.grant_mandate, name="mandate_grant"),
    path("units/<number:pk>/mandates/<number:mandate>/end", units.end_mandate, name="mandate_end"),
    path("units/<number:pk>/batch", batch.upload_batch, name="batch"),
    path("units/<number:pk>/batch/template", batch.show_batch_template, name="batch_template"),
    path("workbooks/<uuid:key>", batch.show_batch_result, name="batch_result"),
    path("workbooks/<uuid:key>/to-mend.xlsx", batch.show_batch_report, name="batch_report"),
    path("units/<number:pk>/review", units.review_unit, name="unit_review"),
    path("units/<number:pk>/licence/<number:number>", units.show_licence, name="unit_licence"),
    path("cases/<uuid:key>", views.case, name="case"),
    path("cases/<uuid:key>/draft", draft.draft, name="draft"),
    path("cases/<uuid:key>/draft/save", draft.save, name="draft_save"),
    path("cases/<uuid:key>/consent", draft.consent, name="consent"),
    path("cases/<uuid:key>/documents/<slug:kind>", views.upload, name="upload"),
    path("cases/<uuid:key>/versions/<number:version>", views.document, name="document"),
    path("cases/<uuid:key>/versions/<number:version>/drop", views.drop, name="drop"),
    path(
        "cases/<uuid:key>/versions/<number:version>/page/<number:number>",
        views.preview,
        name="preview",
    ),
    path("cases/<uuid:key>/submit", views.file_case, name="submit"),
    path("cases/<uuid:key>/resubmit", views.resubmit, name="resubmit"),
    path("cases/<uuid:key>/withdraw", views.withdraw, name="withdraw"),
    path("cases/<uuid:key>/expedite", views.ask_expedite, name="ask_expedite"),
    path("cases/<uuid:key>/recheck", views.ask_recheck, name="ask_recheck"),
    path("cases/<uuid:key>/answer/<number:record>", views.answer_false, name="answer_false"),
    path("desk/", queue.desk, name="desk"),
    path("desk/lists/", list_staff.lists_desk, name="lists_desk"),
    path("desk/lists/entries/<number:pk>", list_staff.entry, name="list_entry"),
    path("desk/lists/entries/<number:pk>/act", list_staff.entry_act, name="list_entry_act"),
    path("desk/lists/objections/<number:pk>", list_staff.objection_act, name="objection_act"),
    path("desk/lists/<number:pk>.xlsx", list_staff.list_export, name="list_export"),
    path("desk/lists/<number:pk>.json", list_staff.list_document, name="list_document"),
    path("desk/lists/runs/", rounds.run_open, name="run_open"),
    path("desk/lists/runs/<str:name>", rounds.run, name="run"),
    path("desk/lists/runs/<str:name>/act", rounds.run_act, name="run_act"),
    path("desk/lists/runs/<str:name>/export", rounds.run_export, name="run_export"),
    path("my/opens/<slug:city>", my_opens.show_my_entitlements, name="my_opens"),
    path("my/place/<number:pk>", my_lists.my_place, name="my_place"),
    path("my/place/<number:pk>/act", my_lists.my_place_act, name="my_place_act"),
    path("lists/<slug:city>/<number:serial>/object", public_lists.object_to, name="list_object"),
    path("desk/<uuid:key>", desk_review.case_review, name="review"),
    path("desk/<uuid:key>/reveal", gates.reveal, name="reveal"),
    path("desk/<uuid:key>/gates/<slug:gate>", gates.take, name="take"),
    path("desk/<uuid:key>/gates/<slug:gate>/hand-over", gates.give, name="hand_over"),
    path("desk/<uuid:key>/facts/<slug:fact>", facts.find, name="find"),
    path("desk/<uuid:key>/confirm", facts.confirm_all, name="confirm_all"),
    path("desk/<uuid:key>/correction", facts.ask, name="ask_correction"),
    path("desk/<uuid:key>/decision", decisions.decision, name="decision"),
    path("desk/<uuid:key>/lane", decisions.lane, name="lane"),
    path("desk/<uuid:key>/lapse", decisions.reverse_lapse, name="reverse_lapse"),
    path("desk/<uuid:key>/recheck", decisions.recheck, name="decide_recheck"),
    path("desk/<uuid:key>/false", decisions.false_material, name="false_material"),
    path("permits/", permits.window, name="permit_window"),
    path("people/ties", ties.ties, name="ties"),
    path("permits/<number:pk>", permits.permit, name="permit"),
    path("permits/<number:pk>/act", permits.permit_act, name="permit_act"),
    path("points/<number:pk>", points.points, name="points"),
    path("points/<number:pk>/renew", points.renew, name="points_renew"),
    path("points/<number:pk>/employer", points.employer, name="points_employer"),
    path("points/<number:pk>/route", route.points_route, name="points_route"),
    path("units/<number:pk>/ahead", route.staff, name="staff_ahead"),
    path("cases/<uuid:key>/renewal", points.renewal_choice, name="renewal_choice"),
    path("units/<number:pk>/groups", groups.manage_groups, name="unit_groups"),
    path("units/<number:pk>/renewals", points.renewals, name="renewals"),
    path("units/<number:pk>/renewals.xlsx", points.renewals_sheet, name="renewals_sheet"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("v/", verify.verify, name="verify"),
    path("v/keys.json", published.keys, name="notice_keys"),
    path("v/revoked.jwt", published.revoked, name="notice_revoked"),
    path("v/line-reached", published.kind_of_credential, name="notice_credential_kind"),
    path("v/offline.html", published.offline_page, name="notice_offline"),
    path(".well-known/jwt-vc-issuer", published.issuer, name="notice_issuer"),
    path("v/<str:code>", verify.verified, name="verified"),
    path("s/<str:token>", shared.share_page, name="share"),
    path("papers/<uuid:key>", papers.paper, name="paper"),
    path("papers/<uuid:key>/paper.pdf", papers.paper_pdf, name="paper_pdf"),
    path("papers/<uuid:key>/share", papers.paper_share, name="paper_share"),
    path("papers/<uuid:key>/share/<number:pk>/end", papers.paper_share_end, name="paper_share_end"),
    path("papers/<uuid:key>/credential", papers.paper_credential, name="paper_credential"),
    path("cases/<uuid:key>/materials.pdf", papers.materials_pdf, name="materials_pdf"),
    path("checkers/", checkers.checkers, name="checkers"),
    path("lead/", records.lead, name="lead"),
    path("lead/export.xlsx", records.lead_export, name="lead_export"),
    path("log/", records.log, name="log"),
    path("staff/", staff.staff, name="staff"),
    path("statistics/", staff.statistics, name="statistics"),
    path("statistics/export.xlsx", staff.statistics_export, name="statistics_export"),
    path("cases/<uuid:key>/family", draft.family, name="family"),
    path("desk/<uuid:key>/employer", gates.employer, name="change_employer"),
    path("studio/", studio_drafts.studio, name="studio"),
    path("consultations/", published_drafts.consultations, name="consultations"),
    path(
        "consultations/confirm/<slug:kind>/<uuid:key>/<slug:token>",
        opinions.confirm,
        name="consultation_confirm",
    ),
    path(
        "consultations/leave/<uuid:key>/<slug:token>",
        subscriptions.leave,
        name="consultation_leave",
    ),
    path("consultations/subscribe", subscriptions.subscribe, name="subscribe"),
    path("consultations/<uuid:key>/", published_drafts.consultation, name="consultation"),
    path("consultations/<uuid:key>/comment", opinions.comment, name="consultation_comment"),
    path("consultations/<uuid:key>/done", opinions.done, name="consultation_done"),
    path(
        "consultations/<uuid:key>/comments/<number:number>/support",
        opinions.support,
        name="consultation_support",
    ),
    path("consultations/<uuid:key>/score", score.score, name="consultation_score"),
    path(
        "consultations/<uuid:key>/revisions/<number:number>",
        published_drafts.revision,
        name="consultation_revision",
    ),
    path(
        "consultations/<uuid:key>/comments.json",
        consultation_files.comments_json,
        name="consultation_json",
    ),
    path(
        "consultations/<uuid:key>/comments.csv",
        consultation_files.comments_csv,
        name="consultation_csv",
    ),
    path(
        "consultations/<uuid:key>/summary.pdf",
        consultation_files.summary_pdf,
        name="consultation_pdf",
    ),
    path(
        "consultations/<uuid:key>/summary.jws",
        consultation_files.summary_statement,
        name="consultation_statement",
    ),
    path(
        "consultations/<uuid:key>/attachments/<number:pk>/<number:number>",
        consultation_files.attachment,
        name="consultation_attachment",
    ),
    path(
        "studio/<uuid:key>/consultation",
        consultation_office.consultation,
        name="studio_consultation",
    ),
    path(
        "studio/consultations/<uuid:key>/act",
        consultation_office.consultation_act,
        name="studio_consultation_act",
    ),
    path(
        "studio/consultations/<uuid:key>/comments",
        consultation_office.comments,
        name="studio_comments",
    ),
    path(
        "studio/consultations/<uuid:key>/attachments/<number:pk>/<number:number>",
        consultation_files.office_attachment,
        name="studio_attachment",
    ),
    path("studio/populations", studio_drafts.populations, name="studio_populations"),
    path("studio/<uuid:key>/", editor.draft, name="studio_draft"),
    path("studio/<uuid:key>/state", editor.state, name="studio_state"),
    path("studio/<uuid:key>/cases", editor.judge, name="studio_case"),
    path("studio/<uuid:key>/history", history.history, name="studio_history"),
    path("studio/<uuid:key>/compare", history.compare_two, name="studio_compare_two"),
    path("studio/<uuid:key>/adoption", adoption.adoption, name="studio_adoption"),
    path("studio/studies/<uuid:key>", studies.study, name="studio_study"),
    path("studio/studies/<uuid:key>/take", studies.take, name="studio_take"),
    path("studio/<uuid:key>/<number:number>/propose", studies.propose, name="studio_propose"),
    path("studio/<uuid:key>/<number:number>/weigh", studies.weigh, name="studio_weigh"),
    path("studio/adoptions/<uuid:key>", adoption.decide, name="studio_adopt"),
    path("editions/<uuid:key>/", adoption.edition, name="edition"),
    path("editions/<uuid:key>/folder.zip", adoption.edition_folder, name="edition_folder"),
    path("editions/<uuid:key>/measure.yaml", adoption.edition_text, name="edition_text"),
    path("editions/<uuid:key>/statement.jws", adoption.edition_statement, name="edition_statement"),
    path("studio/<uuid:key>/text", history.text, name="studio_text"),
    path("studio/<uuid:key>/persons/new", persons.person, name="studio_person_new"),
    path("studio/<uuid:key>/persons/<number:pk>", persons.person, name="studio_person"),
    path(
        "studio/<uuid:key>/compare/<number:old>/<number:new>",
        history.compare,
        name="studio_compare",
    ),
    path("studio/<uuid:key>/<number:number>/", editor.revision, name="studio_revision"),
    path("studio/<uuid:key>/<number:number>/effect", editor.effect, name="studio_effect"),
    path("studio/<uuid:key>/<number:number>/simulate", editor.simulate, name="studio_simulate"),
    path("studio/<uuid:key>/<number:number>/restore", history.restore, name="studio_restore"),
    path("studio/<uuid:key>/<number:number>/figures.csv", files.figures, name="studio_figures"),
    path(
        "studio/<uuid:key>/<number:number>/difference.csv",
        files.difference,
        name="studio_difference",
    ),
    path("studio/<uuid:key>/<number:number>/figures.xlsx", report.sheet, name="studio_sheet"),
    path("studio/<uuid:key>/<number:number>/report.html", report.page, name="studio_report"),
    path("studio/<uuid:key>/<number:number>/report.pdf", report.pdf, name="studio_report_pdf"),
    path("studio/<uuid:key>/<number:number>/draft.yaml", files.reform, name="studio_reform"),
]
