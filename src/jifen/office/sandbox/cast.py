"""Who is in the sandbox: everybody is invented, and no number belongs to anybody."""

from dataclasses import dataclass
from typing import Any

from jifen.facts.identity import compute_check_character
from jifen.office.registry.credit_code import check_character as unit_check

PASSWORD = "sandbox-2026-jifen"
MARK = "sandbox.seeded"
"""The act in the audit log by which production knows a sandbox, and refuses to start."""
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who can sign in."""

    username: str
    name: str
    role: str = ""
    city: str = "shanghai"
    district: str = ""
    department: str = ""
    what: str = ""


STAFF = (
    Player("clerk", "受理员 陈", "clerk", district="pudong", what="受理、认定事实"),
    Player("clerk2", "受理员 周", "clerk", district="pudong", what="另一名受理员"),
    Player("police", "公安 赵", "reviewer", department="police", what="公安环节"),
    Player("senior", "复核员 林", "senior_clerk", district="pudong", what="签发决定、复核"),
    Player("supervisor", "主管 吴", "supervisor", district="pudong", what="加急、情况、退回"),
    Player("cityadmin", "市级 郑", "city_admin", what="全市；确认签发岗位"),
    Player("security", "安全 冯", "security_admin", what="授予和终止岗位"),
    Player("auditor", "审计 孙", "auditor", what="审计日志"),
    Player("analyst", "分析 钱", "analyst", what="统计"),
    Player("drafter", "起草 沈", "policy_drafter", what="起草积分办法"),
    Player("drafter2", "起草 韩", "policy_drafter", what="另一名起草人"),
    Player("policy-reviewer", "审阅 唐", "policy_reviewer", what="审阅草案"),
    Player("approver", "审批 许", "policy_approver", what="审批办法"),
    Player("cd-clerk", "受理员 何", "clerk", "chengdu", "wuhou", what="成都受理"),
    Player("cd-police", "公安 罗", "reviewer", "chengdu", "", "police", "成都公安环节"),
    Player("cd-hr", "人社 高", "reviewer", "chengdu", "", "hr", "成都人社环节"),
    Player("cd-senior", "复核员 梁", "senior_clerk", "chengdu", "wuhou", what="成都签发"),
    Player("cd-lead", "主管 蒋", "supervisor", "chengdu", what="成都名单、排名"),
    Player("cd-lead2", "主管 谢", "supervisor", "chengdu", what="另一名主管，发布名单"),
)
OTHERS = (
    Player("employer", "人事 王", what="用人单位管理员（浦东）"),
    Player("operator", "经办 李", what="同一单位的经办人"),
    Player("agency", "代理 张", what="代理机构，受托为该单位代办"),
    Player("person", "刘小满", what="申请人本人（上海，由单位申报）"),
    Player("cd-person", "杨立夏", what="申请人本人（成都，自己申报）"),
    Player("cd-noticed", "梁小寒", what="申请人（成都，已列入正式名单，待办理入户）"),
    Player("cd-listed", "苏大寒", what="申请人（成都，公示名单）"),
)
PEOPLE = (
    "刘小满",
    "王立春",
    "李谷雨",
    "张清明",
    "陈小暑",
    "杨白露",
    "赵秋分",
    "黄寒露",
    "周霜降",
    "吴立冬",
    "徐小雪",
    "孙冬至",
)

PERMITS = (
    (200, "own_home", 0),
    (18, "own_home", 0),
    (19, "registered_rental", 400),
    (18, "registered_rental", 10),
    (29, "other", 0),
    (-20, "other", 0),
    (59, "own_home", 0),
)
"""Days until a permit ends, the dwelling, days until the lease registration ends."""

SHANGHAI: dict[str, Any] = {
    "birth_date": "1990-03-15",
    "permit_valid": True,
    "employed_and_insured": True,
    "insured_months": 84,
    "insured_months_last_12": 12,
    "education": "bachelor_with_degree",
    "study_mode": "full_time",
    "title": "none",
    "base_1x_months_last_12": 12,
    "base_08x_months_last_48": 48,
    "base_1x_months_last_48": 0,
    "base_2x_months_last_48": 0,
    "base_3x_months_last_36": 0,
    "entrepreneur": False,
    "startup_intermediary": False,
    "shortage_major": False,
    "fresh_graduate": False,
    "average_annual_tax": 0,
    "average_local_staff": 0,
    "public_service_months": 0,
    "outer_suburb_months": 0,
    "award": "none",
    "spouse_local_months": 0,
    "false_material_dates": [],
    "detention_dates": [],
    "ordinary_crime_dates": [],
    "serious_crime": False,
    "family_planning_breach": False,
}
CHENGDU: dict[str, Any] = {
    "birth_date": "1991-05-06",
    "permit_valid": True,
    "legal_residence": True,
    "employed_six_months": True,
    "pension_months": 72,
    "medical_months": 72,
    "permit_months": 60,
    "permit_area": "wuhou",
    "star_talent": "none",
    "qualification": "none",
    "award": "none",
    "veteran_merit": "none",
    "volunteer_hours": 0,
    "blood_ml_last_12": 0,
    "charity_yuan_last_36": 0,
    "bad_credit_dates": [],
    "detoxification_dates": [],
    "detention_dates": [],
    "criminal_record": False,
    "banned_organisation": False,
}


def build_identity_number(number: int, born: str) -> str:
    """A well-formed number of the area 999999, which no authority has."""
    head = f"999999{born}{number % 1000:03d}"
    return head + compute_check_character(head)


def build_credit_code(number: int) -> str:
    """A well-formed code of no unit."""
    head = f"91310000SMP{number:06d}".replace("S", "M")
    return head + unit_check(head)
