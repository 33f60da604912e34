"""What the studio refuses, in words."""

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
        Text(
            "您的岗位不能进行这项操作。起草和修改由“办法起草人”办理。",
            "Your role does not do this. Drafters of measures write and change drafts.",
        ),
    )


def is_closed() -> StudioFault:
    """A draft that was put aside."""
    return StudioFault(
        "JF-I002",
        Text(
            "这份草案已搁置，没有改动。请先恢复起草。",
            "This draft was put aside; nothing was changed. Take it up again first.",
        ),
    )


def no_version(city: str, version: str) -> StudioFault:
    """The version that a draft starts from is not among the cities of this installation."""
    return StudioFault(
        "JF-I003",
        Text(
            f"没有找到 {city} 的版本“{version}”。请从列出的版本中选择；"
            "该城市的文件夹可能已被移走。",
            f"There is no version '{version}' of {city}. Choose one of those listed; the folder "
            "of the city may have been moved away.",
        ),
        "start",
    )


def no_title() -> StudioFault:
    """A draft without a name."""
    return StudioFault(
        "JF-I004",
        Text("请填写草案名称。", "Give the draft a name."),
        "title",
    )


def no_revision(number: int) -> StudioFault:
    """A revision that there is not."""
    return StudioFault(
        "JF-I005",
        Text(
            f"这份草案没有第 {number} 稿。请从“历次修改”中选择。",
            f"This draft has no revision {number}. Choose one of its history.",
        ),
    )


def no_day() -> StudioFault:
    """A day that is none."""
    return StudioFault(
        "JF-I006",
        Text(
            "日期无法识别，请写成 2026-01-01 这样的形式。",
            "This is not a date; write it as 2026-01-01.",
        ),
        "on",
    )


def text_is_older() -> StudioFault:
    """A whole text that was written on an older state, and cannot be merged."""
    return StudioFault(
        "JF-I007",
        Text(
            "您打开文本之后，他人保存了新的一稿；您的文本有语法错误，无法合并，没有保存。"
            "请先按提示改正后再保存，您写的内容还在下面。",
            "Somebody saved a newer revision after you opened this text, and yours is not "
            "well-formed, so that the two cannot be merged; it was not saved. Correct it as said "
            "and save again: what you wrote is still below.",
        ),
    )


def lost_path(path: str) -> StudioFault:
    """A cell that is not there any more."""
    return StudioFault(
        "JF-I008",
        Text(
            f"“{path}”已不在草案中（可能已停用该指标），这一处没有保存。请刷新页面。",
            f"'{path}' is not in the draft any more (its indicator may have been retired); it was "
            "not saved. Load the page again.",
        ),
    )


def case_is_older() -> StudioFault:
    """A worked case with another result than the one that was judged."""
    return StudioFault(
        "JF-I009",
        Text(
            "这个算例的结果已随草案变化，没有记录。请按现在的结果重新判断。",
            "The result of this worked case has changed with the draft; nothing was recorded. "
            "Judge the result as it is now.",
        ),
    )


def no_such_population() -> StudioFault:
    """A number of people that is none, or cannot be drawn for this city."""
    return StudioFault(
        "JF-I010",
        Text(
            "请填写人数（100 至 10,000,000 的整数）和随机种子（整数），"
            "并选择有人口分布资料的城市。",
            "Give the number of people (a whole number from 100 to 10,000,000), a seed (a whole "
            "number), and a city of which margins are known.",
        ),
    )


def population_is_gone(name: str) -> StudioFault:
    """Packed people whose folder is not there, or was altered."""
    return StudioFault(
        "JF-I011",
        Text(
            f"人口“{name}”的文件缺失或与登记时不同，没有计算。请重新登记。",
            f"The files of the population '{name}' are missing or differ from what was registered; "
            "nothing was computed. Register it again.",
        ),
    )


def run_failed(why: Text) -> StudioFault:
    """A simulation that came to no end."""
    return StudioFault(
        "JF-I012",
        Text(f"未能计算：{why.zh}", f"Not computed: {why.en}"),
    )


def no_sample_person() -> StudioFault:
    """A sample person without a name, or one too many."""
    return StudioFault(
        "JF-I013",
        Text(
            "请填写名称（虚构的人，如“护士”），每份草案最多 20 人。",
            "Give a name (somebody invented, such as 'a nurse'); a draft has at most 20.",
        ),
        "name",
    )
