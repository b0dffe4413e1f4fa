"""`make register`: writes the texts that follow from code and catalogue into the files that people read.

A generated text is between two marks, `<!-- NAME: … -->` and `<!-- NAME end -->`; in programs and configurations
`# <NAME>` and `# </NAME>`; in man pages the same behind `.\\"`.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from files import write_durably
from receiver import reference
from sender import lists
from vocabulary.fields import as_table, read_fields

ROOT = Path(__file__).parents[1]


class MarksMissingError(ValueError):
    """A document has no place for a generated text."""


def texts() -> Mapping[str, Mapping[str, str]]:
    """Return every generated text, by file (from the project's root) and mark."""
    return {"PRIVACY.md": {"fields": as_table(read_fields())}, **reference.texts(), **lists.texts()}


def written(document: str, generated: Mapping[str, str]) -> str:
    """Return a document with the texts of today between its marks.  Raise MarksMissingError."""
    for name, text in generated.items():
        mark = re.escape(name)
        place = re.compile(
            rf'^((?:<!-- {mark}:[^\n]*-->|(?:#|\.\\") <{mark}>)\n).*?^((?:<!-- {mark} end -->|(?:#|\.\\") </{mark}>)$)',
            re.MULTILINE | re.DOTALL,
        )
        found = list(place.finditer(document))
        if len(found) != 1:
            raise MarksMissingError(f"{len(found)} places for {name}; one is wanted")
        document = f"{document[: found[0].end(1)]}{text}\n{document[found[0].start(2) :]}"
    return document


def main() -> int:
    """Return the exit status: 0 done, 1 could not."""
    for file, generated in texts().items():
        path = ROOT / file
        document = path.read_text(encoding="utf-8")
        try:
            current = written(document, generated)
        except MarksMissingError as error:
            print(f"make register: {file}: {error}", file=sys.stderr)
            return 1
        if current != document:
            write_durably(path, current.encode())
            print(f"{file} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
