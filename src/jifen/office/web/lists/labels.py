"""What the pages of lists say: states, acts, reasons, rules in words."""

from jifen.lists import ListRules
from jifen.office.lists.models import Entry, PublicList
from jifen.policy.text import Text

STATES = {
    "due": Text("待公示", "waits for its list"),
    "public": Text("公示中", "public"),
    "held": Text("异议核查中", "held for an objection"),
    "formal": Text("已列入正式名单", "on the formal list"),
    "noticed": Text("待办理入户", "to settle"),
    "settled": Text("已入户", "settled"),
    "forfeited": Text("逾期放弃", "given up"),
    "lapsed": Text("已失效", "lapsed"),
    "removed": Text("已移出名单", "removed"),
}
ACTS = {
    "enter": Text("进入待公示名单", "entered"),
    "publish": Text("公示", "made public"),
    "hold": Text("公示期满，异议核查", "publicity over, an objection is open"),
    "close": Text("列入正式名单", "on the formal list"),
    "notify": Text("发出入户通知", "settlement notice"),
    "settle": Text("办理入户", "settled"),
    "give_up": Text("本人放弃", "given up by the person"),
    "forfeit": Text("逾期视为放弃", "given up: not in time"),
    "lapse": Text("失效", "lapsed"),
    "remove": Text("移出名单", "removed"),
    "delay": Text("通知单延迟发出，期限重新起算", "the slip came late: the days run from then"),
    "recheck": Text("复核后决定变更，名次保留", "after a recheck the place stays"),
}
WHY = {
    "line_differs": Text(
        "决定所依据的办法或分数线与受理日不符", "Decided by another measure than that of its day"
    ),
    "decision_revoked": Text("原决定已撤销或变更", "The decision was revoked or replaced"),
    "below_last": Text(
        "复核后低于名单末位", "After a recheck it is below the last place of the list"
    ),
    "objection_upheld": Text("异议成立", "An objection was upheld"),
    "not_in_time": Text("未在期限内办理", "Not in time"),
    "given_up": Text("本人放弃", "By the person"),
}
OBJECTION = {
    "filed": Text("已提出", "filed"),
    "heard": Text("已听取意见", "heard"),
    "upheld": Text("成立", "upheld"),
    "dismissed": Text("不成立", "dismissed"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
COUNTINGS = {
    "working_days": Text("节假日不计", "days off do not count"),
    "end_moves": Text("末日遇节假日顺延", "an end on a day off moves"),
    "calendar_days": Text("按自然日", "calendar days"),
}
SLIP_STUCK = Text(
    "入户通知单暂不能打印，期限不因此届满；通知单发出后重新起算",
    "The settlement slip cannot be printed for now: the place is not lost over it, and the days "
    "run from the slip being given out",
)
KINDS = {
    "publicity": Text("公示名单", "Publicity list"),
    "formal": Text("正式名单", "Formal list"),
}
SUPPLEMENT = Text("公示补充名单", "Supplementary publicity list")
RUN = {
    "open": Text("待发布", "open"),
    "published": Text("已公示", "published"),
    "discarded": Text("已作废", "discarded"),
}


def public_state(entry: Entry) -> Text:
    """Where somebody stands, as everybody may know it: not that somebody objected."""
    return STATES["public" if entry.state == "held" else entry.state]


def kind(row: PublicList) -> Text:
    """What a list is called."""
    return SUPPLEMENT if row.run and row.run.supplements_id else KINDS[row.kind]


def why(entry: Entry, rules: ListRules) -> Text:
    """Why an entry ended, in words."""
    ground = rules.find_ground(entry.why)
    return ground.label if ground else WHY.get(entry.why, Text(entry.why, entry.why))


def next_step(entry: Entry) -> Text:
    """What comes next, and by when."""
    enter_by, public_until, settle_by = (
        day or "—" for day in (entry.enter_by, entry.public_until, entry.settle_by)
    )
    steps: dict[str, Text] = {
        "due": Text(f"公示名单将在 {enter_by} 前公布。", f"The list comes by {enter_by}."),
        "public": Text(
            f"公示到 {public_until}，期满无异议列入正式名单。", f"Public until {public_until}."
        ),
        "held": Text("公示期满，异议办结后再列入正式名单。", "An objection is decided first."),
        "formal": Text("即将发出入户通知。", "The settlement notice comes next."),
        "noticed": Text(
            f"请在 {settle_by} 前（含当日）办理入户，逾期视为放弃。",
            f"Settle by {settle_by}; later it is given up.",
        ),
    }
    return steps.get(entry.state, Text("", ""))
