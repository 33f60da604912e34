"""Which document a file is, guessed from its name and from the words on its pages: a person
decides."""

import re
from collections.abc import Iterable
from itertools import pairwise
from unicodedata import normalize

from jifen.process import MaterialRule

_COMMON_NAMES = {
    "毕业证书": "学历证书",
    "毕业证": "学历证书",
    "学位证": "学位证书",
    "学信网": "学历验证报告学信网",
    "电子注册备案表": "学历验证报告学信网",
    "认证报告": "学历验证报告留服认证",
    "户口本": "户口簿",
    "社保": "社会保险缴费记录",
    "完税": "个人所得税纳税证明",
    "个税": "个人所得税纳税证明",
    "营业执照": "企业登记资料",
    "结婚": "结婚证",
    "成绩单": "毕业生登记表和成绩单",
    "职称": "专业技术职称证书",
    "id card": "身份证",
    "passport": "身份证",
    "diploma": "学历证书",
    "degree": "学位证书",
    "contract": "劳动合同",
    "marriage": "结婚证",
    "hukou": "户口簿",
    "tax": "纳税证明",
}
"""What people call a document, and the words that lists of documents have for it."""
_LEAST = 2
"""So many pairs of characters must agree."""
_MOST_LINES, _LONGEST_TITLE = 60, 24
_IN_FORM = re.compile(r"[:：,，。;；]|\d{6}")
"""A line with these is a sentence or an entry of a form, not the title of a document."""


def guess_material(file_name: str, materials: Iterable[MaterialRule]) -> str:
    """The id of the material whose label is most like the name of the file; '' where none is."""
    name = normalize("NFKC", file_name).rsplit(".", 1)[0].lower()
    return _find_most_alike(name + _list_label_words(name), materials)


def guess_material_by_text(text: str, materials: Iterable[MaterialRule]) -> str:
    """The id of the material whose label is like the first title on the pages; '' where no short
    line is one. Entries of forms that only mention a document ('身份证号码') are no titles."""
    rules = {material.id: material for material in materials}
    for line in text[:10_000].splitlines()[:_MOST_LINES]:
        title = "".join(normalize("NFKC", line).lower().split())
        if not 2 <= len(title) <= _LONGEST_TITLE or _IN_FORM.search(title):
            continue
        material = _find_most_alike(_list_label_words(title) or title, rules.values())
        if material and _is_title_of(title, rules[material]):
            return material
    return ""


def _is_title_of(title: str, material: MaterialRule) -> bool:
    """Whether more than three fifths of a line are the label, or what people call the document: of
    '身份证号码' it is just that much."""
    label = normalize("NFKC", material.label.zh).lower()
    words = {pair for name in (label, *_list_common_names(title)) for pair in _list_pairs(name)}
    covered = {
        place + offset
        for place, pair in enumerate(pairwise(title))
        if pair in words
        for offset in (0, 1)
    }
    return 5 * len(covered) > 3 * len(title)


def _list_common_names(name: str) -> list[str]:
    return [common for common in _COMMON_NAMES if common in name]


def _list_label_words(name: str) -> str:
    """What labels say for the common names within a name."""
    return "".join(_COMMON_NAMES[common] for common in _list_common_names(name))


def _find_most_alike(name: str, materials: Iterable[MaterialRule]) -> str:
    pairs = _list_pairs(name)
    best, best_share = "", 0.0
    for material in materials:
        label_pairs = _list_pairs(normalize("NFKC", material.label.zh).lower())
        agreeing = len(label_pairs & pairs)
        share = agreeing / max(len(label_pairs), 1)
        if agreeing >= _LEAST and share > best_share:
            best, best_share = material.id, share
    return best


def _list_pairs(text: str) -> set[tuple[str, str]]:
    return {pair for pair in pairwise(text) if all(char.isalnum() for char in pair)}
