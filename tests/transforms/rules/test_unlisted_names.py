"""`set-aside suspects` suggests names that the operator could list, and how."""

import pytest

from tests.transforms.given import Given
from tests.transforms.weeks.test_names import LINES, REPORT, SECRETS, TAGS, command, company, list_names, shown


def suspects(given: Given) -> list[str]:
    run = command(given, "set-aside", "suspects")
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def test_names_from_k_networks_are_suggested_with_the_line_that_lists_them(given: Given) -> None:
    company(given, [0, 1, 2], [*TAGS[:3]])
    given.refresh()
    said = suspects(given)
    assert "plugin foreman_globex: from 3 networks in a week; in (other), because no list has the name" in said
    assert f"   to make the name public, add this line to {given.settings.names}: plugin,foreman_globex" in said
    assert [line for line in said if "6.6.6" in line] == []
    assert "are public from the next edition on" in said[-1]
    lines = {line.rpartition(": ")[2] for line in said if line.startswith("   to make the name public")}
    assert lines == {*LINES}
    list_names(given, *lines)
    assert suspects(given) == ["Nothing looks suspicious."]
    assert shown(given) == {*SECRETS, "6.6.6", "globex"}
    assert suspects(given) == ["Nothing looks suspicious."]


def test_a_name_from_fewer_networks_is_not_suggested(given: Given) -> None:
    """However many installations report it, and whatever networks these had in different weeks."""
    company(given, [0, 1, 2], [TAGS[0], TAGS[0], TAGS[1], TAGS[1]])
    given.upload(3, 3, tag=TAGS[2], **REPORT)
    given.refresh()
    assert suspects(given) == ["Nothing looks suspicious."]


def test_uploads_without_a_tag_are_networks_of_their_own(given: Given) -> None:
    company(given, [0, 1, 2], [None, None, TAGS[0]])
    given.refresh()
    assert "plugin foreman_globex: from 3 networks" in "\n".join(suspects(given))


@pytest.mark.parametrize("name", ["<b>", " acme", "acme ", "=acme", "a" * 65])
def test_a_name_that_could_never_be_shown_is_not_suggested(given: Given, name: str) -> None:
    company(given, [0, 1, 2], [*TAGS[:4]], {"plugins": [{"name": name, "version": None}]})
    given.refresh()
    assert suspects(given) == ["Nothing looks suspicious."]


def test_a_broken_list_is_named_before_anything_is_suggested(given: Given) -> None:
    list_names(given, "colour,red")
    run = command(given, "set-aside", "suspects")
    assert (run.returncode, "line 2: kind 'colour'" in run.stderr) == (1, True)
