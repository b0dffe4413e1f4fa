"""The layers around Datasette: what a request may ask, and what of an answer is stored and passed on."""
