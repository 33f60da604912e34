"""`jifen keys rotate`: new keys for an installation, while its site runs."""
