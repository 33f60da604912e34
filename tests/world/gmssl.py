"""Whether GmSSL is here, which comes as a wheel for Linux on x86-64 (pyproject.toml)."""

import platform
import sys

HAS_GMSSL = sys.platform == "linux" and platform.machine() == "x86_64"
