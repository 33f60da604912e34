"""What somebody pastes: tables with and without headings, texts of an app; nothing is guessed."""

from datetime import date

import pytest

from jifen.facts.contributions import read_spells
from jifen.facts.fault import FactFault
from jifen.facts.insurance import PastedInsurance, build_contributions, read_paste
from jifen.facts.insurance.paste import LONGEST, MOST_LINES
from jifen.policy.months import format_month
from tests.people.device_people import load_rules

ON = date(2025, 6, 1)
Row = tuple[str, str, str, str | None, str]


def pasted(text: str) -> PastedInsurance:
    return read_paste(text, ON)


def rows(found: PastedInsurance) -> list[Row]:
    return [
        (
            one.employer,
            format_month(one.since),
            format_month(one.until),
            None if one.base is None else f"{one.base.normalize():f}",
            one.status,
        )
        for one in found.employments
    ]


TABLE = (
    "单位名称\t费款所属期\t缴费基数（元）\t缴费状态\n"
    "上海甲有限公司\t202301\t12,000.00\t正常缴费\n"
    "上海甲有限公司\t202302\t12,000.00\t正常缴费\n"
    "\t\t\t\n"
    "上海乙有限公司\t202304\t15000\t补缴\n"
    "合计\t\t39000\t"
)
APP = (
    "社保缴费明细\n2023年12月\n单位名称：上海丙有限公司\n缴费基数：12000.00元\n缴费状态：正常缴费\n"
    "2024年01月\n单位名称：上海丙有限公司\n缴费基数：12000.00元\n缴费状态：缓缴\n"
)


def test_a_table_of_months_becomes_stretches() -> None:
    found = pasted(TABLE)
    assert rows(found) == [
        ("上海甲有限公司", "2023-01", "2023-02", "12000", "paid"),
        ("上海乙有限公司", "2023-04", "2023-04", "15000", "back_paid"),
    ]
    assert found.left_aside == [(6, "合计\t\t39000")]
    assert found.faults == []


def test_records_of_an_app_may_take_several_lines() -> None:
    found = pasted(APP)
    assert rows(found) == [
        ("上海丙有限公司", "2023-12", "2023-12", "12000", "paid"),
        ("上海丙有限公司", "2024-01", "2024-01", "12000", "deferred"),
    ]
    assert found.left_aside == [(1, "社保缴费明细")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022.01-2022.12 丁有限公司 9000", ("丁有限公司", "2022-01", "2022-12", "9000", "paid")),
        ("2025-01至今 9000", ("", "2025-01", "2025-05", "9000", "paid")),
        ("202201-202212\t9000", ("", "2022-01", "2022-12", "9000", "paid")),
        ("2023年1月 ¥8,000.50 正常", ("", "2023-01", "2023-01", "8000.5", "paid")),
        ("2023-01-15，8000元", ("", "2023-01", "2023-01", "8000", "paid")),
        ("２０２３-０１ ８０００", ("", "2023-01", "2023-01", "8000", "paid")),
        ("2023-01 8000 640", ("", "2023-01", "2023-01", "8000", "paid")),
        ("2023-01 上海未来养老服务有限公司 8000",
         ("上海未来养老服务有限公司", "2023-01", "2023-01", "8000", "paid")),
        ('employer,from,to,base\nAcme,2022-01,2022-12,"12,000"',
         ("Acme", "2022-01", "2022-12", "12000", "paid")),
        ("2023-01", ("", "2023-01", "2023-01", None, "paid")),
    ],
)  # fmt: skip
def test_one_line_may_be_written_in_many_ways(text: str, expected: Row) -> None:
    found = pasted(text)
    assert (rows(found), found.faults) == ([expected], [])


def test_two_schemes_on_lines_of_their_own_are_one_and_others_are_left_aside() -> None:
    found = pasted("养老保险 2023-01 8000\n医疗保险 2023-01 8000\n失业保险 2023-01 8000")
    assert [one.schemes for one in found.employments] == [("pension", "medical")]
    assert found.left_aside == [(3, "失业保险 2023-01 8000")]
    alone = pasted("养老保险 2023-01 8000")
    assert [one.schemes for one in alone.employments] == [("pension",)]


