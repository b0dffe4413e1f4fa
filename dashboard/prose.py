"""The project's own Markdown as HTML: the forms that PRIVACY.md uses, and no others.

A library would be one more program between strangers and the server, for a file that changes with the project.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

_INLINE = [
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\(((?:https?://|/)[^)\s]+)\)"), r'<a href="\2">\1</a>'),
]


def html_of(markdown: str) -> str:
    """Headings, paragraphs, lists, tables and fenced code, with strong words, emphasis, code and links within."""
    return "\n".join(_block(lines) for lines in _blocks(re.sub(r"<!--.*?-->\n?", "", markdown, flags=re.DOTALL)))


def _blocks(markdown: str) -> Iterator[list[str]]:
    """Runs of lines with an empty line between; a fence is one, whatever is in it."""
    for at, part in enumerate(re.split(r"^```.*\n", markdown, flags=re.MULTILINE)):
        if at % 2:
            yield ["```", *part.splitlines()]
        else:
            runs = groupby(part.splitlines(), key=lambda line: bool(line.strip()))
            yield from (list(lines) for is_text, lines in runs if is_text)


def _block(lines: list[str]) -> str:
    first = lines[0]
    if first == "```":
        return f'<pre tabindex="0">{escape(chr(10).join(lines[1:]))}</pre>'
    heading = re.match(r"(#{1,3}) (.*)", first)
    if heading:
        level = len(heading[1])
        name = re.sub(r"[^a-z0-9]+", "-", heading[2].lower()).strip("-")
        return f'<h{level} id="{name}">{_inline(heading[2])}</h{level}>'
    if first.startswith("- "):
        items = re.split(r"^- ", "\n".join(lines), flags=re.MULTILINE)[1:]
        return f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</ul>"
    return _table(lines) if first.startswith("|") else f"<p>{_inline(chr(10).join(lines))}</p>"


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>" for row in rows[2:])
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="table" tabindex="0" role="region" aria-label="{escape(rows[0][0])}">{table}</div>'


def _inline(text: str) -> str:
    written = escape(text.strip(), quote=False)
    for pattern, replacement in _INLINE:
        written = pattern.sub(replacement, written)
    return written
