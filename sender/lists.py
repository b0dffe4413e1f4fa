"""Writes the lists at the end of the sender from the catalogue: names that are public, and a reason for each key."""

import csv
import re
import sys
import textwrap
from pathlib import Path

SENDER = Path(__file__).with_name("foreman_popcon.py")
CATALOG = Path(__file__).parents[1] / "vocabulary" / "catalog"


def column(file: str, name: str, **wanted: str) -> list[str]:
    """Return one column of a file of the catalogue, of the lines that hold what is `wanted`."""
    with (CATALOG / file).open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines) if all(row[key] == value for key, value in wanted.items())]


def compared(name: str) -> str:
    """Return a name as the sender compares it (its `fold`)."""
    return re.sub(r"[\s_-]+", "", name).lower()


def public_names() -> dict[str, list[str]]:
    """Return each list of the sender with its names, one for all spellings that compare alike."""
    found = {
        "PUBLIC_PLUGINS": column("plugins.csv", "plugin", kind="foreman plugin"),
        "PUBLIC_FEATURES": column("features.csv", "feature") + column("feature_aliases.csv", "spelling"),
        "PUBLIC_COMPUTE_RESOURCES": column("compute_resources.csv", "compute_resource")
        + column("compute_resource_aliases.csv", "spelling"),
    }
    return {
        title: sorted({compared(name): name for name in reversed(names)}.values(), key=str.lower)
        for title, names in found.items()
    }


def explanations() -> list[str]:
    """Return the lines on each key that the sender sends, as `preview --explain` shows them."""
    published = {
        "yes": "as counts of at least 5 installations",
        "no": "never; only the maintainers of the project see it",
    }
    lines = []
    with (CATALOG / "fields.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["sent"] == "yes":
                lines += [f"{row['key']}: {row['title']}", f"    why: {row['why']}"]
                lines += [f"    published: {published[row['published']]}"]
    return lines


def blocks() -> dict[str, str]:
    """Return the text of each generated part, by the name between its marks."""
    explained = ['EXPLANATIONS = explained("""', *explanations(), '""")']
    names = []
    for title, public in public_names().items():
        wrapped = textwrap.wrap(", ".join(public), 116, break_on_hyphens=False, break_long_words=False)
        names += [f'{title} = listed("""', *wrapped, '""")']
    return {"explanations": "\n".join(explained), "public names": "\n".join(names)}


def with_lists(program: str) -> str:
    """Return the program's text with its lists as the catalogue has them now."""
    for name, text in blocks().items():
        head, opening, rest = program.partition(f"# <{name}>\n")
        _, closing, tail = rest.partition(f"# </{name}>\n")
        if not closing:
            raise ValueError(f"{SENDER.name} has no place for <{name}>")
        program = f"{head}{opening}{text}\n{closing}{tail}"
    return program


def main() -> int:
    SENDER.write_text(with_lists(SENDER.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
