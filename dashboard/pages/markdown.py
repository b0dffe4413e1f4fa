"""The project's own Markdown as HTML, by markdown-it-py: CommonMark with tables, and no HTML of its own."""

import re
from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


class _Renderer(RendererHTML):
    """Headings that can be linked to; tables and code that scroll, and that a keyboard reaches."""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        text = "".join(child.content for child in tokens[idx + 1].children or [])
        tokens[idx].attrSet("id", re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-"))
        return self.renderToken(tokens, idx, options, env)

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        first_cell = next(token.content for token in tokens[idx:] if token.type == "inline")
        label = escape(first_cell.strip("`"))
        return f'<div class="table" tabindex="0" role="region" aria-label="{label}">\n' + self.renderToken(
            tokens, idx, options, env
        )

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.renderToken(tokens, idx, options, env) + "</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].attrSet("scope", "col")
        return self.renderToken(tokens, idx, options, env)

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:  # noqa: ARG002 - as the library calls it
        return f'<pre tabindex="0">{escape(tokens[idx].content.rstrip())}</pre>\n'


_MARKDOWN = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table").disable("image")
_MARKDOWN.validateLink = lambda url: url.startswith(("https://", "http://", "/"))  # type: ignore[method-assign]


def html_of(markdown: str) -> str:
    """Return the HTML of a file of the project; comments, such as the marks of generated parts, are left out."""
    return str(_MARKDOWN.render(_COMMENT.sub("", markdown)))
