"""The words that a device puts together: one catalogue, written out with each measure."""

from collections.abc import Mapping

from jifen.policy.catalogue import LANGS, Catalogue
from jifen.policy.text import Text

DEVICE = Catalogue("jifen.scoring.device")
"""Faults of this package (JF-Z…), and under `phrases` all that the module says of a result."""


def write_text(text: Text) -> list[str]:
    """A text as the document has it: Chinese, then English."""
    return [text.zh, text.en]


def write_phrases() -> dict[str, list[str]]:
    """Every template of the catalogue, `{placeholders}` and all."""
    catalogues = [DEVICE.list_phrases(lang) for lang in LANGS]
    return {name: [of[name] for of in catalogues] for name in catalogues[0]}


def write_fault_sentences() -> dict[str, dict[str, list[str]]]:
    """Every code with its kinds: what was found, what was expected and what to do, as a sentence
    with its `{placeholders}`."""
    catalogues = [DEVICE.list_kinds(lang) for lang in LANGS]
    frames = [DEVICE.list_phrases(lang)["fault"] for lang in LANGS]
    return {
        code: {
            kind: [
                _compose_sentence(of[code][kind], frame)
                for of, frame in zip(catalogues, frames, strict=True)
            ]
            for kind in kinds
        }
        for code, kinds in catalogues[0].items()
    }


def _compose_sentence(parts: Mapping[str, str], frame: str) -> str:
    whole = parts.get("sentence")
    if whole:
        return whole
    for name in ("found", "expected", "remedy"):
        frame = frame.replace(f"{{{name}}}", parts[name])
    return frame