@pytest.mark.parametrize(
    ("text", "code", "path", "zh", "en"),
    [
        (
            "2022-01 2022-02 2022-03",
            "JF-F080",
            "paste.1",
            "第 1 行：一行里有 3 个月份；应为一个月份，或起止两个月份。请每段缴费写一行。",
            "Line 1: 3 months in one line; expected one month, or the first and the last. "
            "Write one line for each stretch.",
        ),
        (
            "\n2023-05 2023-01 8000",
            "JF-F081",
            "paste.2",
            "第 2 行：从 2023-05 到 2023-01；应为终止月份不早于起始月份。请核对起止月份。",
            "Line 2: from 2023-05 to 2023-01; expected a last month that is not before the "
            "first. Exchange or correct the two months.",
        ),
        (
            "2023-01 5000 6000",
            "JF-F082",
            "paste.1",
            "第 1 行：5000、6000；应为能看出哪一个是缴费基数。"
            "请只保留缴费基数，或加一行列名（单位、月份、缴费基数）。",
            "Line 1: 5000, 6000; expected a line that tells which of them is the base. Keep "
            "the base alone, or add a line of headings (employer, month, base).",
        ),
        (
            "2023-01 8000\n2023-01 9000",
            "JF-F083",
            "paste.2",
            "第 2 行：2023-01 的另一条记录；应为同一险种每个月只有一条记录。"
            "请核对这个月，保留正确的一条。",
            "Line 2: another record of 2023-01; expected one record of each scheme and "
            "month. Check the month and keep the right one.",
        ),
        (
            "2023-01 8000 未到账",
            "JF-F085",
            "paste.1",
            "第 1 行：“未到账”；应为月份、金额，或“正常缴费”“缓缴”“补缴”。"
            "请改正，或删去没有缴费的这一行。",
            "Line 1: '未到账'; expected a month, an amount, or one of paid, deferred, "
            "back-paid. Correct it, or remove a line of a month without payment.",
        ),
        (
            "年月\t缴费基数\n2023-01\t八千",
            "JF-F085",
            "paste.2",
            "第 2 行：“八千”；应为月份、金额，或“正常缴费”“缓缴”“补缴”。"
            "请改正，或删去没有缴费的这一行。",
            "Line 2: '八千'; expected a month, an amount, or one of paid, deferred, "
            "back-paid. Correct it, or remove a line of a month without payment.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    text: str, code: str, path: str, zh: str, en: str
) -> None:
    fault = only(pasted(text))
    assert (fault.code, fault.path) == (code, path)
    assert (fault.to_sentence("zh"), fault.to_sentence("en")) == (zh, en)


def only(found: PastedInsurance) -> FactFault:
    assert len(found.faults) == 1
    return found.faults[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2023-01 8000\n" * (MOST_LINES + 1), "2,001 lines"),
        ("x" * (LONGEST + 1), "1 lines"),
        ("1900-01 2199-12 8000\n" * 10, "36,000 months"),
    ],
)
def test_a_text_that_is_too_long_is_not_read(text: str, shown: str) -> None:
    found = pasted(text)
    fault = only(found)
    assert (fault.code, fault.path, found.employments) == ("JF-F084", "paste", [])
    assert fault.to_sentence("en").startswith(
        f"Found {shown}; expected a table or text of at most 2,000"
    )
    assert fault.to_sentence("zh").endswith("请只粘贴缴费记录。")


def test_of_two_records_of_a_month_the_first_is_kept() -> None:
    assert rows(pasted("2023-01 8000\n2023-01 9000"))[0][3] == "8000"
    assert rows(pasted("2023-01 8000\n2023-01 8000")) == [
        ("", "2023-01", "2023-01", "8000", "paid")
    ]


def test_what_is_pasted_is_read_by_the_engine() -> None:
    """The same spells that somebody would have typed, without a fault."""
    rules = load_rules("shanghai", "2018", ON)
    spells = [
        one.spell
        for one in build_contributions(pasted(TABLE.rsplit("\n", 1)[0] + "\n").employments, rules)
    ]
    faults: list[FactFault] = []
    read = read_spells(spells, faults, on=ON)
    assert faults == []
    assert [(format_month(s.since), format_month(s.until), s.status) for s in read] == [
        ("2023-01", "2023-02", "paid"),
        ("2023-04", "2023-04", "back_paid"),
    ]


def test_an_empty_text_gives_nothing() -> None:
    assert pasted(" \n\n") == PastedInsurance()
