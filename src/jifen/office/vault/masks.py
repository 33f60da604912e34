"""What is shown of names and numbers to those who need not see them whole."""


def mask_identity(number: str) -> str:
    """310101199001011234 → 310101********1234: enough to tell two people apart at a window."""
    return f"{number[:6]}********{number[-4:]}" if len(number) == 18 else "*" * len(number)


def mask_phone(number: str) -> str:
    """13812345678 → 138****5678."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """王小明 → 王**: the family name only (the first character)."""
    return name[:1] + "*" * (len(name) - 1)
