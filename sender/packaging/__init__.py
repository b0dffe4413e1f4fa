"""How the sender gets onto a server: units, cron file, man page, configuration, and what packs them."""
