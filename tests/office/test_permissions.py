"""Every address has an audience, and nobody else learns that there is anything."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from jifen.lists import list_rules_on
from jifen.office.accounts.models import StaffRole, User
from jifen.office.audit.models import Access
from jifen.office.casework.models import Application, Decision, MaterialVersion, PointsPeriod
from jifen.office.consultation.access import access_consultation
from jifen.office.consultation.actions.comments import TypedComment, post_comment
from jifen.office.consultation.actions.publication import (
    ProposedConsultation,
    open_consultation,
    propose_consultation,
)
from jifen.office.consultation.actions.voices import voice_of
from jifen.office.consultation.models import Attachment, Consultation
from jifen.office.lists.actions.publication import make_list
from jifen.office.lists.actions.runs import open_run
from jifen.office.lists.models import Entry, Objection
from jifen.office.notices import sharing
from jifen.office.notices.actions import events, printing
from jifen.office.notices.models import Notice, Share
from jifen.office.registry.actions import members, permits
from jifen.office.registry.models import Membership
from jifen.office.web.permissions import EVERYBODY, LIBRARY, SIGNED_IN, TABLE
from jifen.office.workshop.actions.effects import keep_person, request_run
from jifen.office.workshop.actions.studies import request_study
from jifen.office.workshop.models import StudyKind
from tests.world.office import Office, photo, staff, unit, user
from tests.world.studio import BACHELOR, Studio, simulated
from tests.world.workbooks import handed_in

APART = ("account/", "account/password/reset/", "api/v1/")
"""Guarded by the library of signing in, and by the tokens of the API (tests/office/api)."""
# Those that take forms without a token: they store nothing and nobody is signed in.
WITHOUT_TOKEN = {
    *("list", "compare", "assess", "whole", "update", "save", "load", "route", "cards", "dates"),
    "consultation_score",
    # the token in its address is the right to do it; mail programs post it (RFC 8058)
    "consultation_leave",
}


WITHOUT_PEOPLE = {
    *("batch_template", "lead_export", "statistics_export"),
    *("studio_figures", "studio_difference", "studio_reform"),
    *("studio_sheet", "studio_report", "studio_report_pdf"),
}
"""Files of empty columns, of counts, and of rules."""
OF_OTHER_GATES = {"document", "preview"}
"""The police see only what proves a fact of their gate; no paper of this case does."""


def _patterns() -> list[URLPattern]:
    found: list[URLPattern] = []
    every = get_resolver().url_patterns
    waiting = [entry for entry in every if str(entry.pattern) not in APART]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLResolver):
            waiting += entry.url_patterns
        else:
            found.append(entry)
    return found


def _own() -> list[URLPattern]:
    """All but the pages of signing in, which the library guards."""
    return [p for p in _patterns() if not str(p.name).startswith(LIBRARY)]


def test_every_address_has_an_audience() -> None:
    assert {pattern.name for pattern in _own()} == set(TABLE)


def test_only_pages_that_keep_nothing_take_forms_without_a_token() -> None:
    exempt = {p.name for p in _own() if getattr(p.callback, "csrf_exempt", False)}
    assert exempt == WITHOUT_TOKEN


_KINDS = {"message_text": "submitted"}
"""What an address calls a kind, where it is none of a document."""


class _City:
    """One filed case, and one of every audience."""

    def __init__(self) -> None:
        office = Office()
        self.agent = user("agent")
        agency = unit(9, self.agent, kind="agency")
        members.grant_mandate(office.admin, office.unit, agency)
        self.case = office.submitted()
        Application.objects.filter(pk=self.case.pk).update(agency=agency)
        self.unit = office.unit
        self.workbook = handed_in(office)
        self.permit = permits.issue_permit(
            None,
            office.person,
            "shanghai",
            permits.RegisteredHome("pudong", "own_home"),
            registered_on=date(2020, 1, 1),
            ground="stable_job",
            on=timezone.localdate(),
        )
        self.points = self._points(office)
        events.issue_for_case_events()
        printing.print_due_notices()
        self.paper = Notice.objects.get(kind="receipt")
        sharing.create_share(office.person_user, self.paper, (), 7, "a school")
        self.share = Share.objects.get()
        self.version = MaterialVersion.objects.filter(material__application=self.case)[0].pk
        self.member = Membership.objects.filter(unit=self.unit)[0].pk
        self.mandate = self.unit.mandates_given.get().pk
        self.audiences: dict[str, User] = {
            "employer": office.admin,
            "agency": self.agent,
            "person": office.person_user,
            "clerk": office.clerk,
            "reviewer": office.police,
            "senior_clerk": office.senior,
            "supervisor": office.supervisor,
            "city_admin": staff("cityadmin", "city_admin"),
            "security_admin": staff("security", "security_admin"),
            "auditor": staff("auditor", "auditor"),
            "analyst": staff("analyst", "analyst"),
            "stranger": user("stranger"),
            "clerk elsewhere": staff("elsewhere", "clerk", district="xuhui"),
        }

        self._lists(office)
        self._studio()

    def _studio(self) -> None:
        """A draft of the same office, with figures and a sample person."""
        self.studio = Studio()
        revision = self.studio.save({BACHELOR: "80"})
        run = request_run(self.studio.hand(), revision, self.studio.population(200))
        assert run is not None
        simulated(run)
        self.study = request_study(self.studio.hand(), revision, run.population, StudyKind.WEIGHTS)
        self.somebody = keep_person(self.studio.hand(), "护士", {})
        self.studio.accept_cases()
        self.adoption = self.studio.propose()
        proposed = ProposedConsultation(10, "说明", None)
        propose_consultation(self.studio.hand(), proposed)
        self.consultation = Consultation.objects.get()
        hand = access_consultation(self.studio.approver, self.consultation.key)
        open_consultation(hand)
        citizen = voice_of(self.audiences["stranger"], "", "zh")
        typed = TypedComment("见附件")
        post_comment(self.consultation, citizen, typed, [("a.jpg", photo())])
        self.attachment = Attachment.objects.get().pk
        self.audiences |= {
            "policy_drafter": self.studio.drafter,
            "policy_reviewer": self.studio.reviewer,
            "policy_approver": self.studio.approver,
            "policy_moderator": self.studio.moderator,
        }

    def _lists(self, office: Office) -> None:
        """The same staff in Chengdu, with a list there that the person is on."""
        for who, role, district in (
            (office.clerk, "clerk", "wuhou"),
            (office.senior, "senior_clerk", "wuhou"),
            (office.supervisor, "supervisor", ""),
            (self.audiences["city_admin"], "city_admin", ""),
            (self.audiences["clerk elsewhere"], "clerk", "jintang"),
        ):
            StaffRole.objects.create(
                user=who, role=role, city="chengdu", district=district, since=date(2020, 1, 1)
            )
        self.entry = Entry.objects.create(
            decision=self.points.decision,
            city="chengdu",
            district="wuhou",
            rules="chengdu-list-2024",
            number="CH2024000000001",
            name="王**",
            total=Decimal(140),
            line=Decimal(100),
            decided_on=date(2024, 3, 1),
        )
        self.objection = Objection.objects.create(
            entry=self.entry,
            words="理由",
            filed_by=self.agent,
            filed_on=date(2024, 3, 4),
            due_on=date(2024, 3, 25),
        )
        self.list = make_list(
            list_rules_on("chengdu", date(2024, 3, 1)),
            "publicity",
            date(2024, 3, 4),
            [self.entry],
            until=date(2024, 3, 7),
        )
        self.run = open_run(office.supervisor, "chengdu", 2019, date(2019, 9, 16))

    def _points(self, office: Office) -> PointsPeriod:
        """The points of an earlier decision of the case."""
        decision = Decision.objects.create(
            application=self.case,
            number=1,
            outcome="reached",
            total=166,
            on=self.case.on,
            policy="shanghai-points",
            policy_version="2018",
            policy_hash="",
            engine_version="1",
            facts="{}",
            result='{"lines": []}',
            proposed_by=office.clerk,
            void_at=timezone.now(),
        )
        return PointsPeriod.objects.create(
            person=office.person,
            city="shanghai",
            decision=decision,
            permit=self.permit,
            employer=office.unit,
            since=timezone.localdate(),
            until=self.permit.valid_until,
        )

    def address(self, name: str) -> str:
        """The address of this city's case, unit, document…"""
        known: dict[str, Any] = {
            "key": self.case.key,
            "city": "shanghai",
            "version": self.version,
            "number": 1,
            "kind": _KINDS.get(name, "diploma"),
            "gate": "office",
            "fact": "education",
            "pk": self.unit.pk,
            "member": self.member,
            "mandate": self.mandate,
            "record": 1,
            "token": "none",
            "code": "none",
            "old": "2015",
            "new": "2018",
            "serial": 1,
            "name": self.run.name,
            "channel": "sms",
        }
        pattern = next(p for p in _own() if p.name == name)
        names = pattern.pattern.converters
        if name in ("permit", "permit_act"):
            known["pk"] = self.permit.pk
        if name.startswith("points"):
            known["pk"] = self.points.pk
        if name.startswith(("list_entry", "my_place")):
            known["pk"] = self.entry.pk
        if name == "objection_act":
            known["pk"] = self.objection.pk
        if name in ("list_export", "list_document"):
            known["pk"] = self.list.pk
        if name.startswith("paper"):
            known |= {"key": self.paper.key, "pk": self.share.pk}
        if name.startswith("batch_re"):
            known["key"] = self.workbook.key
        if name in ("book", "diff"):
            known["version"] = "2018"
        if name.startswith("studio"):
            apart = {
                "studio_adopt": self.adoption.key,
                "studio_study": self.study.key,
                "studio_take": self.study.key,
            }
            key = apart.get(name, self.studio.key)
            known |= {"key": key, "pk": self.somebody.pk, "number": 2}
            known |= {"old": 1, "new": 2}

        known |= self._of_consultation(name)
        return reverse(name, kwargs={n: known[n] for n in names})

    def _of_consultation(self, name: str) -> dict[str, Any]:
        if name not in ("studio_consultation_act", "studio_comments", "studio_attachment"):
            return {}
        return {"key": self.consultation.key, "pk": self.attachment, "number": 1}


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> _City:
    del db
    monkeypatch.setattr(settings, "JIFEN_POPULATIONS", str(tmp_path))
    # the second factor has tests of its own
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    return _City()


