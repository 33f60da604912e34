"""Filling an empty sandbox: cases in every state, through the same acts as in service."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from jifen.office.accounts.models import InstallationMark, User
from jifen.office.accounts.role_grants import add_role
from jifen.office.audit.actions import SYSTEM, record
from jifen.office.casework.access import CaseAccess, access_case
from jifen.office.casework.actions import (
    corrections,
    decisions,
    drafts,
    expedited_lane,
    materials,
    post_decision,
    registers,
    review,
    submission,
)
from jifen.office.casework.actions.gates import list_open_facts
from jifen.office.casework.form_values import to_form_value
from jifen.office.casework.models import Application, Decision, State
from jifen.office.documents.actions import store_document
from jifen.office.lists.actions.daily import run_daily_steps
from jifen.office.registry.actions import members, people, permits, units
from jifen.office.registry.models import Person, RegisterEntry, Unit
from jifen.office.registry.registers import BUSINESS, CREDIT_CODE
from jifen.office.sandbox.cast import (
    CHENGDU,
    MARK,
    OTHERS,
    PASSWORD,
    PEOPLE,
    PERMITS,
    SECRET,
    SHANGHAI,
    STAFF,
    TEXTS,
    Player,
    build_credit_code,
    build_identity_number,
)
from jifen.office.vault.seal import blind_index
from jifen.policy.months import subtract_months


def seed_sandbox() -> bool:
    """Fill an empty sandbox; whether there was anything to do. All of it or nothing."""
    if User.objects.exists():
        return False
    with transaction.atomic():
        InstallationMark.objects.get_or_create(name=MARK, defaults={"value": "yes"})
        record(MARK, actor=SYSTEM)
        _Seeder().seed_everything()
    return True


class _Seeder:
    def __init__(self) -> None:
        self.users = {p.username: _create_user(p) for p in (*STAFF, *OTHERS)}
        self.number = 0

    def seed_everything(self) -> None:
        """Units, people, registers, cases."""
        self.unit = self._register_unit(TEXTS["employer"], "employer", self.users["employer"], 1)
        members.accept_invitation(
            self.users["operator"],
            members.invite_member(self.users["employer"], self.unit, "operator"),
        )
        agency = self._register_unit(TEXTS["agency"], "agency", self.users["agency"], 2)
        members.grant_mandate(self.users["employer"], self.unit, agency)
        self._register_unit(
            TEXTS["unconfirmed_employer"], "employer", self.users["operator"], 3, confirm=False
        )
        for name, act in zip(PEOPLE, self._list_stories(), strict=True):
            act(self._register_person(name, "1990-03-15"))
        Application.objects.filter(state=State.DECIDED).update(renews_itself=True)
        self._seed_chengdu()

    def _list_stories(self) -> list[Callable[[Person], Any]]:
        """One for each person of the cast: every state once."""
        return [
            lambda p: self._decide_case(p, consent=self.users["person"]),
            self._open_draft,
            self._submit_case,
            lambda p: self._confirm_facts(self._submit_case(p)),
            self._ask_correction,
            self._propose_decision,
            lambda p: self._decide_case(p, education="none"),
            lambda p: self._decide_case(p, serious_crime=True),
            self._ask_recheck,
            self._withdraw_case,
            self._ask_expedited_lane,
            self._let_case_lapse,
        ]

    def _register_unit(
        self, name: str, kind: str, by: User, number: int, *, confirm: bool = True
    ) -> Unit:
        code = build_credit_code(number)
        facts = {"name": name, "district": "pudong", "state": TEXTS["unit_state"]}
        RegisterEntry.objects.create(
            register=BUSINESS,
            city="shanghai",
            key_index=blind_index(code, CREDIT_CODE),
            facts=facts,
            as_of=timezone.localdate(),
        )
        licence = store_document(
            draw_sample_page(TEXTS["licence"].format(name=name)), "licence.jpg", by
        )
        particulars = units.Particulars(name, "pudong", TEXTS["address"], licence)
        unit = units.register_unit(by, kind, "shanghai", code, particulars)
        if confirm:
            version = unit.versions.get()
            units.review_unit(self.users["clerk"], version, confirm=True, words="")
            unit.refresh_from_db()
        by.__dict__.pop("_units", None)
        return unit

    def _register_person(self, name: str, born: str, city: str = "shanghai") -> Person:
        self.number += 1
        number = build_identity_number(self.number, born.replace("-", ""))
        person = people.find_or_add_person(self.users["employer"], number, name, "13800000000")
        facts: dict[str, dict[str, Any]] = {
            "household": {"birth_date": born, "permit_valid": True},
            "police": {
                fact: SHANGHAI[fact]
                for fact in (
                    *("detention_dates", "ordinary_crime_dates", "serious_crime"),
                    *("false_material_dates", "family_planning_breach"),
                )
            }
            if city == "shanghai"
            else {"detention_dates": []},
        }
        if city == "shanghai":
            insurance_prefixes = ("insured_", "base_", "employed_and_insured")
            facts["insurance"] = {
                f: v for f, v in SHANGHAI.items() if f.startswith(insurance_prefixes)
            }
        for register, register_facts in facts.items():
            RegisterEntry.objects.create(
                register=register,
                city=city,
                key_index=person.identity_index,
                facts=register_facts,
                as_of=timezone.localdate(),
            )
        self._issue_permit(person, city)
        return person

    def _issue_permit(self, person: Person, city: str) -> None:
        """Permits that end one after another, so that some are endorsed by the worker at once,
        some are refused, and one is late."""
        today = timezone.localdate()
        ends, dwelling, lease = PERMITS[self.number % len(PERMITS)]
        home = permits.RegisteredHome(
            "pudong" if city == "shanghai" else "wuhou",
            dwelling,
            today + timedelta(days=lease) if lease else None,
        )
        permits.issue_permit(
            None,
            person,
            city,
            home,
            registered_on=today - timedelta(days=900),
            ground="stable_job",
            on=subtract_months(today + timedelta(days=ends), 12),
        )

    def _open_draft(
        self, person: Person, consent: User | None = None, **changes: Any
    ) -> CaseAccess:
        operator = self.users["operator"]
        operator.__dict__.pop("_units", None)
        case = drafts.open_draft(operator, "shanghai", person, unit=self.unit, district="pudong")
        drafts.save_draft(case, _to_field_inputs(SHANGHAI | changes), seen=0)
        Person.objects.filter(pk=person.pk).update(user=consent)
        return access_case(operator, case.application.key)

    def _submit_case(self, person: Person, consent: User | None = None, **changes: Any) -> Any:
        case = self._open_draft(person, consent, **changes)
        Application.objects.filter(pk=case.application.pk).update(consent_at=timezone.now())
        self._upload_materials(case, "operator")
        case = access_case(self.users["operator"], case.application.key)
        submitted = submission.submit_case(case, f"sandbox-{case.application.pk}")
        registers.ask_due_registers()
        return Application.objects.get(pk=submitted.pk)

    def _upload_materials(self, case: CaseAccess, username: str) -> None:
        for missing in materials.list_missing_materials(case.application):
            case = access_case(self.users[username], case.application.key)
            content = draw_sample_page(missing.material.label.zh)
            materials.upload_files(
                case, missing.material.id, [(f"{missing.material.id}.jpg", content)]
            )

    def _confirm_facts(self, a: Application, *gates: tuple[str, str]) -> Application:
        for username, gate in gates or (("clerk", "office"), ("police", "police")):
            while facts := list_open_facts(Application.objects.get(pk=a.pk), gate):
                case = access_case(self.users[username], a.key)
                review.record_findings(
                    case, [review.FactFinding(fact, "confirmed") for fact in facts]
                )
        return Application.objects.get(pk=a.pk)

    def _propose_decision(self, person: Person, consent: User | None = None, **changes: Any) -> Any:
        a = self._confirm_facts(self._submit_case(person, consent, **changes))
        decisions.propose_decision(access_case(self.users["clerk"], a.key))
        return a

    def _decide_case(self, person: Person, consent: User | None = None, **changes: Any) -> Any:
        a = self._propose_decision(person, consent, **changes)
        decisions.countersign_decision(access_case(self.users["senior"], a.key))
        return a

    def _ask_correction(self, person: Person) -> Any:
        a = self._submit_case(person)
        item = corrections.RequestedItem(
            "fact", "education", "register_differs", TEXTS["correction_of_education"]
        )
        corrections.ask_correction(
            access_case(self.users["clerk"], a.key), [item], TEXTS["correction"]
        )
        return a

    def _ask_recheck(self, person: Person) -> None:
        a = self._decide_case(person, title="none")
        reasons = [{"line": "title", "words": TEXTS["recheck"]}]
        post_decision.ask_recheck(access_case(self.users["operator"], a.key), reasons)

    def _withdraw_case(self, person: Person) -> None:
        a = self._submit_case(person)
        post_decision.withdraw_case(access_case(self.users["operator"], a.key), TEXTS["withdrawal"])

    def _ask_expedited_lane(self, person: Person) -> None:
        a = self._submit_case(person)
        case = access_case(self.users["operator"], a.key)
        expedited_lane.ask_expedite(case, "school_enrolment", TEXTS["expedite"])

    def _let_case_lapse(self, person: Person) -> None:
        a = self._ask_correction(person)
        correction = a.corrections.get(state="open")
        correction.due_on = timezone.localdate() - timedelta(days=1)
        correction.save(update_fields=("due_on",))
        corrections.lapse_overdue_cases()

    def _seed_chengdu(self) -> None:
        """One case under way, and two decided: on the list for settlement since then."""
        self._submit_chengdu_case("cd-person")
        today = timezone.localdate()
        for username, days in (("cd-noticed", 14), ("cd-listed", 3)):
            case = self._decide_chengdu_case(username)
            signed_at = timezone.now() - timedelta(days=days)
            Decision.objects.filter(application=case).update(signed_at=signed_at)
        for days in range(14, -1, -1):
            run_daily_steps(today - timedelta(days=days))

    def _submit_chengdu_case(self, username: str) -> Application:
        """Filed by the person."""
        user = self.users[username]
        person = self._register_person(user.name, "1991-05-06", "chengdu")
        Person.objects.filter(pk=person.pk).update(user=user)
        person.refresh_from_db()
        case = drafts.open_draft(user, "chengdu", person, unit=None, district="wuhou")
        drafts.save_draft(case, _to_field_inputs(CHENGDU), seen=0)
        self._upload_materials(access_case(user, case.application.key), username)
        submitted = submission.submit_case(
            access_case(user, case.application.key), f"sandbox-{username}"
        )
        registers.ask_due_registers()
        return submitted

    def _decide_chengdu_case(self, username: str) -> Application:
        """Through every gate, and signed."""
        application = self._submit_chengdu_case(username)
        gates = (("cd-clerk", "window"), ("cd-police", "police"), ("cd-hr", "hr"))
        self._confirm_facts(application, *gates)
        decisions.propose_decision(access_case(self.users["cd-clerk"], application.key))
        decisions.countersign_decision(access_case(self.users["cd-senior"], application.key))
        return application


def _create_user(player: Player) -> User:
    user = User.objects.create_user(player.username, PASSWORD, name=player.name)
    if player.role:
        add_role(user, player.role, player.city, player.district, player.department)
        secret = get_adapter().encrypt(SECRET)
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": secret}
        )
    return user


def _to_field_inputs(facts: dict[str, Any]) -> dict[str, drafts.FieldInput]:
    return {fact: drafts.FieldInput(to_form_value(value), [value]) for fact, value in facts.items()}


def draw_sample_page(words: str) -> bytes:
    """A page that says plainly that it is a sample; each differs by its words."""
    page = Image.new("RGB", (420, 594), "#fffdf6")
    pen = ImageDraw.Draw(page)
    pen.rectangle((16, 16, 404, 578), outline="#a5301d", width=3)
    pen.text((40, 60), f"SAMPLE {abs(hash(words)) % 10_000:04d}", fill="#a5301d", font_size=40)
    for line in range(8):
        pen.line((40, 160 + 45 * line, 380 - (line * 37 % 120), 160 + 45 * line), "#7d8986", 4)
    jpeg = BytesIO()
    page.save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue()
