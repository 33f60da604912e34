"""How people write days, months, amounts and answers; each function reads one kind.

A spelling that has one meaning is read: 2019/7/1, 2019年7月, 60个月, 5年, 10万, 是. One that may
mean two things raises Unclear with the reason in words; anything else gives None, and the caller
says what it expected. Every door of facts reads through here: forms, files, workbooks, registers.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from jifen.facts.words import say
from jifen.policy.months import parse_date, parse_month
from jifen.policy.text import Text

_LONGEST = 200
_DAY = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?"
    r"([T\s]+0{1,2}(:0{2}){1,2}(\.0+)?)?\Z",  # midnight, as programs write a day
    re.ASCII,
)
_DIGITS_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?\Z", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{4})\Z", re.ASCII)
_DIGITS_MONTH = re.compile(r"(\d{4})(\d{2})\Z", re.ASCII)
_YEAR_LAST = re.compile(r"\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,4}\Z", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{2}\s*[-./年]\s*\d{1,2}\s*月?\Z", re.ASCII)

_UNTIL_NOW = frozenset({"至今", "迄今", "现在", "目前", "now", "present", "to date"})
DOES_NOT_APPLY = frozenset({"不适用", "does not apply", "n/a"})
NO_DATES = frozenset({"无", "没有", "none", "[]"})
_YES = frozenset({"true", "yes", "y", "是", "有", "√", "✓"})
_NO = frozenset({"false", "no", "n", "否", "无", "没有", "不是", "×"})


class AmbiguousSpelling(ValueError):
    """A spelling that may mean more than one thing: why (after the quoted text), and what to do."""

    def __init__(self, why: Text, remedy: Text) -> None:
        super().__init__(why.en)
        self.why, self.remedy = why, remedy


_WRITE_DAY = say("spelling.write_day")


def normalize_text(text: str) -> str:
    """Full-width characters made narrow, blanks and invisible characters at the ends removed."""
    return unicodedata.normalize("NFKC", text[:_LONGEST]).strip().strip("\u200b\ufeff\u2060 ")


def normalize_day(text: str) -> str:
    """A day as YYYY-MM-DD where it can be read, else as it was typed."""
    plain = normalize_text(text)
    match = _DIGITS_DAY.match(plain) or _DAY.match(plain)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else plain


def read_day(text: str) -> date | None:
    """A day of the calendar; None where there is none. Raises Unclear."""
    plain = normalize_day(text)
    if _YEAR_LAST.match(plain):
        raise AmbiguousSpelling(
            say("spelling.it_is_not_clear"),
            _WRITE_DAY,
        )
    if _split_month(plain):
        raise AmbiguousSpelling(
            say("spelling.the_day_of_the_month"),
            _WRITE_DAY,
        )
    try:
        return parse_date(plain)
    except ValueError:
        return None


def try_read_day(text: str) -> date | None:
    """The day; None where it cannot be told."""
    try:
        return read_day(text)
    except AmbiguousSpelling:
        return None


def normalize_month(text: str) -> str:
    """A month as YYYY-MM where it can be read (of a day, its month), else as it was typed."""
    plain = normalize_text(text)
    parts = _split_month(plain)
    if parts is None and (day := _DAY.match(plain) or _DIGITS_DAY.match(plain)):
        try:
            parse_date(normalize_day(plain))
        except ValueError:
            return plain
        parts = day[1], day[2]
    return f"{parts[0]}-{int(parts[1]):02}" if parts else plain


def _split_month(plain: str) -> tuple[str, str] | None:
    match = _DIGITS_MONTH.match(plain) or _MONTH.match(plain)
    if match:
        return match[1], match[2]
    reversed_match = _MONTH_FIRST.match(plain)
    return (reversed_match[2], reversed_match[1]) if reversed_match else None


def read_month(text: str) -> int | None:
    """Months since the year 0; None where there is no month. Raises Unclear."""
    plain = normalize_month(text)
    if _SHORT_YEAR.match(plain) or _YEAR_LAST.match(plain):
        raise AmbiguousSpelling(
            say("spelling.it_is_not_clear_which_part"),
            say("spelling.write_the_month"),
        )
    try:
        return parse_month(plain)
    except ValueError:
        return None


def means_now(text: str) -> bool:
    """Whether a text says that something goes on until today (至今)."""
    return normalize_text(text).lower() in _UNTIL_NOW


def read_flag(text: str) -> bool | None:
    """Yes or no; None where it is neither."""
    plain = normalize_text(text).lower()
    return True if plain in _YES else False if plain in _NO else None


def split_days(text: str) -> list[str]:
    """The days of a text that lists several, each as `day_text` gives it; [] for none."""
    plain = normalize_text(text)
    if plain.lower() in NO_DATES:
        return []
    parts = [part for part in re.split(r"[、,;\n]+", plain.strip("[] ")) if part.strip()]
    if len(parts) == 1 and not _DAY.match(parts[0].strip()):
        parts = parts[0].split()
    return [normalize_day(part) for part in parts]


# -------------------------------------------------------------------- amounts with a unit

_FIGURE = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,15}(?:\.[0-9]{1,20})?"
_SCALES = {"百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, "": 1}
_MONTHS = dict.fromkeys(("个月", "月", "month", "months"), 1)
_YEARS = dict.fromkeys(("周年", "年", "year", "years"), 12)
_AGES = dict.fromkeys(("周岁", "岁"), 12)
_TIMES: dict[str, dict[str, int]] = {
    "months": _MONTHS | _YEARS,
    "years": _MONTHS | _YEARS,
    "years_of_age": _MONTHS | _YEARS | _AGES,
}
"""Units that are turned into each other: the words of each, in months."""
_OWN = {
    "yuan": ("块钱", "块", "元", "yuan", "rmb", "cny"),
    "yen": ("日元", "日圆", "円", "yen", "jpy"),
    "cad": ("加元", "cad"),
    "aud": ("澳元", "aud"),
    "hkd": ("港元", "港币", "hkd"),
    "usd": ("美元", "usd"),
    "eur": ("欧元", "euro", "euros", "eur"),
    "times": ("倍", "times"),
    "people": ("个人", "人", "名", "person", "people"),
    "hours": ("个小时", "小时", "hour", "hours"),
    "ml": ("毫升", "ml"),
    "records": ("次", "条", "项", "个", "record", "records", "times"),
    "": ("个", "次", "条", "项"),
}
_OTHERS = ("天", "日", "周", "day", "days", "week", "weeks", "%")
_WORDS = sorted(
    {*_MONTHS, *_YEARS, *_AGES, *(w for words in _OWN.values() for w in words), *_OTHERS},
    key=len,
    reverse=True,
)
_PIECE = re.compile(
    rf"({_FIGURE})\s*(百万|千万|百|千|万|亿)?\s*({'|'.join(map(re.escape, _WORDS))})?(半)?[\s零又]*"
)
_ABOUT = re.compile(
    r"[0-9].*([~+多余几]|左右|以上|以下)|[约近≈<>≤≥].*[0-9]|(about|over|at least|more than) *[0-9]"
    r"|[0-9][^0-9]*([-–—~至]|to) *[0-9]"
)


def read_amount(text: str, unit: str) -> Decimal | None:
    """A number in the unit of a fact (a key of UNITS, or empty); None where there is none.

    Thousands may be set apart (100,000), 万 and 亿 count, and the unit may stand behind: 60个月 and
    5年 are 60 months, 10万元 are 100000 yuan, 150% are 1.5 times. Raises Unclear for what is about
    right only, for another unit, and for a comma that may be a decimal point.
    """
    plain = normalize_text(text).lower().removeprefix("¥").removeprefix("rmb").strip()
    plain = "0.5年" if plain == "半年" else plain
    if not any(c in "0123456789" for c in plain):
        return None
    if _ABOUT.search(plain):
        raise AmbiguousSpelling(
            say("spelling.it_is_an_approximate_number"),
            say("spelling.write_the_exact_number"),
        )
    pieces = _split_pieces(plain)
    if pieces and unit in _TIMES and pieces[0][1]:
        return _sum_time(pieces, unit)
    if pieces and len(pieces) == 1:
        return _convert_amount(*pieces[0], unit)
    if re.search("[0-9],[0-9]", plain):
        raise AmbiguousSpelling(
            say("spelling.the_comma_may_set_thousands"),
            say("spelling.write_digits_and_a_point"),
        )
    return None


def normalize_amount(text: str, unit: str = "") -> str:
    """A number with digits and a point alone where it can be read, else as it was typed."""
    try:
        amount = read_amount(text, unit)
    except AmbiguousSpelling:
        amount = None
    if amount is None:
        return normalize_text(text)
    return str(int(amount)) if amount == int(amount) and "." not in text else f"{amount:f}"


def _split_pieces(plain: str) -> list[tuple[Decimal, str]] | None:
    """'5年3个月' → (5, 年), (3, 个月); None where anything else stands in it."""
    pieces, at = [], 0
    while at < len(plain):
        match = _PIECE.match(plain, at)
        if match is None:
            return None
        figure, scale, word, half = match.groups()
        amount = Decimal(figure.replace(",", "")) * _SCALES[scale or ""]
        pieces.append((amount + Decimal("0.5") if half else amount, word or ""))
        at = match.end()
    return pieces


def _sum_time(pieces: list[tuple[Decimal, str]], unit: str) -> Decimal:
    """Years and months, each at most once and the years first, in the unit of the fact."""
    words = _TIMES[unit]
    sizes = [words.get(word, 0) for _, word in pieces]
    if 0 in sizes or sizes != sorted(set(sizes), reverse=True):
        raise _wrong_unit(next((w for _, w in pieces if w not in words), pieces[0][1]))
    months = sum(amount * words[word] for amount, word in pieces)
    return Decimal(months) if unit == "months" else Decimal(months) / 12


def _convert_amount(amount: Decimal, word: str, unit: str) -> Decimal:
    if unit == "times" and word == "%":
        return amount / 100
    if word and word not in _OWN.get(unit, ()):
        raise _wrong_unit(word)
    return amount


def _wrong_unit(word: str) -> AmbiguousSpelling:
    return AmbiguousSpelling(
        say("spelling.is_not_the_unit", word=word),
        say("spelling.write_the_number_alone"),
    )
