"""Which document a file is, guessed from its name: a person decides."""

from collections.abc import Iterable
from itertools import pairwise
from unicodedata import normalize

from jifen.process import MaterialRule

_COMMON_NAMES = {
    "毕业证书": "学历证书",
    "毕业证": "学历证书",
    "学位证": "学位证书",
    "学信网": "学历验证报告学信网",
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


def guess_material(file_name: str, materials: Iterable[MaterialRule]) -> str:
    """The id of the material whose label is most like the name of the file; '' where none is."""
    name = normalize("NFKC", file_name).rsplit(".", 1)[0].lower()
    for common, words in _COMMON_NAMES.items():
        if common in name:
            name += words
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
