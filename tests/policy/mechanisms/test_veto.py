"""veto: refuses, and gives no points."""

from jifen.policy.mechanisms.veto import Veto
from tests.policy.mechanisms.tools import codes, points, sound, vocabulary

VETO = "veto: {when: certified}"


def test_a_veto_gives_no_points() -> None:
    assert points(VETO, certified=True) == 0


def test_it_refuses_unless_it_only_warns() -> None:
    refusing, warning = sound(VETO), sound("veto: {when: certified, effect: warn}")
    assert isinstance(refusing, Veto)
    assert isinstance(warning, Veto)
    assert refusing.refuses
    assert not warning.refuses
    assert refusing.describe_rule(vocabulary(), "zh") != warning.describe_rule(vocabulary(), "zh")


def test_its_effect_is_one_of_two() -> None:
    assert codes("veto: {when: certified, effect: maybe}") == ["JF-P013"]
