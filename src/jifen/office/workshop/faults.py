"""What the studio refuses, in words."""

from collections.abc import Sequence
from datetime import date

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


def already_proposed() -> StudioFault:
    """This draft has an open proposal."""
    return StudioFault(
        "JF-I020",
        Text(
            "这份草案已有一项待审批的提请。请先审批或撤回它。",
            "This draft is proposed already. Decide on that proposal, or withdraw it, first.",
        ),
        "",
    )


def no_reason() -> StudioFault:
    """A decision without a reason."""
    return StudioFault(
        "JF-I021",
        Text(
            "请写明理由。",
            "Give the reason.",
        ),
        "reason",
    )


def no_consultation() -> StudioFault:
    """Nothing said of the consultation."""
    return StudioFault(
        "JF-I022",
        Text(
            "请写明征求意见的情况，或没有征求意见的理由。",
            "Say how the public was consulted, or why it was not.",
        ),
        "reason",
    )


def no_version_name() -> StudioFault:
    """A name of a version that cannot be one."""
    return StudioFault(
        "JF-I023",
        Text(
            "请填写版本名（字母、数字和连字符，最多 20 个字符，如 2027）。",
            "Give the name of the version: letters, digits and hyphens, at most 20, such as 2027.",
        ),
        "version",
    )


def no_measure_title() -> StudioFault:
    """A measure without its title."""
    return StudioFault(
        "JF-I024",
        Text(
            "请填写办法的中文和英文名称。",
            "Give the title of the measure in Chinese and in English.",
        ),
        "title_zh",
    )


def day_is_past() -> StudioFault:
    """A first day that is not in the future."""
    return StudioFault(
        "JF-I025",
        Text(
            "施行日期必须在今天之后。",
            "The first day in force must be after today.",
        ),
        "since",
    )


def is_in_force() -> StudioFault:
    """A version that is in force already."""
    return StudioFault(
        "JF-I026",
        Text(
            "这个版本已经施行，不能撤回。请另行起草新的版本。",
            "This version is in force and cannot be withdrawn. Draft a new version instead.",
        ),
        "",
    )


def later_version_follows() -> StudioFault:
    """A version on which a later one follows."""
    return StudioFault(
        "JF-I027",
        Text(
            "其后还有已批准的版本，请先撤回后一个。",
            "A later version was adopted after it: withdraw that one first.",
        ),
        "",
    )


def needs_another_person() -> StudioFault:
    """Somebody decides what they proposed."""
    return StudioFault(
        "JF-I028",
        Text(
            "提请人不能审批自己的提请，请由另一位审批人办理。",
            "Nobody decides what they proposed: another approver has to.",
        ),
        "",
    )


def is_decided() -> StudioFault:
    """An adoption that is not open any more."""
    return StudioFault(
        "JF-I029",
        Text(
            "这项提请已经办结，没有改动。",
            "This proposal was decided or withdrawn; nothing was changed.",
        ),
        "",
    )


def has_errors(errors: int) -> StudioFault:
    """A draft that cannot be scored on the day."""
    return StudioFault(
        "JF-I030",
        Text(
            f"草案在施行日有 {errors} 处错误，不能提请施行。请先改正。",
            f"The draft has {errors} errors on its first day and cannot be put in force. Correct "
            "them first.",
        ),
    )


def cases_not_accepted(cases: int) -> StudioFault:
    """Worked cases that change and that nobody has judged as intended."""
    return StudioFault(
        "JF-I031",
        Text(
            f"有 {cases} 个改变的算例尚未判断为“符合意图”。请先逐个判断。",
            f"{cases} worked cases change and were not judged as intended. Judge each first.",
        ),
    )


def other_citys_facts(city: str) -> StudioFault:
    """A draft that starts from another city, whose facts it keeps."""
    return StudioFault(
        "JF-I032",
        Text(
            f"这份草案起自 {city}，用的是它的事实，不能在本市施行。请从本市的版本起草，"
            "或下载后编成本市的文件夹。",
            f"This draft starts from {city} and keeps its facts: it cannot be put in force here. "
            "Start from a version of this city, or make a folder of your own of the download.",
        ),
    )


def version_is_taken(version: str) -> StudioFault:
    """A name that another version has."""
    return StudioFault(
        "JF-I033",
        Text(
            f"版本“{version}”（或它的施行日期）已被另一个版本占用。请换一个。",
            f"Another version has the name '{version}', or its first day. Choose another.",
        ),
        "version",
    )


def day_is_taken(latest: date) -> StudioFault:
    """A first day that is not after that of the newest version."""
    return StudioFault(
        "JF-I034",
        Text(
            f"最新的版本自 {latest} 施行，施行日期必须在其后。",
            f"The newest version is in force from {latest}; the first day must be later.",
        ),
        "since",
    )


def cannot_be_studied(number: int) -> StudioFault:
    """A question about a revision that gives no points."""
    return StudioFault(
        "JF-I035",
        Text(
            f"第 {number} 稿还不能计分，没有开始计算。请先改正表中标红处。",
            f"Revision {number} cannot be scored yet, so nothing was begun. Correct what is marked "
            "in the table first.",
        ),
    )


def brief_is_faulty(zh: Sequence[str], en: Sequence[str]) -> StudioFault:
    """A brief for proposals that cannot be used; each fault begins with its line."""
    return StudioFault(
        "JF-I036",
        Text(
            f"寻找方案的要求有误，没有开始。{'；'.join(zh)}",
            f"The brief has faults, so nothing was begun. {'; '.join(en or zh)}",
        ),
        "brief",
    )


def no_such_proposal() -> StudioFault:
    """A proposal that a search did not find, or of a search that has not ended."""
    return StudioFault(
        "JF-I037",
        Text(
            "没有这个方案，草案没有改动。请从列出的方案中选择。",
            "There is no such proposal, so the draft was not changed. Choose one of those listed.",
        ),
    )
