"""An installation sees what is stored of it, takes it back, and is gone: from answers, figures, and every byte."""

import json
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.receiver.running import Receiver
from tests.rights.house import House, Line, uuid
from vocabulary.rules import forget_erased

PLANTED = ("canary-host-7.example.org", "canary_plugin_acme", "canary@example.org")
CANARY: Line = {
    "core_version": "3.12.0",
    "plugins": [{"name": "canary_plugin_acme", "version": "1.0.0"}, {"name": "katello", "version": "4.14.0"}],
    "hostname": "canary-host-7.example.org",
    "admins": ["canary@example.org"],
}
PLAIN: Line = {"core_version": "3.12.0", "plugins": [{"name": "katello", "version": "4.14.0"}]}


def key(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}"}


def send(receiver: Receiver, who: int, report: Line) -> int:
    return receiver.post(json.dumps({"uuid": uuid(who), **report}).encode())[0]


def seen(receiver: Receiver, who: int) -> tuple[int, dict[str, Any]]:
    return receiver.ask("GET", "/data", key(uuid(who)))


def community(house: House, people: int = 12, weeks: int = 6) -> None:
    """Six closed weeks of twelve plain installations and one canary, number 0."""
    house.bring_in(
        [
            (week, {"uuid": uuid(who), **(PLAIN if who else CANARY)})
            for week in range(1, weeks + 1)
            for who in range(people + 1)
        ]
    )


def test_the_full_cycle(house: House) -> None:
    """POST, GET, DELETE, GET says 404, POST says 410."""
    with house.running() as receiver:
        assert send(receiver, 1, CANARY) == 201
        house.refresh()
        assert send(receiver, 1, PLAIN) == 201  # after the checkpoint of views.db
        assert send(receiver, 2, PLAIN) == 201
        status, record = seen(receiver, 1)
        assert status == 200
        assert [upload["body"] for upload in record["uploads"]] == [
            {"uuid": uuid(1), **CANARY},
            {"uuid": uuid(1), **PLAIN},
        ]
        assert [upload["seq"] for upload in record["uploads"]] == [1, 2]

        status, erased = receiver.ask("DELETE", "/data", key(uuid(1)))
        assert (status, erased["status"]) == (200, "erased")
        assert seen(receiver, 1)[0] == 404
        status, problem = receiver.post(json.dumps({"uuid": uuid(1), **PLAIN}).encode())
        assert (status, problem["type"]) == (410, "urn:foreman-popcon:Erased")
        assert receiver.ask("DELETE", "/data", key(uuid(1)))[0] == 200  # the first answer may have been lost

        house.refresh()
        assert house.rows("views", "select uuid from uploads") == [(uuid(2),)]
        assert seen(receiver, 2)[0] == 200
        assert send(receiver, 2, PLAIN) == 201
        assert receiver.said() == ""
    with house.running() as again:  # the tombstone outlives the process
        assert send(again, 1, PLAIN) == 410
        assert seen(again, 1)[0] == 404


def test_after_delete_refresh_and_purge_no_byte_is_left(house: House) -> None:
    """The whole of the promise: gone everywhere, others untouched, the log whole, published weeks as they were."""
    community(house)
    house.refresh()
    house.succeed("transforms", "exports")
    before = house.public()
    others = house.rows("log", "select * from uploads where uuid <> ? order by seq", uuid(0))
    house.succeed("transforms", "set-aside", "add", "--field=uuid", f"--value={uuid(0)}", "--reason=seen too often")
    house.succeed("transforms", "set-aside", "add", "--field=uuid", f"--value={uuid(99)}", "--reason=another")
    assert {"log.db", "rules.csv"} <= house.files_with(uuid(0), *PLANTED)

    with house.running() as receiver:
        purged_at(receiver)  # else the purge at its start may already delete what is erased
        assert receiver.ask("DELETE", "/data", key(uuid(0)))[0] == 200
    house.refresh()
    assert (
        house.succeed("receiver", "purge") == f"6 uploads deleted; no byte of them is left in {house.settings.log}.\n"
    )

    assert house.files_with(uuid(0), *PLANTED) == set()
    assert house.rows("log", "select * from uploads order by seq") == others
    assert house.succeed("receiver", "check-log") == f"{house.settings.log} is intact.\n"
    assert house.public() == before
    house.refresh(rebuild=True)
    assert house.public() == before
    assert house.rows("views", "select count(counted_as) from installations") == [(12,)]


def test_between_a_refresh_and_the_purge_only_the_log_and_rules_have_its_bytes(house: House) -> None:
    """Found: only a rebuild took them out of views.db.  The weeks that are published stay as they are."""
    community(house)
    house.bring_in([(0, {"uuid": uuid(1), **PLAIN})])
    house.refresh()
    before = house.public()
    assert house.files_with(uuid(0), *PLANTED) - {"log.db", "log.db-wal"}
    with house.running() as receiver:
        purged_at(receiver)
        assert receiver.ask("DELETE", "/data", key(uuid(0)))[0] == 200
    assert not house.refresh().is_rebuilt
    assert house.files_with(uuid(0), *PLANTED) <= {"log.db", "log.db-wal"}
    assert house.public() == before
    assert house.rows(
        "views", "select sum(installations) from cells join keys using (key_id) where name = 'katello'"
    ) == [(12,)]


