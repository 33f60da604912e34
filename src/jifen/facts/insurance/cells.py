"""One line of a pasted table or text → its months, base, employer, status and schemes."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jifen.facts.contributions import SCHEMES
from jifen.facts.spelling import (
    AmbiguousSpelling,
    means_now,
    normalize_text,
    read_month,
    try_read_day,
)
from jifen.policy.months import to_month

_HEADINGS = {
    "employer": "单位名称 缴费单位 参保单位 工作单位 公司名称 公司 单位 用人单位 employer company",
    "month": "费款所属期 缴费年月 缴费月份 所属年月 所属期 年月 月份 缴费时间 缴费期间 起止年月 "
             "month period",
    "since": "起始月份 起始年月 起始时间 开始月份 开始年月 开始时间 起 从 起始 开始 from start",
    "until": "终止月份 终止年月 终止时间 截止月份 截止年月 结束月份 结束年月 结束时间 止 至 到 "
             "to until end",
    "base": "缴费基数 月缴费基数 基数 缴费工资 个人缴费基数 base",
    "salary": "工资 月工资 税前工资 月薪 salary",
    "status": "缴费状态 状态 缴费类型 缴费标志 到账标志 status",
    "schemes": "险种 险种类型 险种名称 参保险种 scheme",
}  # fmt: skip
_ROLES = {word: role for role, words in _HEADINGS.items() for word in words.split()}
_STATUSES = (("补缴", "back_paid"), ("缓缴", "deferred"), ("正常", "paid"), ("已缴", "paid"),
             ("到账", "paid"), ("back-paid", "back_paid"), ("deferred", "deferred"),
             ("paid", "paid"))  # fmt: skip
_UNPAID = ("未到账", "未缴", "欠费", "欠缴", "停缴", "停保", "中断", "终止", "unpaid")
_NAME = re.compile(
    r"公司|集团|中心|事务所|合伙|工厂|商店|医院|学校|大学|银行|研究|协会|\b(?:inc|ltd|llc|co)\b",
    re.IGNORECASE,
)
"""What the name of an employer has in it, whatever else: 某某养老服务有限公司 is no scheme."""
_SCHEMES = {"养老": "pension", "pension": "pension", "医疗": "medical", "medical": "medical"}
_OTHER_SCHEMES = ("失业", "工伤", "生育", "公积金")
_AMOUNT = re.compile(r"¥?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,8})(\.[0-9]{1,2})?元?\Z")
_SPACED_MONTH = re.compile(r"([0-9]{4}) *年 *([0-9]{1,2}) *月(?! *[0-9]{1,2} *[日号])")
_BETWEEN = re.compile(r"(?<=[0-9]) *(?:至|到|~|—|–|--|-) *(?=(?:19|20|21)[0-9]{2}[-./年]?[0-9])")
_COMMA = re.compile(r"(?<![0-9])[,;|]|[,;|](?![0-9]{3}(?![0-9]))")
_UNIT = re.compile(r"[(（].*[)）]|\s|[:：]$")
_SHARES = (Decimal("0.08"), Decimal("0.16"), Decimal("0.02"))
"""What a person or employer pays of a base: beside such an amount the base knows itself."""
_EMPLOYER_LEAST = 4


@dataclass(frozen=True, slots=True)
class LineCells:
    """What stands in a line; `amounts` are figures of which nothing says what they are."""

    months: tuple[int, ...] = ()
    amounts: tuple[Decimal, ...] = ()
    base: Decimal | None = None
    salary: Decimal | None = None
    employer: str = ""
    status: str = ""
    schemes: tuple[str, ...] = ()
    unread: str = ""
    """A cell that says something about the contribution and cannot be read."""

    def choose_base(self) -> Decimal | None:
        """The base: the one that is named as such, the only figure, or the one of which another
        figure of the line is the usual share. None where it cannot be told."""
        if self.base is not None or len(self.amounts) < 2:
            return self.base if self.base is not None else next(iter(self.amounts), None)
        fitting = {
            candidate
            for candidate in self.amounts
            if any(_is_share(amount, candidate) for amount in self.amounts)
        }
        return fitting.pop() if len(fitting) == 1 else None

    def can_take(self, more: "LineCells") -> bool:
        """Whether a further line of the record says something that is not known of it yet."""
        if more == LineCells():
            return False
        pairs = [
            (self.base, more.base),
            (self.salary, more.salary),
            (self.employer, more.employer),
            (self.status, more.status),
            (self.schemes, more.schemes),
        ]
        return all(not own or not other for own, other in pairs)

    def merge_line(self, more: "LineCells") -> "LineCells":
        """The record with a further line."""
        return replace(
            self,
            amounts=self.amounts + more.amounts,
            base=self.base if self.base is not None else more.base,
            salary=self.salary if self.salary is not None else more.salary,
            employer=self.employer or more.employer,
            status=self.status or more.status,
            schemes=self.schemes or more.schemes,
            unread=self.unread or more.unread,
        )


def _is_share(amount: Decimal, base: Decimal) -> bool:
    return any(abs(amount - base * share) <= Decimal("0.5") for share in _SHARES) and amount > 0


def split_line(line: str) -> list[str]:
    """The cells of a line: by tabs, else by commas, else by blanks; [] where it is empty."""
    plain = "\t".join(normalize_text(part) for part in line[:2_000].split("\t"))
    plain = _BETWEEN.sub(" 至 ", _SPACED_MONTH.sub(r"\1-\2", plain))
    if "\t" in plain:
        texts = plain.split("\t")
    elif '"' in plain:
        texts = next(csv.reader([plain]), [])
    elif _COMMA.search(plain):
        texts = _COMMA.split(plain)
    else:
        texts = plain.split()
    texts = [text.strip() for text in texts]
    return texts if any(texts) else []


def read_headings(texts: Sequence[str]) -> tuple[str, ...]:
    """What the columns hold, where a line is one of headings: at least two of them are known, and
    nothing in it is a month. () for any other line."""
    roles = tuple(_find_role(text) for text in texts)
    is_heading = sum(bool(role) for role in roles) >= 2
    return roles if is_heading and not any(_read_months(text, None) for text in texts) else ()


def _find_role(text: str) -> str:
    return _ROLES.get(_UNIT.sub("", text).lower(), "")


def read_line(
    texts: Sequence[str], headings: Sequence[str] = (), now: int | None = None
) -> LineCells:
    """What stands in the cells of a line; `now` is the month that 至今 means."""
    if headings:
        named = [(role, text) for role, text in zip(headings, texts, strict=False) if role]
    else:
        named = [_split_label(text) for text in texts]
    cells = LineCells()
    for role, text in named:
        cells = _put_named(cells, role, text, now) if role else _put_unnamed(cells, text, now)
    return cells


def _split_label(text: str) -> tuple[str, str]:
    """“缴费基数：12000” → its role and value; a text without a label has to tell by itself."""
    label, colon, value = text.replace("：", ":").partition(":")
    role = _find_role(label) if colon else ""
    return (role, value.strip()) if role and value.strip() else ("", text)


def _read_months(text: str, now: int | None) -> tuple[int, ...]:
    """The months of a cell: one, or the two ends of a stretch."""
    months = []
    for part in (
        re.split(r"[至\s]+", text) if "今" not in text else text.replace("至今", " 至今").split()
    ):
        if now is not None and means_now(part):
            months.append(now)
        elif (month := _read_month(part)) is not None:
            months.append(month)
        elif part:
            return ()
    return tuple(months)


def _read_month(text: str) -> int | None:
    try:
        month = read_month(text)
    except AmbiguousSpelling:
        return None
    day = try_read_day(text) if month is None else None
    return to_month(day) if day else month


def _read_amount(text: str) -> Decimal | None:
    match = _AMOUNT.match(text.replace(" ", ""))
    return Decimal(match[1].replace(",", "") + (match[2] or "")) if match else None


def _read_status(text: str) -> str:
    """The status that a text says; empty for any other, and for what says that nothing was paid."""
    if any(word in text for word in _UNPAID):
        return ""
    return next((status for word, status in _STATUSES if word in text.lower()), "")


def _read_schemes(text: str) -> tuple[str, ...]:
    named_schemes = {scheme for word, scheme in _SCHEMES.items() if word in text.lower()}
    return tuple(scheme for scheme in SCHEMES if scheme in named_schemes)


def _put_named(cells: LineCells, role: str, text: str, now: int | None) -> LineCells:
    """A cell of a named column; one that is not empty and cannot be read is kept as unread."""
    if not text:
        return cells
    result = None
    if role in ("month", "since", "until"):
        months = _read_months(text, now)
        result = replace(cells, months=cells.months + months) if months else None
    elif role == "schemes":
        result = replace(cells, schemes=cells.schemes + _read_schemes(text))
    elif role == "employer":
        result = replace(cells, employer=text[:60])
    elif role == "status":
        status = _read_status(text)
        result = replace(cells, status=status) if status else None
    elif (amount := _read_amount(text)) is not None:
        result = replace(cells, base=amount) if role == "base" else replace(cells, salary=amount)
    return result or _mark_unread(cells, text)


def _mark_unread(cells: LineCells, text: str) -> LineCells:
    return replace(cells, unread=cells.unread or text[:40])


def _put_unnamed(cells: LineCells, text: str, now: int | None) -> LineCells:
    """A cell that tells by itself what it is."""
    if months := _read_months(text, now):
        result = replace(cells, months=cells.months + months)
    elif (amount := _read_amount(text)) is not None:
        result = replace(cells, amounts=(*cells.amounts, amount))
    elif _NAME.search(text):
        result = replace(cells, employer=cells.employer or text[:60])
    elif schemes := _read_schemes(text):
        result = replace(cells, schemes=cells.schemes + schemes)
    elif status := _read_status(text):
        result = replace(cells, status=cells.status or status)
    elif any(word in text for word in _UNPAID):
        result = _mark_unread(cells, text)
    elif len(text) >= _EMPLOYER_LEAST and not any(c.isdigit() for c in text):
        result = replace(cells, employer=cells.employer or text[:60])
    else:
        result = cells
    return result


def is_of_other_scheme(texts: Iterable[str]) -> bool:
    """Whether a line is about another scheme only: unemployment, injury, maternity, housing."""
    whole = " ".join(text for text in texts if not _NAME.search(text))
    return any(word in whole for word in _OTHER_SCHEMES) and not _read_schemes(whole)
