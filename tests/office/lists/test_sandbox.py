"""Through the acts of casework: filed, reviewed by every gate, signed, listed, noticed."""

import json

import pytest
from django.test import Client

from jifen.office.accounts.models import User
from jifen.office.audit.verification import verify_log
from jifen.office.lists.documents import is_genuine
from jifen.office.lists.models import Entry, PublicList
from jifen.office.registry.models.people import name_indexes
from jifen.office.sandbox.seed import seed_sandbox


def test_the_sandbox_has_people_on_lists_whose_decisions_went_through_every_gate(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del db
    monkeypatch.setattr(
        "jifen.office.accounts.signin.middleware.needs_second_factor", lambda _: False
    )
    assert seed_sandbox()
    noticed, listed = (
        Entry.objects.get(decision__application__person__name_index__in=name_indexes(name))
        for name in ("梁小寒", "苏大寒")
    )
    assert noticed.state == "noticed"
    assert listed.state in ("due", "public", "noticed")  # by the weekday
    assert noticed.decision is not None
    assert json.loads(noticed.decision.result)["reached"]
    assert all(is_genuine(row) for row in PublicList.objects.all())
    assert verify_log()[1] == []
    client = Client()
    client.force_login(User.objects.get(username="cd-noticed"))
    page = client.get(f"/my/place/{noticed.pk}").content.decode()
    assert f"请在 {noticed.settle_by} 前" in page
    opened = client.get("/my/opens/chengdu").content.decode()
    assert "积分入户" in opened
