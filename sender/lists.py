"""What the sender and its documents take from the catalogue: public names, and words for each key of a report."""

import csv
import re
import textwrap
from collections.abc import Mapping

from vocabulary.catalogue import FOLDER
from vocabulary.fields import Field, read_fields

_PUBLISHED = {True: "as counts of at least 5 installations", False: "never; only the maintainers of the project see it"}


def texts() -> Mapping[str, Mapping[str, str]]:
    """Return what belongs between the marks of which file, by the name of the mark; files from the project's root."""
    sent = [field for field in read_fields() if field.is_sent]
    switches = [field.key for field in sent if field.has_switch]
    return {
        "sender/foreman_popcon.py": {"explanations": _explanations(sent), "public names": _public_lists()},
        "sender/packaging/foreman-popcon.conf": {"switches": "\n".join(f"#{key} = yes" for key in switches)},
        "sender/packaging/foreman-popcon.8": {
            "switches": "\n.TQ\n".join(f".B {key} = yes" for key in switches),
        },
        "docs/sender.md": {"keys": _keys_table(sent)},
    }


def compared(name: str) -> str:
    """Return a name as the sender compares it (its `fold`)."""
    return re.sub(r"[\s_-]+", "", name).lower()


def public_names() -> dict[str, list[str]]:
    """Return each list of the sender with its names, one for all spellings that compare alike."""
    found = {
        "PUBLIC_PLUGINS": _column("plugins.csv", "plugin", kind="foreman plugin"),
        "PUBLIC_FEATURES": _column("features.csv", "feature") + _column("feature_aliases.csv", "spelling"),
        "PUBLIC_COMPUTE_RESOURCES": _column("compute_resources.csv", "compute_resource")
        + _column("compute_resource_aliases.csv", "spelling"),
    }
    return {
        title: sorted({compared(name): name for name in reversed(names)}.values(), key=str.lower)
        for title, names in found.items()
    }


def _column(file: str, name: str, **wanted: str) -> list[str]:
    """Return one column of a file of the catalogue, of the lines that hold what is `wanted`."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines) if all(row[key] == value for key, value in wanted.items())]


def _explanations(sent: list[Field]) -> str:
    """Return the lines on each key, as `preview --explain` shows them."""
    lines = []
    for field in sent:
        lines += [f"{field.key}: {field.title}", f"    why: {field.why}"]
        lines += [f"    published: {_PUBLISHED[field.is_published]}"]
    return "\n".join(['EXPLANATIONS = explained("""', *lines, '""")'])


def _public_lists() -> str:
    lines = []
    for title, public in public_names().items():
        wrapped = textwrap.wrap(", ".join(public), 116, break_on_hyphens=False, break_long_words=False)
        lines += [f'{title} = listed("""', *wrapped, '""")']
    return "\n".join(lines)


def _keys_table(sent: list[Field]) -> str:
    rows = ["| key | what it says | published | how to leave it out |", "|---|---|---|---|"]
    for field in sent:
        published = "in groups" if field.is_published else "never"
        switch = f"`{field.key} = no`" if field.has_switch else ""
        rows.append(f"| `{field.key}` | {field.title} | {published} | {switch} |".replace("|  |", "| |"))
    return "\n".join(rows)
