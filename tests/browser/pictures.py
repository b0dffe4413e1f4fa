"""`make pictures`: the main pages as WebP under docs/pictures/, of the databases in POPCON_DATA.

They are for people: fill a folder with `make demo POPCON_DATA=…` first, and look at what comes out.
"""

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from settings import Settings
from tests.browser.looking import Scheme
from tests.dashboard.serving import server

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
QUALITY = 60
PICTURES: dict[str, tuple[str, int, int, Scheme]] = {  # name: path, width, height, scheme
    "front": ("/", 1200, 900, "light"),
    "front-dark": ("/", 1200, 900, "dark"),
    "front-phone": ("/", 390, 844, "light"),
    "plugin": ("/plugin/katello", 1200, 1000, "light"),
    "compare": ("/public/compare_plugins", 1200, 800, "light"),
    "quality": ("/quality", 1200, 800, "light"),
}


def take(browser: Browser, address: str, name: str) -> Path:
    path, width, height, scheme = PICTURES[name]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(address + path)
    wanted = {"format": "webp", "quality": QUALITY}
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    page.close()
    file = FOLDER / f"{name}.webp"
    file.write_bytes(base64.b64decode(shot["data"]))
    return file


def main() -> int:
    settings, chromium = Settings.from_environment(), shutil.which("chromium")
    if chromium is None or not settings.public.exists():
        reason = f"{settings.public} is not there: make demo" if chromium else "Chromium is not installed"
        sys.stderr.write(f"make pictures: {reason}\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server("public", settings.data) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for name in PICTURES:
            file = take(browser, address, name)
            sys.stdout.write(f"{file.relative_to(Path.cwd())}  {file.stat().st_size // 1024} kB\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
