"""What an administrator of an installation does: back it up and restore it."""
