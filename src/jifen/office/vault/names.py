"""Names as different hands write them: a dot of another form, a space beside it, full-width or
small letters, or the private code of an older system, are no other person."""

import unicodedata

from jifen.office.vault.masks import mask_name
from jifen.office.vault.private_codes import to_standard_characters

_DOTS = dict.fromkeys(map(ord, ".•‧∙⋅・ㆍ"), "·")


def normalize_name(name: str) -> str:
    """One way to write a name, for comparing: 阿卜杜拉• 买买提 → 阿卜杜拉·买买提."""
    normalized = unicodedata.normalize("NFKC", to_standard_characters(name)).translate(_DOTS)
    return "".join(normalized.split()).casefold()


def list_masks(name: str) -> set[str]:
    """Every mask that a typed name may have been given: with or without the spaces between its
    parts, its first letter small or large. What is a mask already stays; nothing for no name."""
    parts = unicodedata.normalize("NFKC", name).split()
    spellings = {"".join(parts), " ".join(parts)} - {""}
    masks = {spelling if "*" in spelling else mask_name(spelling) for spelling in spellings}
    cased = {first(mask[:1]) + mask[1:] for mask in masks for first in (str.upper, str.lower)}
    return {mask for mask in masks | cased if not mask.startswith("*")}
