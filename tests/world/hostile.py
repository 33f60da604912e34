"""Files that were made to hurt whoever opens them. Each shows one kind."""

import struct
import zipfile
import zlib
from io import BytesIO

import xlsxwriter
from PIL import Image


def nested_pdf(levels: int, fan: int) -> bytes:
    """Form objects nested so many levels deep, each drawing the next so many times."""
    objects = [*_page("/Resources << /XObject << /X 5 0 R >> >>"), _stream("", "/X Do")]
    for level in range(levels):
        last = level == levels - 1
        inner = "" if last else f"/Resources << /XObject << /X {6 + level} 0 R >> >>"
        body = "0 0 1 1 re f" if last else " ".join(["/X Do"] * fan)
        head = f"/Type /XObject /Subtype /Form /BBox [0 0 300 300] {inner}"
        objects.append(_stream(head, body))
    return _pdf(objects)


def pdf_that_draws_itself() -> bytes:
    """A form object that draws itself."""
    inner = "/Resources << /XObject << /X 5 0 R >> >>"
    head = f"/Type /XObject /Subtype /Form /BBox [0 0 300 300] {inner}"
    return _pdf([*_page(inner), _stream("", "/X Do"), _stream(head, "/#58 Do /X Do")])


def slow_pdf(shapes: int = 300_000) -> bytes:
    """One page, nothing nested, that takes very long to draw."""
    shape = "0 0 m 300 10 20 300 300 300 c 10 0 0 290 300 5 c h f*\n"
    return _pdf([*_page(""), _stream("", shape * shapes)])


def _page(resources: str) -> list[str]:
    return [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R {resources} >>",
    ]


def _stream(head: str, body: str) -> str:
    return f"<< {head} /Length {len(body)} >>\nstream\n{body}\nendstream"


def _pdf(objects: list[str]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    head = f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    tail = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + head + table + tail.encode()


def png_bomb(width: int = 100_000, height: int = 100_000) -> bytes:
    """A PNG of a few bytes whose head says so many pixels."""
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack("!I", len(body)) + name + body + struct.pack("!I", zlib.crc32(name + body))
        )

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def large_png(side: int = 6_000) -> bytes:
    """A whole PNG: few bytes, many pixels, all white."""
    made = BytesIO()
    Image.new("L", (side, side), 255).save(made, "PNG")
    return made.getvalue()


def far_cell(row: int = 1_048_576, column: int = 16_384, *, formatted: bool = False) -> bytes:
    """A workbook with A1 and one cell far away, with content or `formatted` only."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    if formatted:
        sheet.write_blank(row - 1, column - 1, None, book.add_format({"bold": True}))
    else:
        sheet.write(row - 1, column - 1, 1)
    book.close()
    return made.getvalue()


def workbook_with(sheet: str, *, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook whose one sheet is written by hand, under any name."""
    plain, made = BytesIO(far_cell(1, 1)), BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            if entry == "xl/worksheets/sheet1.xml":
                target.writestr(part, sheet)
            else:
                target.writestr(entry, content.replace(b"worksheets/sheet1.xml", part[3:].encode()))
    return made.getvalue()


def sheet_of(rows: str, before: str = "") -> str:
    """The text of a sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = f'<?xml version="1.0" encoding="UTF-8"?>{before}'
    return f'{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def with_parts(many: int, size: int = 0) -> bytes:
    """A workbook with so many more parts, each of so many zeros."""
    made = BytesIO(far_cell(1, 1))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for number in range(many):
            archive.writestr(f"xl/media/{number}", b"\0" * size)
    return made.getvalue()