def _answers(client: Client, address: str) -> set[int]:
    """What GET and POST answer; whatever the POST did is undone."""
    with transaction.atomic():
        found = {client.get(address).status_code, client.post(address).status_code}
        transaction.set_rollback(True)
    return found


def test_nobody_reaches_anything_without_signing_in(city: _City) -> None:
    client = Client()
    for name, audience in TABLE.items():
        if audience is EVERYBODY:
            continue
        for response in (client.get(city.address(name)), client.post(city.address(name))):
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/account/login/"), name


def test_every_audience_reaches_its_own_and_nothing_else(city: _City) -> None:
    """What is somebody else's looks exactly like what does not exist."""
    for who, one in city.audiences.items():
        client = Client()
        client.force_login(one)
        for name, audience in TABLE.items():
            if audience is EVERYBODY or audience is SIGNED_IN:
                continue
            if name in ("unit_licence", "hearing_letter") and who in audience:
                continue  # a unit confirmed without a picture, a case of which nothing was found
            found = _answers(client, city.address(name))
            own_desk = who == "clerk elsewhere" and name in ("desk", "units_waiting")
            is_kept_away = who == "reviewer" and name in OF_OTHER_GATES
            if (who in audience or own_desk) and not is_kept_away:
                # a refused act is told in words; a wrong method is told as such; what is stored
                # while somebody types answers with nothing
                assert found & {200, 204, 302, 422}, (who, name, found)
            else:
                assert found <= {404, 405}, (who, name, found)


