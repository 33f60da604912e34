"""The office in small: staff, units, registers, cases, lists, notices, a browser signed in."""
