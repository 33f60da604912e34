"""What is refused of new indicators and facts of a draft, in words."""

from jifen.office.workshop.faults import StudioFault
from jifen.policy.text import Text


def no_name() -> StudioFault:
    """An indicator, fact or answer without a name in both languages."""
    return StudioFault(
        "JF-I038",
        Text(
            "请填写中文和英文名称，没有添加。公开页面两种语言都用到。",
            "Give it a name in Chinese and in English; nothing was added. Public pages are shown "
            "in both.",
        ),
        "label",
    )


def no_such_kind() -> StudioFault:
    """A mechanism, group, section or type that is not among those offered."""
    return StudioFault(
        "JF-I039",
        Text(
            "请从列出的计分方式、类别和栏目中选择，没有添加。",
            "Choose the mechanism, the group and the section from those listed; nothing was added.",
        ),
        "kind",
    )


def no_such_fact(fact: str) -> StudioFault:
    """A fact that there is not, or whose type does not suit the mechanism."""
    return StudioFault(
        "JF-I040",
        Text(
            f"“{fact or '（空）'}”不是这种计分方式可以依据的事实，没有添加。请从列表中选择；"
            "没有合适的，请先添加事实。",
            f"'{fact or '(empty)'}' is no fact by which this mechanism can give points; nothing "
            "was added. Choose one of the list; where none suits, add a fact first.",
        ),
        "fact",
    )


def too_few_answers(fewest: int) -> StudioFault:
    """A choice with fewer answers than two."""
    return StudioFault(
        "JF-I041",
        Text(
            f"选择题至少要有 {fewest} 个选项，每个都有中文和英文名称；没有添加。",
            f"A choice needs at least {fewest} answers, each with a name in Chinese and in "
            "English; nothing was added.",
        ),
        "answers",
    )


def is_used(fact: str, by: str) -> StudioFault:
    """A fact of the draft that an indicator still reads."""
    return StudioFault(
        "JF-I042",
        Text(
            f"指标“{by}”还依据事实“{fact}”，没有删除。请先停用或改写该指标。",
            f"The indicator '{by}' still reads the fact '{fact}', so it was not taken away. "
            "Retire or change the indicator first.",
        ),
    )


def cannot_be_taken_over(label: str) -> StudioFault:
    """An indicator of another measure that goes by records of several fields, or by a list or
    number that the draft has with another content."""
    return StudioFault(
        "JF-I043",
        Text(
            f"指标“{label}”依据多栏记录，或依据的名单、推算的数与草案中同名的不同，不能直接取用，"
            "草案没有改动。请用“添加指标”按本办法的事实书写。",
            f"The indicator '{label}' goes by records of several fields, or by a list or number "
            "that the draft has under the same name with another content, so it cannot be taken "
            "over; the draft was not changed. Add it by a form, by the facts of this measure.",
        ),
    )


def too_few_rows(fewest: int) -> StudioFault:
    """A sum with fewer parts than two, or tiers with fewer than two steps."""
    return StudioFault(
        "JF-I044",
        Text(
            f"至少要填 {fewest} 行，没有添加。只有一行的，请选择“按满单位计分”。",
            f"Fill in at least {fewest} rows; nothing was added. Where there is only one, choose "
            "'For every full unit'.",
        ),
        "rows",
    )
