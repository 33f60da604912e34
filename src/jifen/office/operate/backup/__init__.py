"""Backups of an installation: the database and every document, sealed to a public key.

A backup is a folder of parts (`*.age`, a sealed stream each) beside `manifest.json`, which names
each part with its size and SHA-256, and `manifest.sig`, its signature by the key of the log. The
server holds the public key only and cannot read what it wrote. The keys of the installation
(JIFEN_KEYS and JIFEN_NOTICE_KEYS) are in no backup: they are kept apart.

`write` makes a backup while the site runs, `restore` puts one into an empty installation, and
`rotation` removes the older ones.
"""
