"""The pictures of the documentation, taken from the demo as a visitor sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from makegood.project.commands.demo import EMAIL, PASSWORD
from tests.counterparts.ports import free_port, wait_for

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"


def afternoon() -> datetime:
    """The next Thursday, when some of the week's work is done and some is not."""
    today = datetime.now(UTC)
    day = today + timedelta(days=(3 - today.weekday()) % 7)
    return day.replace(hour=14, minute=22, second=0, microsecond=0)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.project.settings")
    from makegood.web.tests.browsing import chromium

    port, moment = free_port(), afternoon()
    shift = str((moment - datetime.now(UTC)).total_seconds())
    server = subprocess.Popen(
        [sys.executable, "-m", "makegood", "demo", "--port", str(port)], stdout=subprocess.DEVNULL,
        env=os.environ | {"MAKEGOOD_TEST": "1", "MAKEGOOD_CLOCK_SHIFT": shift},
    )  # fmt: skip
    try:
        wait_for(port)
        with chromium() as browser:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.clock.set_fixed_time(moment)
            page.goto(f"http://127.0.0.1:{port}/accounts/login/")
            page.fill("input[name=login]", EMAIL)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/conversations")
            page.click("text=Cracked tent pole")
            page.wait_for_selector(".thread")
            page.wait_for_timeout(800)
            page.screenshot(path=FOLDER / "conversation.png")
            page.set_viewport_size({"width": 390, "height": 844})
            page.screenshot(path=FOLDER / "conversation-phone.png")
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
