"""What is refused about accounts of the staff, in words."""

from jifen.office.accounts.faults import RoleFault
from jifen.policy.text import Text

NAME_TAKEN = RoleFault(
    "JF-N008",
    Text("登录名已被使用，请另选一个。", "The sign-in name is taken; choose another."),
    "username",
)
BAD_NAME = RoleFault(
    "JF-N020",
    Text(
        "登录名应为 1 至 60 个字，不含空格，例如 wang.fang。",
        "A sign-in name has 1 to 60 letters and no blanks, such as wang.fang.",
    ),
    "username",
)
BAD_EMAIL = RoleFault(
    "JF-N021",
    Text(
        "电子邮件地址有误，应含 @，例如 wang@example.gov.cn；也可不填。",
        "This is no e-mail address: it has an @, as in wang@example.gov.cn. It may be left out.",
    ),
    "email",
)
NO_ACCOUNT = RoleFault(
    "JF-N022",
    Text(
        "本市工作人员中没有这个账号，请刷新页面。",
        "The staff of the city has no such account: load the page again.",
    ),
)
OWN_ACCOUNT = RoleFault(
    "JF-N023",
    Text(
        "不能办理自己的账号，请由另一名安全管理员办理。",
        "Nobody does this to their own account: another security administrator does.",
    ),
)
BOTH_BY_ONE = RoleFault(
    "JF-N024",
    Text(
        "同一名管理员不能既重设密码又移除第二验证：请本人先登录完成设置，或由另一名安全管理员办理。",
        "One administrator does not reset both password and second factor: its owner signs in and "
        "finishes the first, or another security administrator does the second.",
    ),
)