def test_the_receiver_purges_by_itself(house: House) -> None:
    """At its start and after midnight, while it takes uploads; until then the bytes are there."""
    community(house, people=3, weeks=2)
    house.refresh()
    with house.running() as receiver:
        purged_at(receiver)
        assert receiver.ask("DELETE", "/data", key(uuid(0)))[0] == 200
        house.refresh()
        assert house.files_with(uuid(0), *PLANTED) & {"log.db", "log.db-wal"}
    with house.running() as receiver:
        assert send(receiver, 1, PLAIN) == 201
        purged_at(receiver)
        assert send(receiver, 1, PLAIN) == 201
        assert house.files_with(uuid(0), *PLANTED) == set()
        assert receiver.metrics()["popcon_purged_uploads_total"] == 2
        assert receiver.said() == ""
    house.succeed("receiver", "check-log")


def test_rules_on_the_erased_go_and_others_stay_byte_for_byte(tmp_path: Path) -> None:
    """Whatever the operator's hand made of the file."""
    rules = tmp_path / "rules.csv"
    others = [
        b"field,value,first_day,last_day,reason\n",
        b"uuid,other,,,x\r\n",
        b"plugin,gone,,,x\n",
        b"\n",
        b"\xff\x00,",
    ]
    rules.write_bytes(b"".join([*others[:2], b'uuid,"gone",,,x\n', *others[2:], b"\n uuid , gone"]))
    forget_erased(rules, "gone".__eq__)
    assert rules.read_bytes() == b"".join(others) + b"\n"
    forget_erased(tmp_path / "none", "gone".__eq__)


def test_the_mark_forgets_the_digest_of_what_is_purged(house: House) -> None:
    """The last upload's digest stands outside the database, where the purge of its row does not reach."""
    with house.running() as receiver:
        send(receiver, 1, PLAIN)
        digest = receiver.post(json.dumps({"uuid": uuid(2), **PLAIN}).encode())[1]["sha256"]
        assert house.files_with(digest) == {"log.mark"}
        assert receiver.ask("DELETE", "/data", key(uuid(2)))[0] == 200
    house.succeed("receiver", "purge")
    assert house.files_with(digest) == set()
    house.succeed("receiver", "check-log")
    with house.running() as receiver:
        assert receiver.post(json.dumps({"uuid": uuid(3), **PLAIN}).encode())[1]["seq"] == 3


def test_uploads_under_load_are_safe_from_erasures_and_purges(house: House) -> None:
    """Reports that race with the erasure of their installation are refused or erased, never left behind."""
    with house.running() as receiver:
        house.refresh()
        answers: list[int] = []

        def keep_sending(who: int) -> None:
            answers.extend(send(receiver, who, PLAIN) for _ in range(60))

        senders = [threading.Thread(target=keep_sending, args=(who % 2,)) for who in range(6)]
        for sender in senders:
            sender.start()
        while 410 not in answers:
            assert receiver.ask("DELETE", "/data", key(uuid(0)))[0] == 200
        for sender in senders:
            sender.join()
        assert set(answers) == {201, 410}
        assert answers.count(201) >= 180
    stored = house.rows("log", "select count(*) from uploads where uuid = ?", uuid(0))[0][0]
    gone = house.rows("log", "select sum(last_seq - first_seq + 1) from gaps")[0][0]
    assert stored == gone > 0
    house.succeed("receiver", "purge")
    assert house.rows("log", "select count(*) from uploads") == [(180,)]
    house.succeed("receiver", "check-log")


def purged_at(receiver: Receiver) -> float:
    """Wait for the purge of today and return when it was."""
    while not (at := receiver.metrics()["popcon_last_purge_timestamp_seconds"]):
        time.sleep(0.05)
    return at


def test_a_gap_that_nobody_recorded_is_a_fault(house: House) -> None:
    """A purge leaves no room for a loss to hide in."""
    community(house, people=3, weeks=2)
    house.refresh()
    with house.running() as receiver:
        receiver.ask("DELETE", "/data", key(uuid(0)))
    house.succeed("receiver", "purge")
    assert house.rows("log", "select first_seq, last_seq from gaps") == [(1, 1), (5, 5)]
    with closing(sqlite3.connect(house.settings.log)) as log:
        with pytest.raises(sqlite3.IntegrityError, match="only what a purge has recorded"):
            log.execute("delete from uploads where seq = 3")
        log.execute("drop trigger uploads_refuse_unrecorded_delete")
        log.execute("delete from uploads where seq in (3, 4)")
        log.commit()
    done = house.command("receiver", "check-log")
    assert done.returncode == 1
    assert "uploads 3 to 4: missing" in done.stdout


