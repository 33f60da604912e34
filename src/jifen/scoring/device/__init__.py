"""A measure written out for a browser: one document per version and day, scored by `score.js`.

`device_document(rules, on)` gives the document; what cannot be carried exactly raises CannotCarry.
The plain evaluator (`jifen.scoring.evaluator`) stays the reference; a test holds the two equal.
"""

from jifen.scoring.device.document import FORMAT, device_bytes, device_document
from jifen.scoring.device.numbers import CannotCarry
from jifen.scoring.device.words import DEVICE, fault_words

__all__ = ["DEVICE", "FORMAT", "CannotCarry", "device_bytes", "device_document", "fault_words"]
