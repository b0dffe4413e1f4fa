"""Test 20: what must never be seen is planted everywhere, and looked for in every public byte."""

import asyncio
import json
import sqlite3
import urllib.request
from contextlib import closing

from dashboard.servers import public_app
from tests.campaign import length
from tests.dashboard.asking import asking
from tests.rights.house import House, Line, moment, uuid
from tests.transforms.given import forget_what_was_published

NAMES = (
    "canary_plugin_acme",
    "canary-host.example.org",
    "canary@example.org",
    "192.0.2.77",
    "canary_feature",
    "canary_resource",
    "9.9.9-canary",
    "canary_further_key",
    "canary-proxy-version",
)
CANARY: Line = {
    "core_version": "9.9.9-canary",
    "plugins": [{"name": "canary_plugin_acme", "version": "1.0.0"}, {"name": "katello", "version": "9.9.9-canary"}],
    "proxies": [{"version": "canary-proxy-version", "features": ["canary_feature", "DNS"]}],
    "compute_resources": ["canary_resource"],
    "hostname": "canary-host.example.org",
    "canary_further_key": {"mail": "canary@example.org", "address": "192.0.2.77"},
}
PLAIN: Line = {
    "core_version": "3.12.0",
    "plugins": [{"name": "katello", "version": "4.14.0"}],
    "proxies": [{"version": "3.12.0", "features": ["DNS", "DHCP"]}],
    "compute_resources": ["Libvirt"],
}
WEEKS = range(1, 5)


def planted(house: House) -> list[str]:
    """Let one installation, two, and ten of one network (whom nothing but their network protects) say the canaries."""
    honest = [(week, {"uuid": uuid(who), **PLAIN}) for week in WEEKS for who in range(20)]
    few = [(week, {"uuid": uuid(who), **CANARY}) for week in WEEKS for who in (50, 51)]
    house.bring_in(honest + few)
    file = house.data.with_name("one-network.ndjson")
    one_network = [
        {"received_at": moment(1, 3600 + who), "body": {"uuid": uuid(who), **CANARY}, "network_tag": "ab" * 8}
        for who in range(60, 70)
    ]
    file.write_text("\n".join(map(json.dumps, one_network)))
    house.succeed("receiver", "import-log", str(file))
    return [*(uuid(who) for who in (*range(20), 50, 51, *range(60, 70))), *NAMES, "ab" * 8]


def test_no_canary_in_any_public_byte(house: House) -> None:
    """Database, exports, pages, CSV, JSON, pictures."""
    canaries = planted(house)
    house.refresh()
    house.succeed("transforms", "exports")
    public = {
        name: content for name, content in house.files().items() if "public" in name or name.startswith("exports")
    }
    assert len(public) > 10
    found = {(name, canary) for name, content in public.items() for canary in canaries if canary.encode() in content}
    assert found == set()

    with asyncio.Runner() as runner:
        site = public_app(house.settings)
        get = asking(runner, site)
        tables = [name for (name,) in house.rows("public", "select name from sqlite_master where type = 'table'")]
        addresses = [
            "/",
            "/public",
            "/PRIVACY.md",
            *(f"/public/{table}{form}" for table in tables for form in ("", ".json", ".csv")),
        ]
        addresses += [f"/public/{query}{form}" for query in site.queries for form in ("", ".json", ".csv", ".svg")]
        addresses += [f"/public/{tables[1]}?_search={canaries[0]}", f"/{NAMES[0]}"]
        seen = {}
        for address in addresses:
            answer = get(address)
            asked = address.partition("?")[2] + address
            seen[address] = [c for c in canaries if c in answer.text and c not in asked]
        site.linked.close()
    assert len(seen) > 40
    assert {address: hits for address, hits in seen.items() if hits} == {}


