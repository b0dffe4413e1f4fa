"""What a page elsewhere can make a visitor's browser send to the receiver and the explorer."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from simulation.public_database import write_views
from tests.dashboard.serving import server
from tests.receiver.running import Receiver, report

PAGE = """<!DOCTYPE html><title>elsewhere</title><form id=form method=post enctype=text/plain target=_blank></form>
<script>
async function attack(address, body) {
  const tries = [];
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
    for (const mode of ["no-cors", "cors"]) {
      tries.push(fetch(address, {method: "POST", mode, body, headers: {"Content-Type": type}}).catch(() => 0));
    }
    navigator.sendBeacon(address, new Blob([body], {type}));
  }
  const form = document.getElementById("form");
  const field = document.createElement("input");
  field.name = body.slice(0, -1) + ',"a":"';
  field.value = '"}';
  form.append(field);
  form.action = address;
  form.submit();
  await Promise.all(tries);
}
</script>"""


@contextmanager
def elsewhere() -> Iterator[str]:
    """Serve the page from an origin of its own."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://localhost:{httpd.server_address[1]}/"
        httpd.shutdown()


def test_a_page_stores_no_report_in_its_readers_name(browser: Browser, tmp_path: Path) -> None:
    """Found: 53 of 53 were stored from one page view: fetch without CORS, beacons and a form."""
    with elsewhere() as address, Receiver(tmp_path / "data") as receiver:
        page = browser.new_page()
        page.goto(address)
        body = report(1).decode()
        page.evaluate("([address, body]) => attack(address, body)", [f"http://127.0.0.1:{receiver.port}/data", body])
        page.wait_for_timeout(500)
        page.context.close()
        refused = {name: count for name, count in receiver.metrics().items() if 'result="refused"' in name}
        assert sum(refused.values()) >= 5
        assert receiver.post(report(2))[1]["seq"] == 1


def test_a_page_makes_the_explorer_run_no_query(browser: Browser, tmp_path: Path) -> None:
    """The page could not read the answer, but the query would run."""
    write_views(tmp_path / "views.db")
    with elsewhere() as address, server("explorer", tmp_path) as (explorer, _):
        page = browser.new_page()
        answers: dict[str, int] = {}
        page.on("response", lambda response: answers.update({response.url: response.status}))
        page.goto(address)
        asked = f"{explorer}/views.json?sql=select+zeroblob(1000000)"
        page.evaluate("address => fetch(address, {mode: 'no-cors'}).then(() => 0, () => 0)", asked)
        page.evaluate("address => { location.href = address }", f"{explorer}/views?sql=select+1")
        page.wait_for_url(f"{explorer}/**")
        assert answers[asked] == 403
        assert answers[f"{explorer}/views?sql=select+1"] == 403
        page.goto(f"{explorer}/views?sql=select+1")  # as an address that somebody types
        assert answers[f"{explorer}/views?sql=select+1"] == 200
        page.context.close()
