"""SVG as text: the one place where names are escaped."""

from html import escape


def tag(name: str, *children: str, **attributes: object) -> str:
    """An element; `class_` is `class`, an underscore in a name is a hyphen; children are markup already."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(content: str, **attributes: object) -> str:
    return tag("text", escape(clean(content)), **attributes)


def clean(content: str) -> str:
    """Without the characters that XML refuses, and those that reorder the text around them."""
    return "".join(c if c.isprintable() else " " for c in content)


def shorten(content: str, longest: int) -> str:
    return content if len(content) <= longest else content[: longest - 1] + "…"


def percent(share: float) -> str:
    """A position or width, from 0 to 1."""
    return f"{_short(100 * share)}%"


def _short(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