def test_no_canary_in_what_the_receiver_says(house: House) -> None:
    """Answers to errors, metrics, standard error: none repeats a uuid, a body or an address."""
    with house.running() as receiver:
        answers = []
        for body in (
            json.dumps({"uuid": uuid(1), **CANARY, "core_version": 7}),
            json.dumps({"uuid": "canary@example.org", **CANARY}),
            json.dumps({"uuid": uuid(1), **CANARY})[:-4],
            json.dumps({"uuid": uuid(1), **CANARY, "x": "canary_plugin_acme" * 100}),
            json.dumps({"uuid": uuid(1), **CANARY}).replace('"hostname"', '"uuid"'),
        ):
            status, problem = receiver.post(
                body.encode(), {"X-Forwarded-For": "192.0.2.77", "User-Agent": "canary_feature"}
            )
            assert status == 400
            answers.append(json.dumps(problem))
        assert receiver.post(json.dumps({"uuid": uuid(1), **CANARY}).encode())[0] == 201
        for method in ("GET", "DELETE"):
            headers = {"Authorization": f"Bearer {uuid(2)}"}
            answers.append(json.dumps(receiver.ask(method, f"/data?uuid={uuid(3)}", headers)[1]))
        house.refresh()
        for method in ("GET", "DELETE"):
            for who in (uuid(2), "canary@example.org"):
                answers.append(json.dumps(receiver.ask(method, "/data", {"Authorization": f"Bearer {who}"})[1]))
        erased = receiver.ask("DELETE", "/data", {"Authorization": f"Bearer {uuid(1)}"})
        assert erased[0] == 200
        answers.append(json.dumps(erased[1]))
        answers.append(json.dumps(receiver.post(json.dumps({"uuid": uuid(1), **CANARY}).encode())[1]))
        answers += [json.dumps(receiver.get(path)[1]) for path in ("/livez", "/readyz", f"/{uuid(1)}")]
        with urllib.request.urlopen(
            f"http://127.0.0.1:{receiver.environment['POPCON_METRICS_PORT']}/metrics"
        ) as metrics:
            answers.append(metrics.read().decode())
        receiver.stop()
        answers.append(receiver.said())
    everything = "\n".join(answers)
    assert [c for c in (*(uuid(who) for who in (1, 2, 3)), *NAMES) if c in everything] == []


def test_any_one_installation_removed_changes_only_its_own_groups(house: House) -> None:
    """Test 21, in the form of the finished system: by DELETE, one after the other, and all published anew."""
    planted(house)
    house.refresh()
    for who in length((50, 0), (50, 0, 60, 1, 2, 3, 51)):
        before = cells(house)
        with house.running() as receiver:
            assert receiver.ask("DELETE", "/data", {"Authorization": f"Bearer {uuid(who)}"})[0] == 200
        house.refresh()
        assert cells(house) == before
        forget_what_was_published(house.settings)
        house.refresh(rebuild=True)
        after = cells(house)
        own = OWN[who >= 50] | ({WAITING} if who >= 60 else set())
        changed = {cell for cell in before | after if before.get(cell) != after.get(cell)}
        # What had folded into '(other)' to hide this installation may come out of it as a whole.
        others = {cell[0] for cell in changed if "(other)" in cell}
        unfolded = {cell for cell in changed if cell[0] in others and not (before.get(cell) and after.get(cell))}
        assert [cell for cell in changed - unfolded if not own & set(cell)] == []
        assert all(count is None or count >= house.settings.min_group for count in after.values())


# Tables whose cells each installation has a part in, and the band of those that have one proxy, say.
TOTALS = {"weekly_installations", "weekly_retention", "(other)", "1"}
WAITING = "uploaded in fewer different weeks than needed"
# What cells a canary and a plain installation have a part in.
OWN = {
    True: TOTALS | {"katello", "DNS"},
    False: TOTALS | {"katello", "DNS", "DHCP", "3.12.0", "3.12", "4.14.0", "libvirt", "older", "same series"},
}


def cells(house: House) -> dict[tuple[str, ...], int | None]:
    """Return how many installations every public cell counts, by table, column and names."""
    found: dict[tuple[str, ...], int | None] = {}
    with closing(sqlite3.connect(f"{house.settings.public.as_uri()}?mode=ro", uri=True)) as public:
        tables = public.execute(
            "select name from sqlite_master where type = 'table' and name not in ('publication', 'editions')"
        )
        for (table,) in tables.fetchall():
            rows = public.execute(f"select * from {table}")
            columns = [column for column, *_ in rows.description]
            for row in rows:
                names = [value for value in row if isinstance(value, str)]
                for column, value in zip(columns, row, strict=True):
                    if column in ("installations", "established", "active"):
                        found[(table, column, *names)] = value
    return found
