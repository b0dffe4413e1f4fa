"""The sender: one file, `foreman_popcon.py`, which runs on a Foreman server; the rest writes its lists and packs it."""