def test_the_last_upload_can_be_erased_and_its_seq_is_never_given_again(house: House) -> None:
    """The mark outside the database still fits a log that lost its end to an erasure."""
    with house.running() as receiver:
        assert [send(receiver, who, PLAIN) for who in (1, 2)] == [201, 201]
        house.refresh()
        receiver.ask("DELETE", "/data", key(uuid(2)))
    house.succeed("receiver", "purge")
    house.succeed("receiver", "check-log")
    with house.running() as receiver:
        assert receiver.post(json.dumps({"uuid": uuid(3), **PLAIN}).encode())[1]["seq"] == 3
    house.succeed("receiver", "check-log")


def test_every_key_that_opens_nothing_gets_the_same_answer(house: House) -> None:
    """Unknown, malformed and erased keys cannot be told apart; without a key it is 401."""
    with house.running() as receiver:
        send(receiver, 1, PLAIN)
        assert receiver.ask("DELETE", "/data", key(uuid(1)))[0] == 200
        answers = []
        for who in (uuid(1), uuid(7), "nonsense", "a" * 500, "'; drop table uploads --", "é" * 8):
            status, problem = receiver.ask(
                "GET", "/data", {"Authorization": f"Bearer {who}".encode().decode("latin-1")}
            )
            problem.pop("headers")
            answers.append((status, problem))
        assert answers[0][0] == 404
        assert all(answer == answers[0] for answer in answers)
        for headers in ({}, {"Authorization": uuid(7)}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}):
            status, problem = receiver.ask("DELETE", "/data", headers)
            assert (status, problem["headers"]["www-authenticate"]) == (401, "Bearer")
        erased = [receiver.ask("DELETE", "/data", key(who)) for who in (uuid(7), "nonsense")]
        assert [(status, answer["status"]) for status, answer in erased] == [(200, "erased")] * 2
        assert receiver.metrics()['popcon_rights_total{result="erased"}'] == 1


def test_what_no_refresh_has_seen_yet_is_found_and_erased(house: House) -> None:
    """Without views.db the log itself is searched; beyond a bound it is 503 until the next refresh."""
    with house.running() as receiver:
        send(receiver, 1, PLAIN)
        send(receiver, 2, PLAIN)
        assert receiver.ask("GET", "/data", key(uuid(1)))[0] == 200
        assert receiver.ask("DELETE", "/data", key(uuid(1)))[0] == 200
        assert receiver.ask("GET", "/data", key(uuid(1)))[0] == 404
    environment = {**house.settings_given, "LOOKUP_UPLOADS_MAX": "1"}
    with Receiver(house.data, module=("tests.faults.small_bounds",), environment=environment) as receiver:
        status, problem = receiver.ask("GET", "/data", key(uuid(2)))
        assert (status, problem["headers"]["retry-after"]) == (503, "60")
        house.refresh()
        assert receiver.ask("GET", "/data", key(uuid(2)))[0] == 200


def test_look_ups_are_rationed_by_network(house: House) -> None:
    """Who tries keys is stopped after ten a minute; uploads have a ration of their own."""
    house.settings_given["POPCON_TRUSTED_PROXIES"] = "127.0.0.1"
    with house.running() as receiver:
        house.refresh()
        from_outside = {"X-Forwarded-For": "192.0.2.7", **key(uuid(1))}
        statuses = [receiver.ask("GET", "/data", from_outside)[0] for _ in range(12)]
        assert statuses == [404] * 10 + [429] * 2
        body = json.dumps({"uuid": uuid(1), **PLAIN}).encode()
        assert receiver.post(body, {"X-Forwarded-For": "192.0.2.7"})[0] == 201


def test_a_lost_key_keeps_the_receiver_from_taking_the_erased_in_again(house: House) -> None:
    with house.running() as receiver:
        send(receiver, 1, PLAIN)
        house.refresh()
        receiver.ask("DELETE", "/data", key(uuid(1)))
    (house.data / "erasures.key").rename(house.data / "elsewhere")
    done = house.command("receiver", "serve")
    assert done.returncode == 1
    assert "erasures.key is gone" in done.stderr
    (house.data / "erasures.key").write_bytes(bytes(32))
    assert "erasures.key is not the one" in house.command("receiver", "serve").stderr


def test_an_export_and_an_import_honour_an_erasure(house: House) -> None:
    """What is erased leaves with no export, even before the purge, and comes back with no import."""
    community(house, people=2, weeks=2)
    everything = house.data.with_name("everything.ndjson")
    house.succeed("receiver", "export-log", str(everything))
    house.refresh()
    with house.running() as receiver:
        receiver.ask("DELETE", "/data", key(uuid(0)))
    rest = house.data.with_name("rest.ndjson")
    house.succeed("receiver", "export-log", str(rest))
    assert (len(everything.read_text().splitlines()), len(rest.read_text().splitlines())) == (6, 4)
    assert uuid(0) not in rest.read_text()
    done = house.command("receiver", "import-log", str(everything))
    assert done.stderr.count("its installation was erased; not appended") == 2
