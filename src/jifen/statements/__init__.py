"""What a notice says about itself, signed: checked by anybody, without the office or the network.

A statement is a compact JWS (RFC 7515, ES256) in the square code of a notice. It is checked against
a published list of keys (RFC 7517) and a dated list of what was revoked (Token Status List of the
IETF). A credential (SD-JWT VC) says that the line is reached, and until when, and nothing else.
"""

from jifen.statements.check import STATES, StatementVerdict, check_statement
from jifen.statements.faults import StatementFault
from jifen.statements.statement import Statement

__all__ = ["STATES", "Statement", "StatementFault", "StatementVerdict", "check_statement"]
