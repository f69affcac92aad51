"""`makegood inbox check` runs the connection test on the console, and says by its exit code how it went."""

from __future__ import annotations

import pytest

from makegood.channels.email.tests.servers import post
from tests.counterparts.dovecot import USER, dovecot
from tests.counterparts.makegood import makegood

pytestmark = pytest.mark.server


def test_the_console_tells_each_step_and_the_exit_code_the_outcome() -> None:
    with dovecot() as mailbox, post(deliver=mailbox.deliver) as office, makegood() as house:
        smtp = f"smtp+plain://127.0.0.1:{office.port}"
        house.run("inbox", "add", "email", "--address", USER, "--imap-url", mailbox.imap_url, "--smtp-url", smtp)

        good = house.run("inbox", "check", USER, check=False)
        office.mail = "553 5.7.1 Not your address"
        bad = house.run("inbox", "check", USER, check=False)
        unknown = house.run("inbox", "check", "nobody@quillfeather.example", check=False)

    lines = good.stdout.decode().splitlines()
    assert good.returncode == 0, good.stdout + good.stderr
    assert [line[8:] for line in lines if line.startswith("done")] == [
        "Found the server", "Secure connection", "Signed in and read mail", "Sign in to send",
        "Send a note to yourself and see it return",
    ]  # fmt: skip
    assert lines[-1] == "Mail comes in and goes out."
    assert bad.returncode == 1
    assert bad.stdout.decode().splitlines()[-1] == "Mail comes in, but can’t go out yet."
    assert (unknown.returncode, unknown.stdout) == (1, b"")
