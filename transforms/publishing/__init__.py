"""public.db: built, checked and only then shown; and its files for other tools."""
