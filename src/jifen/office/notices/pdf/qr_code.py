"""The square code on a notice: an address that any camera opens, with the signed statement after
'#', which stays on the phone and is not sent to the site."""

from io import BytesIO

import segno

_MASK = 2


def draw_qr_code(text: str) -> str:
    """The code as SVG, with its quiet zone."""
    svg = BytesIO()
    # a fixed mask: to compare all eight takes longer than typesetting, and signed text is as
    # mixed under any
    code = segno.make_qr(text, error="m", boost_error=False, mask=_MASK)
    code.save(svg, kind="svg", xmldecl=False, svgns=True, border=4, dark="#000", light="#fff")
    return svg.getvalue().decode()
