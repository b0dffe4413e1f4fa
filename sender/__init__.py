"""What runs beside a Foreman.  The program is one file, `foreman_popcon.py`; the rest writes its lists and packs it."""
