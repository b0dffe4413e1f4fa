"""Which names may be shown: those of the catalogue, those that the operator lists, and plain versions."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from vocabulary.catalogue import Catalogue
from vocabulary.keys import Key, Naming
from vocabulary.names import NamesError, read_catalogue, read_names
from vocabulary.versions import is_plain

CATALOGUE = Catalogue.read()
HEADER = "kind,name\n"


def keys(names: Path, **said: str) -> list[Key]:
    """Return the keys of one part of a report, with the list `names`."""
    naming = Naming(read_catalogue(names))
    made: dict[str, Callable[[str], Iterable[Key]]] = {
        "core": naming.core,
        "feature": lambda name: naming.proxy("3.12.0", (name,), "3.12")[2:],
        "compute_resource": naming.compute_resource,
        "plugin": lambda name: naming.plugin(name, "1.2.3"),
        "plugin_version": lambda version: naming.plugin("katello", version)[1:],
        "server_operatingsystem": lambda word: list(naming.fact("server_operatingsystem", word, "text"))[:1],
        "satellite_version": lambda version: list(naming.fact("satellite_version", version, "text"))[:1],
    }
    return [key for kind, name in said.items() for key in made[kind](name)]


@pytest.mark.parametrize(
    ("kind", "said", "line"),
    [
        ("core", "3.12.0-acme", "version,3.12.0-acme"),
        ("plugin_version", "4.14.0.acme", "version,4.14.0.acme"),
        ("satellite_version", "6.16.0-acme", "version,6.16.0-acme"),
        ("plugin", "foreman_newcomer", "plugin,foreman_newcomer"),
        ("feature", "Newcomer", "feature,Newcomer"),
        ("feature", "new comer", "feature,Newcomer"),
        ("compute_resource", "Newcomer", "compute_resource,Newcomer"),
        ("server_operatingsystem", "guix 1.4", "server_operatingsystem,guix 1.4"),
    ],
)
def test_an_unknown_name_names_nobody_once_it_is_listed(tmp_path: Path, kind: str, said: str, line: str) -> None:
    names = tmp_path / "names.csv"
    assert not all(key.names_nobody for key in keys(names, **{kind: said}))
    names.write_text(HEADER + line + "\n")
    listed = keys(names, **{kind: said})
    assert all(key.names_nobody for key in listed)
    assert line.partition(",")[2] in [key.name for key in listed]


def test_a_listed_name_is_of_one_kind_only(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(HEADER + "plugin,newcomer\n")
    assert not any(key.is_known for key in keys(names, feature="newcomer", compute_resource="newcomer"))


def test_a_spelling_that_the_catalogue_knows_stays_its_own(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(HEADER + "feature,puppetca\n")
    assert [key.name for key in keys(names, feature="puppetca")] == ["Puppet CA"]


def test_a_listed_version_is_in_no_calendar(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(HEADER + "version,3.12.0-acme\n")
    assert read_catalogue(names).known["core_versions"] == CATALOGUE.known["core_versions"]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("satellite_version", "6.16.0"),
        ("server_operatingsystem", "rocky 9.4"),
        ("server_operatingsystem", "debian"),
        ("server_operatingsystem", "other"),
    ],
)
def test_words_that_the_sender_sends_are_known(tmp_path: Path, kind: str, word: str) -> None:
    assert all(key.names_nobody for key in keys(tmp_path / "names.csv", **{kind: word}))


def test_a_band_that_is_none_is_set_aside() -> None:
    naming = Naming(CATALOGUE)
    assert [key.name for key in naming.fact("domains_band", "5-9", "text")] == ["5-9", "domains_band"]
    assert [key.mart for key in naming.fact("domains_band", "acme", "text")] == ["set_aside"]


def test_every_release_in_the_catalogue_is_plain_but_for_other_words() -> None:
    """What comes next has no more digits or segments, so that it is shown before the catalogue has it."""
    for mart in ("core_versions", "proxy_versions"):
        assert [version for _, version in CATALOGUE.known[mart] if not is_plain(version)] == []
    others = {version for _, version in CATALOGUE.known["plugin_versions"] if not is_plain(version)}
    assert {version.rstrip("0123456789.").rpartition(".")[2] for version in others} == {"beta", "dev", "pre"}


OTHER_WORDS = ["3.9.0-acme", "3.9.0.acme", "acme", "v3.9", "3.9.0-rc1-acme", "3.9.0-rcacme", "3.9.0-Develop"]
TOO_LONG = ["1234.0.0", "3.1000", "1.2.3.4.5", "3.9.0rc123", "3.9.0-123", "3.9.0-develop1", "3.09.0", "3.9.0-0"]
ADDRESSES = ["10.20.30.40", "192.168.1.1", "4.100.0.1"]
NO_VERSIONS = ["", "3..9", "3.9.", "3.9.0 ", "3.9.0\n", "\u0663.9"]


@pytest.mark.parametrize("version", OTHER_WORDS + TOO_LONG + ADDRESSES + NO_VERSIONS)
def test_a_version_with_another_word_or_room_for_a_message_is_not_plain(version: str) -> None:
    assert not is_plain(version)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffkind,name\r\nplugin,foreman_newcomer\r\n\r\nversion,1.0-x\r\n",
        'kind,name\nplugin,"foreman_newcomer"\nversion,1.0-x\nversion,1.0-x',
    ],
)
def test_a_list_as_a_spreadsheet_writes_it_is_read(tmp_path: Path, content: str) -> None:
    names = tmp_path / "names.csv"
    names.write_bytes(content.encode())
    assert read_names(names, CATALOGUE.fields) == {("plugin", "foreman_newcomer"), ("version", "1.0-x")}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", r"begins with \[\]; its first line must be kind,name"),
        ("plugin,foreman_newcomer\n", "its first line must be kind,name"),
        (HEADER + "plugins,foreman_newcomer\n", "line 2: kind 'plugins'; give one of plugin, feature"),
        (HEADER + "hosts_band,0-9\n", "line 2: kind 'hosts_band'"),
        (HEADER + "hostname,acme\n", "line 2: kind 'hostname'"),
        (HEADER + "plugin,a\nplugin,b <c>\n", "line 3: 'b <c>' can never be shown"),
        (HEADER + "plugin,=cmd\n", "line 2: '=cmd' can never be shown"),
        (HEADER + f"plugin,{'a' * 65}\n", "line 2: 'a{65}' can never be shown"),
        (HEADER + "plugin, foreman_newcomer\n", "line 2: ' foreman_newcomer' can never be shown"),
        (HEADER + "plugin,\n", "line 2: '' can never be shown"),
        (HEADER + "plugin\n", "line 2: 1 columns; give a kind and a name"),
        (HEADER + "plugin,a,b\n", "line 2: 3 columns"),
        (HEADER + "plugin,\udcff\n", "cannot be read as CSV in UTF-8"),
        (HEADER + "plugin," + 200_000 * "x", "cannot be read as CSV|can never be shown"),  # by what else is imported
    ],
)
def test_a_line_that_could_have_no_effect_is_named(tmp_path: Path, content: str, what: str) -> None:
    names = tmp_path / "names.csv"
    names.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(NamesError, match=what) as refusal:
        read_catalogue(names)
    assert str(refusal.value).startswith(str(names))
