"""What a person sees who opens the receiver's address in a browser: two short pages without scripts."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

_PRIVACY = Path(__file__).parents[2] / "PRIVACY.md"
_SAFE = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Referrer-Policy": "no-referrer"}
_FRONT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>foreman-popcon receiver</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>body { font: 1rem/1.5 sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }</style>
</head>
<body>
<h1>foreman-popcon receiver</h1>
<p>Foreman installations that take part send a small report here once a week.</p>
<ul>
<li><a href="PRIVACY.md">What is reported, who sees it, how to stop it and how to erase it</a></li>
<li><a href="openapi.json">The API of this receiver</a> (OpenAPI)</li>
</ul>
</body>
</html>
"""


async def front_page(_: Request) -> Response:
    return HTMLResponse(_FRONT, headers=_SAFE)


async def privacy(_: Request) -> Response:
    """Answer with PRIVACY.md unchanged: browsers show plain text, and Markdown is readable as such."""
    return PlainTextResponse(_PRIVACY.read_text(encoding="utf-8"), headers=_SAFE)
