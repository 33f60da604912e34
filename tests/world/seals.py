"""Whether the seal of a PDF holds, as the library says."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from jifen.office.notices.keys import load_notice_keys


def validate_seal(signature: Any) -> Any:
    """The status of a signature of a PDF by the office's own certificate. In a thread of its own:
    the library starts an event loop, and a browser of the same process runs one already."""
    trust = ValidationContext(trust_roots=[load_notice_keys().seal().signing_cert])
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(validate_pdf_signature, signature, trust).result()
