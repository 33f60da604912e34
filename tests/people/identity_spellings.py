"""The odd spellings in which identity numbers and credit codes arrive."""

from collections.abc import Callable

FULL_WIDTH = str.maketrans(
    "0123456789ABCDEFGHJKLMNPQRTUWXYZabcdefghjklmnpqrtuwxyz-",
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＴＵＷＸＹＺａｂｃｄｅｆｇｈｊｋｌｍｎｐｑｒｔｕｗｘｙｚ－",
)
ODD_SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "small letters": str.lower,
    "blanks around": lambda number: f"  {number} ",
    "a tab behind": lambda number: f"{number}\t",
    "blanks inside": lambda number: f"{number[:6]} {number[6:14]} {number[14:]}",
    "ideographic blanks": lambda number: f"\u3000{number[:6]}\u3000{number[6:]}",
    "no-break blanks": lambda number: f"{number[:6]}\u00a0{number[6:]}\u00a0",
    "invisible characters": lambda number: f"\ufeff{number[:9]}\u200b{number[9:]}\u200d",
    "full width": lambda number: number.translate(FULL_WIDTH),
    "full width, small": lambda number: number.lower().translate(FULL_WIDTH),
    "the apostrophe of a spreadsheet": lambda number: f"'{number}",
}
"""Name → how somebody writes a number."""
