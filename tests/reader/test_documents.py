"""PDFs and pictures are bounded before anything of them is drawn."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from jifen.policy.text import Text
from jifen.reader.documents import draw_page, inspect_document, read_first_text
from jifen.reader.faults import RefusalReason, RefusedFile
from jifen.reader.pool import ReaderPool
from jifen.reader.refusal_messages import explain_refusal
from tests.world.hostile import large_png, nested_pdf, pdf_that_draws_itself, png_bomb
from tests.world.text_pdf import make_text_pdf


def _heic(width: int = 64, height: int = 48) -> bytes:
    made = BytesIO()
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    pillow_heif.from_pillow(picture).save(made, quality=80)
    return made.getvalue()


def test_forms_within_forms_are_counted_before_they_are_drawn(pool: ReaderPool) -> None:
    hostile = nested_pdf(12, 10)
    for asked in (
        lambda: inspect_document(hostile, "pdf", pool=pool),
        lambda: draw_page(hostile, "pdf", pool=pool),
    ):
        with pytest.raises(RefusedFile) as caught:
            asked()
        words = explain_refusal(caught.value, Text("", ""))
        assert words.zh == (
            "PDF 第 1 页的图形层层嵌套，无法显示。请把文件“打印”为普通 PDF 后上传。"
        )
        assert words.en == (
            "Page 1 of the PDF draws shapes within shapes without end: print the file to a plain "
            "PDF."
        )


def test_a_form_that_draws_itself_is_refused_and_few_levels_are_not(pool: ReaderPool) -> None:
    with pytest.raises(RefusedFile) as caught:
        inspect_document(pdf_that_draws_itself(), "pdf", pool=pool)
    assert caught.value.reason is RefusalReason.NESTED
    assert inspect_document(nested_pdf(3, 10), "pdf", pool=pool).pages == 1
    shown = Image.open(BytesIO(draw_page(nested_pdf(3, 10), "pdf", pool=pool)))
    assert shown.size == (900, 900)


def test_the_size_of_a_picture_is_read_before_its_pixels(pool: ReaderPool) -> None:
    for content in (png_bomb(), png_bomb(6_400, 6_400)):
        with pytest.raises(RefusedFile) as caught:
            inspect_document(content, "png", pool=pool)
        assert (caught.value.reason, caught.value.given) == (
            RefusalReason.PIXELS,
            {"most": 40_000_000},
        )
    assert inspect_document(large_png(), "png", pool=pool).width == 6_000


def test_a_picture_of_a_phone_becomes_a_jpeg_and_always_the_same_one(pool: ReaderPool) -> None:
    shape = inspect_document(_heic(), "heic", pool=pool)
    assert (shape.pages, shape.width, shape.height) == (1, 64, 48)
    with Image.open(BytesIO(shape.jpeg)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 48))
    assert inspect_document(_heic(), "heic", pool=pool).jpeg == shape.jpeg


@pytest.mark.parametrize("part", [40, 200, 400])
def test_a_picture_of_a_phone_that_was_cut_off_is_damaged(pool: ReaderPool, part: int) -> None:
    with pytest.raises(RefusedFile) as caught:
        inspect_document(_heic()[:part], "heic", pool=pool)
    assert caught.value.reason is RefusalReason.DAMAGED


def test_the_text_of_a_page_is_read_and_bounded(pool: ReaderPool) -> None:
    text = read_first_text(make_text_pdf("普通高等学校", "毕业证书"), pool=pool)
    assert text.split() == ["普通高等学校", "毕业证书"]
    long = read_first_text(make_text_pdf(*["字" * 500] * 30), pool=pool)
    assert 3_000 < len(long) <= 4_002
    assert read_first_text(nested_pdf(3, 10), pool=pool) == "", "no text, as of a scan"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (nested_pdf(12, 10), RefusalReason.NESTED),
        (pdf_that_draws_itself(), RefusalReason.NESTED),
        (b"%PDF-1.4 nothing else", RefusalReason.DAMAGED),
        (make_text_pdf("毕业证书")[:300], RefusalReason.DAMAGED),
    ],
)
def test_text_of_a_hostile_file_is_refused(
    content: bytes, reason: RefusalReason, pool: ReaderPool
) -> None:
    with pytest.raises(RefusedFile) as caught:
        read_first_text(content, pool=pool)
    assert caught.value.reason is reason
