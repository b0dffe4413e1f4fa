"""The generated parts of the sender agree with the project's catalogue."""

import csv

from sender import foreman_popcon, lists
from tests.sender.conftest import PROGRAM
from vocabulary.catalogue import FOLDER, Catalogue


def test_every_public_plugin_is_named_as_the_catalogue_names_it() -> None:
    with (FOLDER / "plugins.csv").open(encoding="utf-8", newline="") as lines:
        public = {row["plugin"] for row in csv.DictReader(lines) if row["kind"] == "foreman plugin"}
    assert set(foreman_popcon.PUBLIC_PLUGINS.values()) == public


def test_names_are_compared_alike_by_the_list_and_by_the_program() -> None:
    for name in ("Puppet CA", "foreman-tasks", "Container_Gateway", "Amazon EC2"):
        assert lists.compared(name) == foreman_popcon.fold(name)


def test_the_page_on_the_sender_names_every_key_and_band() -> None:
    """docs/sender.md is what an admin reads before the report."""
    page = " ".join((PROGRAM.parents[1] / "docs" / "sender.md").read_text(encoding="utf-8").split())
    for key in foreman_popcon.EXPLANATIONS:
        assert f"`{key}`" in page, key
    for starts in (foreman_popcon.HOSTS_BANDS, foreman_popcon.NETWORKS_BANDS):
        assert ", ".join(foreman_popcon.band(start, starts) for start in starts) in page


def test_every_band_and_word_that_can_be_sent_is_known() -> None:
    """One that the register does not know would be set aside, or shown to nobody."""
    fields, facts = Catalogue.read().fields, Catalogue.read().known["facts"]
    for key, starts in (
        ("hosts_band", foreman_popcon.HOSTS_BANDS),
        ("domains_band", foreman_popcon.NETWORKS_BANDS),
        ("subnets_band", foreman_popcon.NETWORKS_BANDS),
    ):
        assert (fields[key].kind, fields[key].bands) == ("band", starts)
    families = {*foreman_popcon.FAMILIES.split(), "other"}
    assert {word for key, word in facts if key == "operatingsystem_families"} == families
    systems = {word.split()[0] for key, word in facts if key == "server_operatingsystem"}
    assert systems == {*foreman_popcon.DISTRIBUTIONS.split(), "other"}


def test_every_key_that_can_be_sent_is_explained() -> None:
    """Keys of lists, further keys, and what is counted because it is not public."""
    counted = {f"other_{what}_count" for what in ("plugins", "features", "compute_resources")}
    keys = {"uuid", "core_version", "satellite_version", *foreman_popcon.LISTS, *foreman_popcon.FURTHER_KEYS, *counted}
    assert keys <= set(foreman_popcon.EXPLANATIONS)
    assert all(foreman_popcon.explain(key) for key in keys)
