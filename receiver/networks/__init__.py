"""Where an upload comes from, how much may come from there, and what is stored of it."""
