"""A stand-in receiver, built from the contract: POST, GET and DELETE of /data."""

import json
from dataclasses import dataclass, field

from tests.sender.stand_ins.server import Asked, Reply


@dataclass
class Receiver:
    """Keeps uploads by uuid; `replies` are given first, one for each POST."""

    replies: list[Reply] = field(default_factory=list)
    uploads: dict[str, list[bytes]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Reply:
        if asked.path != "/data":
            return _problem(404, "There is no such page.")
        if asked.method == "POST":
            return self.replies.pop(0) if self.replies else self._post(asked.body)
        scheme, _, uuid = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not uuid:
            return _problem(401, "The uuid is missing.")
        if uuid not in self.uploads:
            return _problem(404, "Nothing is stored under this uuid.")
        return self._get(uuid) if asked.method == "GET" else self._delete(uuid)

    def _post(self, body: bytes) -> Reply:
        uuid = json.loads(body)["uuid"]
        if uuid in self.erased:
            return _problem(410, "This installation was erased.")
        self.uploads.setdefault(uuid, []).append(body)
        return Reply(201, {"status": "stored", "seq": 1, "sha256": "0" * 64, "received_at": "2026-01-05T00:00:00Z"})

    def _get(self, uuid: str) -> Reply:
        uploads = [{"seq": seq, "body": json.loads(body)} for seq, body in enumerate(self.uploads[uuid], 1)]
        return Reply(200, {"uploads": uploads})

    def _delete(self, uuid: str) -> Reply:
        del self.uploads[uuid]
        self.erased.add(uuid)
        return Reply(200, {"status": "erased", "log": "gone now", "backups": "gone after 30 days"})


def _problem(status: int, title: str) -> Reply:
    problem = {"type": "about:blank", "title": title, "status": status}
    return Reply(status, problem, {"Content-Type": "application/problem+json"})