def test_every_page_that_shows_somebody_is_in_the_log(city: _City) -> None:
    """Whoever sees the name or the number of somebody else leaves account and address."""
    shown = [city.case.person.name, city.case.number, city.case.person.identity]
    silent = set()
    for who, one in city.audiences.items():
        client = Client()
        client.force_login(one)
        for name, audience in TABLE.items():
            if audience is EVERYBODY or who == "person" or name in WITHOUT_PEOPLE:
                continue
            with transaction.atomic():
                answer = client.get(city.address(name))
                content = b"".join(answer) if answer.streaming else answer.content
                looks = Access.objects.filter(actor=f"user:{one.pk}", source="127.0.0.1")
                is_shown = answer.headers.get("Content-Type", "").startswith("application/") or any(
                    str(text).encode() in content for text in shown
                )
                if answer.status_code == 200 and is_shown and not looks.exists():
                    silent.add((who, name))
                transaction.set_rollback(True)
    assert not silent, sorted({name for _, name in silent})


def test_a_case_that_does_not_exist_looks_the_same(city: _City) -> None:
    client = Client()
    client.force_login(city.audiences["stranger"])
    for name in ("case", "review", "draft"):
        other = str(uuid4())
        there = client.get(city.address(name))
        gone = client.get(reverse(name, args=[other]))
        said = gone.content.decode().replace(other, str(city.case.key))
        assert (there.status_code, there.content.decode()) == (gone.status_code, said)


def test_an_address_without_a_row_answers_nobody(
    city: _City, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.force_login(city.audiences["employer"])
    assert client.get("/my/").status_code == 200
    monkeypatch.delitem(TABLE, "my")
    assert client.get("/my/").status_code == 404


def test_the_end_of_a_mandate_ends_what_the_agency_sees(city: _City) -> None:
    client = Client()
    client.force_login(city.agent)
    assert client.get(city.address("case")).status_code == 200
    mandate = city.unit.mandates_given.get()
    members.end_mandate(city.audiences["employer"], mandate)
    assert client.get(city.address("case")).status_code == 404


def test_staff_without_a_second_factor_reach_only_its_set_up(
    db: None, django_user_model: Any
) -> None:
    del db, django_user_model
    client = Client()
    client.force_login(staff("new clerk", "clerk"))
    assert client.get("/desk/").headers["Location"] == "/account/2fa/"
    page = client.get("/account/2fa/")
    assert page.status_code == 200
    assert "工作人员须启用双重验证" in page.content.decode()
    htmx = client.get("/desk/", headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == "/account/2fa/"
