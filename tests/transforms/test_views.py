"""views.db: the latest upload of each installation, in the proposal's own schema."""

from typing import Any

from tests.transforms.given import Given, moment, uuid

PROPOSAL: dict[str, Any] = {
    "core_version": "1.13.2",
    "proxies": [
        {"version": "1.13.0", "features": ["TFTP", "DHCP", "DNS"]},
        {"version": "1.12.1", "features": ["Puppet", "PuppetCA"]},
    ],
    "plugins": [
        {"name": "foreman_discovery", "version": "7.0.0"},
        {"name": "foreman_templates", "version": "3.0.0"},
    ],
    "compute_resources": ["libvirt", "libvirt", "digitalocean"],
}


def test_the_proposals_example_reads_as_it_stands(given: Given) -> None:
    """One row a list entry, in the spelling of the upload."""
    given.upload(1, 0, **PROPOSAL)
    given.refresh()
    assert given.views("select id, uuid, core_version, received_at from uploads") == [(1, uuid(1), "1.13.2", moment(0))]
    assert given.views("select upload_id, version, features from proxies order by id") == [
        (1, "1.13.0", '["TFTP", "DHCP", "DNS"]'),
        (1, "1.12.1", '["Puppet", "PuppetCA"]'),
    ]
    assert given.views("select upload_id, name, version from plugins order by id") == [
        (1, "foreman_discovery", "7.0.0"),
        (1, "foreman_templates", "3.0.0"),
    ]
    assert given.views("select upload_id, type from compute_resources order by id") == [
        (1, "libvirt"),
        (1, "libvirt"),
        (1, "digitalocean"),
    ]


def test_a_second_upload_with_a_newer_version_shows_only_the_newer(given: Given) -> None:
    given.upload(1, 0, core_version="3.11.0", plugins=[{"name": "katello", "version": "4.13.0"}])
    given.refresh()
    given.upload(1, 0, core_version="3.12.0", plugins=[{"name": "foreman_puppet", "version": "7.0.0"}])
    given.refresh()
    assert given.views("select id, uuid, core_version from uploads") == [(2, uuid(1), "3.12.0")]
    assert given.views("select upload_id, name from plugins") == [(2, "foreman_puppet")]


def test_going_back_to_an_older_configuration_shows_it_again(given: Given) -> None:
    """The last upload counts, not the highest version."""
    for version in ("3.11.0", "3.12.0", "3.11.0"):
        given.upload(1, 0, core_version=version)
    given.refresh()
    assert given.views("select id, core_version from uploads") == [(3, "3.11.0")]


def test_ids_are_unique_among_installations_of_one_configuration(given: Given) -> None:
    for who in range(4):
        given.upload(who, 0, **PROPOSAL)
    given.refresh()
    for view in ("uploads", "proxies", "plugins", "compute_resources"):
        assert given.views(f"select count(*) - count(distinct id) from {view}") == [(0,)]


def test_further_keys_are_facts_with_the_type_that_json_has(given: Given) -> None:
    given.upload(1, 0, hosts_count=12, satellite_version="6.16.0", families={"RedHat": 3}, ratio=0.5, on=True, off=None)
    given.refresh()
    assert given.views("select upload_id, key, value, type from extra_facts order by key") == [
        (1, "families", '{"RedHat":3}', "object"),
        (1, "hosts_count", "12", "integer"),
        (1, "off", "null", "null"),
        (1, "on", "true", "true"),
        (1, "ratio", "0.5", "real"),
        (1, "satellite_version", "6.16.0", "text"),
    ]


def test_what_is_of_the_wrong_type_is_set_aside_with_its_place_and_reason(given: Given) -> None:
    """The rest of the same report counts on."""
    given.upload(
        1,
        0,
        plugins=[7, {"name": "katello", "version": 4}, {"version": "1"}],
        proxies=["p", {"version": "3.12.0", "features": ["DNS", 5]}, {"version": None, "features": "DNS"}],
        compute_resources={"libvirt": 2},
    )
    given.refresh()
    assert given.views("select upload_id, place, reason from set_aside order by place") == [
        (1, "/compute_resources", "not a list"),
        (1, "/plugins/0", "a plugin is an object with a name and a version"),
        (1, "/plugins/1/version", "a version is a string"),
        (1, "/plugins/2", "a plugin is an object with a name and a version"),
        (1, "/proxies/0", "a proxy is an object with version and features"),
        (1, "/proxies/1/features/1", "a feature is its name, a string"),
        (1, "/proxies/2/features", "not a list"),
    ]
    assert given.views("select name, version from plugins") == [("katello", None)]
    assert given.views("select version, features from proxies order by id") == [("3.12.0", '["DNS"]'), (None, "[]")]
