"""A measure written out for a browser: one document per version and day, scored by `score.js`.

`device_document(rules, on)` gives the document; what cannot be carried exactly raises CannotCarry.
The plain evaluator (`jifen.scoring.evaluator`) stays the reference; a test holds the two equal.
"""

from jifen.scoring.device.document import FORMAT, build_device_document, serialize_device_document
from jifen.scoring.device.numbers import NotRepresentable
from jifen.scoring.device.texts import DEVICE, write_fault_sentences

__all__ = [
    "DEVICE",
    "FORMAT",
    "NotRepresentable",
    "build_device_document",
    "serialize_device_document",
    "write_fault_sentences",
]
