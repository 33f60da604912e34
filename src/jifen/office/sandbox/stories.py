"""What each role does, in five clicks: for whoever tries the sandbox."""

from dataclasses import dataclass

from jifen.policy.text import Text


@dataclass(frozen=True, slots=True)
class RoleStory:
    """A role, who signs in for it, and five steps."""

    role: Text
    username: str
    steps: tuple[Text, Text, Text, Text, Text]


_SIGN_IN = Text("登录。", "Sign in.")
STORIES = (
    RoleStory(
        Text("申请人", "Applicant"),
        "person",
        (
            _SIGN_IN,
            Text("打开“我的工作”里的申请，看办到哪一步。", "Open the application: where is it?"),
            Text("点开任一分数，看依据的条款和材料。", "Open a line: its clause and evidence."),
            Text(
                "打开通知书，生成一个给学校看的地址。", "Open the notice, share it with a school."
            ),
            Text("打开“日历”，看一年中要办的事。", "Open the calendar: the days of the year."),
        ),
    ),
    RoleStory(
        Text("用人单位", "Employer"),
        "employer",
        (
            _SIGN_IN,
            Text("点“新建申请”，为员工填写，内容自动保存。", "Begin one; it saves itself."),
            Text("看表单旁还差的内容和得分区间。", "What is missing, and the range."),
            Text("上传材料，提交，得到回执编号。", "Upload the documents, file, get a receipt."),
            Text(
                "打开“员工续签”，看哪些自动续、哪些要补。",
                "Renewals: which go by themselves.",
            ),
        ),
    ),
    RoleStory(
        Text("受理员", "Clerk"),
        "clerk",
        (
            _SIGN_IN,
            Text("打开待办队列，点“接手下一件”。", "Open the queue and take the next case."),
            Text("材料在左、事实在右，逐项认定。", "Papers beside facts: confirm one by one."),
            Text(
                "登记信息不一致的，点名退回补正。",
                "Where a register differs, ask.",
            ),
            Text("全部认定后，提出决定。", "When all are confirmed, propose the decision."),
        ),
    ),
    RoleStory(
        Text("复核员", "Senior clerk"),
        "senior",
        (
            _SIGN_IN,
            Text("打开待办队列，选待签发的案件。", "Open the queue: cases to be signed."),
            Text("看受理员认定了什么、改了什么。", "See what the clerk found and changed."),
            Text("签发；自己提出的不能自己签。", "Sign: never what you proposed yourself."),
            Text("把时钟拨到下周，看通知书发出。", "Move the clock a week: the notice is out."),
        ),
    ),
    RoleStory(
        Text("市级管理员", "City administrator"),
        "cityadmin",
        (
            _SIGN_IN,
            Text("点“管理”，看后台工作和发送失败。", "Open Administration: background work."),
            Text("打开“办公地点”，填写电话和办公时间。", "Offices: telephone and opening hours."),
            Text("打开“工作日历”，录入明年的节假日。", "Working days: enter next year's holidays."),
            Text("换“security”登录，确认它。", "Sign in as 'security' and confirm it."),
        ),
    ),
    RoleStory(
        Text("办法起草人", "Policy drafter"),
        "drafter",
        (
            _SIGN_IN,
            Text("打开“政策草案”，新建一份草案。", "Open the studio and begin a draft."),
            Text("改一个分值，看自动检查的结果。", "Change a figure; the checks answer at once."),
            Text("看样例人群中谁多得、谁少得。", "See who gains and who loses."),
            Text("提请审阅，或公开征求意见。", "Hand it in, or publish it for comment."),
        ),
    ),
    RoleStory(
        Text("审计员", "Auditor"),
        "auditor",
        (
            _SIGN_IN,
            Text("打开审计日志，看谁做了什么。", "Open the log: who did what."),
            Text("换到“登录与查看”，看谁看过谁。", "Sign-ins and looks: who saw whom."),
            Text("按案件编号查找。", "Search by the number of a case."),
            Text("导出查到的行。", "Export the rows found."),
        ),
    ),
)
