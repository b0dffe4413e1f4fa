"""`make register`: what follows from code and catalogue is written where people read it."""

import pytest

from launcher.register import ROOT, MarksMissingError, texts, written


@pytest.mark.parametrize("file", list(texts()))
def test_every_generated_text_is_the_one_of_today(file: str) -> None:
    """Where it is not, run `make register` and commit what it wrote."""
    document = (ROOT / file).read_text(encoding="utf-8")
    assert written(document, texts()[file]) == document


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n<!-- x: made -->\nold\n<!-- x end -->\nb\n", "a\n<!-- x: made -->\nnew\n<!-- x end -->\nb\n"),
        ("# <x>\n# </x>\n", "# <x>\nnew\n# </x>\n"),
        ('.\\" <x>\nold\nold\n.\\" </x>\n', '.\\" <x>\nnew\n.\\" </x>\n'),
    ],
)
def test_a_text_is_written_between_its_marks(before: str, after: str) -> None:
    assert written(before, {"x": "new"}) == after


@pytest.mark.parametrize("document", ["no marks\n", "# <x>\n# </x>\n# <x>\n# </x>\n"])
def test_a_document_without_one_place_is_refused(document: str) -> None:
    with pytest.raises(MarksMissingError, match="places for x; one is wanted"):
        written(document, {"x": "new"})
