"""The connection test against real servers, and against those that misbehave in every named way."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.utils.translation import override
from tests.counterparts.dovecot import PASSWORD, USER, Dovecot, dovecot
from tests.counterparts.ports import free_port

from makegood.channels.email.connecting import ImapSettings, Security, Server, SmtpSettings
from makegood.channels.email.imap import Folder
from makegood.channels.email.probing import Probe, Step, probe_all, probe_next, verdict
from makegood.channels.email.tests.certificates import Authority
from makegood.channels.email.tests.servers import Post, post, speaking
from makegood.channels.errors import SourceFailed

pytestmark = pytest.mark.server

LETTER = b"From: odile@fenwick.example\r\nSubject: Lamp\r\nMessage-ID: <lamp@fenwick.example>\r\n\r\nHello.\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def mailbox(authority: Authority) -> Iterator[Dovecot]:
    with dovecot(authority.certificate()) as server:
        server.deliver(LETTER)
        yield server


@pytest.fixture(autouse=True)
def _trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture
def office(authority: Authority, mailbox: Dovecot) -> Iterator[Post]:
    with post(authority.certificate(), user=USER, password=PASSWORD, deliver=mailbox.deliver) as server:
        yield server


def incoming(port: int, security: Security = Security.TLS, host: str = "localhost", **more: object) -> ImapSettings:
    password = str(more.pop("password", PASSWORD))
    return ImapSettings(Server(host, port, security, USER, password), **more)  # type: ignore[arg-type]


def outgoing(
    port: int,
    security: Security = Security.STARTTLS,
    user: str = USER,
    password: str = PASSWORD,
    host: str = "localhost",
) -> SmtpSettings:
    return SmtpSettings(Server(host, port, security, user, password), "quillfeather.example")


def probe(imap: ImapSettings | None, smtp: SmtpSettings | None, **more: object) -> Probe:
    return Probe(USER, imap, smtp, **more)  # type: ignore[arg-type]


def states(steps: list[Step]) -> list[str]:
    return [step.state for step in steps]


def first_failed(probed: Probe) -> Step:
    return next(step for step in probe_all(probed) if step.state == "failed")


def test_all_five_steps_pass_with_servers_in_order(mailbox: Dovecot, office: Post) -> None:
    steps = list(probe_all(probe(incoming(mailbox.imaps_port, sent_folder="Sent"), outgoing(office.port))))

    assert states(steps) == ["done"] * 5
    assert steps[0].said == f"localhost answers on {mailbox.imaps_port} and {office.port}"
    assert steps[1].said.startswith("TLS 1.3, certificate valid until ")
    assert ", folder INBOX, " in steps[2].said and steps[2].said.startswith("Newest message ")
    assert steps[3].said == f"Signed in as {USER}"
    assert steps[4].said.startswith("It came back after ")
    assert verdict(steps) == ("kept", "Mail comes in and goes out.")


def test_starttls_works_on_both_sides(mailbox: Dovecot, office: Post) -> None:
    steps = list(probe_all(probe(incoming(mailbox.imap_port, Security.STARTTLS), outgoing(office.port))))

    assert states(steps) == ["done"] * 5


def test_the_note_is_automatic_mail_that_nobody_answers(mailbox: Dovecot, office: Post) -> None:
    list(probe_all(probe(incoming(mailbox.imaps_port), outgoing(office.port))))

    assert b"Auto-Submitted: auto-generated\r\n" in office.seen[-1]
    assert f"To: {USER}\r\n".encode() in office.seen[-1]


def test_trial_mode_sends_no_note(mailbox: Dovecot, office: Post) -> None:
    steps = list(probe_all(probe(incoming(mailbox.imaps_port, trial=True), outgoing(office.port))))

    assert states(steps) == ["done", "done", "done", "done", "waiting"]
    assert office.seen == []


def test_a_wrong_password_for_sending_leaves_coming_in_working(mailbox: Dovecot, office: Post) -> None:
    steps = list(probe_all(probe(incoming(mailbox.imaps_port), outgoing(office.port, password="lamp"))))

    assert states(steps) == ["done", "done", "done", "failed", "waiting"]
    assert "535 5.7.8 Authentication credentials invalid" in steps[3].said
    assert "app password" in steps[3].remedy
    assert steps[4].said == "Waits for the step above"
    assert verdict(steps) == ("late", "Mail comes in, but can’t go out yet.")


def test_a_wrong_password_for_reading_leaves_going_out_working(mailbox: Dovecot, office: Post) -> None:
    steps = list(probe_all(probe(incoming(mailbox.imaps_port, password="lamp"), outgoing(office.port))))

    assert states(steps) == ["done", "done", "failed", "done", "waiting"]
    assert "[AUTHENTICATIONFAILED] Authentication failed." in steps[2].said
    assert "app password" in steps[2].remedy
    assert verdict(steps) == ("late", "Mail can go out, but doesn’t come in yet.")


def test_an_unknown_host_is_named(office: Post) -> None:
    step = first_failed(probe(incoming(993, host="mail.quillfeather.invalid"), outgoing(office.port)))

    assert step.said == (f"localhost answers on {office.port}. There is no server named mail.quillfeather.invalid.")
    assert step.remedy == "Check the spelling of its name."
    assert step.broken == ("in",)


def test_a_refused_port_is_named(office: Post) -> None:
    port = free_port()

    step = first_failed(probe(incoming(port), outgoing(office.port)))

    assert step.said.endswith(f"Nothing listens at localhost on port {port}.")
    assert step.remedy.startswith("Check the port: 993 or 143")


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_server_that_hangs_is_given_up_after_ten_seconds(office: Post, security: Security) -> None:
    with speaking() as port:
        probed = probe(incoming(port, security), outgoing(office.port))
        found = probe_next(probed, [])
        begun = time.monotonic()
        step = probe_next(probed, [found])

    assert time.monotonic() - begun < 10.5
    assert step.state == "failed"
    assert f"localhost did not answer on port {port} within ten seconds." in step.said
    assert "firewall" in step.remedy


def test_tls_at_a_port_that_greets_in_plain_words_is_told(office: Post) -> None:
    with speaking(b"* OK Lantern ready\r\n") as port:
        step = first_failed(probe(incoming(port), outgoing(office.port)))

    assert step.said.endswith(f"Port {port} of localhost does not speak TLS in this way.")
    assert "STARTTLS" in step.remedy


@pytest.mark.parametrize("side", ["in", "out"])
def test_starttls_at_a_port_that_speaks_tls_at_once_is_told(authority: Authority, office: Post, side: str) -> None:
    with speaking(b"", authority.certificate("silent")) as port:
        imap = incoming(port, Security.STARTTLS) if side == "in" else None
        step = first_failed(probe(imap, outgoing(office.port if side == "in" else port)))

    assert step.said.endswith(f"Port {port} of localhost speaks TLS from the first byte.")
    assert step.remedy == "Choose the security “TLS”."


def test_a_server_without_starttls_is_told() -> None:
    with post() as plain:
        step = first_failed(probe(None, outgoing(plain.port)))

    assert step.said == f"localhost offers no STARTTLS on port {plain.port}."


@pytest.mark.parametrize("security", [Security.NONE, Security.STARTTLS])
def test_a_server_that_offers_no_sign_in_is_told(authority: Authority, security: Security) -> None:
    with post(authority.certificate() if security == Security.STARTTLS else None) as plain:
        step = first_failed(probe(None, outgoing(plain.port, security)))

    assert (step.name, step.said) == ("send", f"localhost offers no sign-in on port {plain.port}.")
    assert ("encrypted line" in step.remedy, "465 with TLS" in step.remedy) == (
        security == Security.NONE, security == Security.STARTTLS,
    )  # fmt: skip
    assert step.remedy.endswith("switch off the same sign-in as coming in and leave the user name empty.")


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        (b'* BYE Too many visitors at "once"\r\n', 'Too many visitors at "once"'),
        (b"220 post.example ESMTP\r\n", "unexpected response: 220 post.example ESMTP"),
        ("* BYE Zu viele Gäste\r\n".encode(), "Zu viele Gäste"),
    ],
)
def test_a_greeting_is_told_in_its_own_words(greeting: bytes, words: str) -> None:
    with speaking(greeting) as port:
        server = Server("localhost", port, Security.NONE, USER, PASSWORD)
        step = first_failed(probe(ImapSettings(server), None))
        with pytest.raises(SourceFailed) as heard, Folder(server, "INBOX"):
            pass

    assert step.said == f"localhost said: {words}"
    assert str(heard.value) == f"localhost (port {port}) answered: {words}"


def test_a_busy_smtp_server_is_told_in_its_own_words(authority: Authority) -> None:
    with speaking(b"421 4.3.2 All busy\r\n", authority.certificate("busy")) as port:
        step = first_failed(probe(None, outgoing(port, Security.TLS)))

    assert step.said == "localhost said: 421 4.3.2 All busy"


def test_an_expired_certificate_is_told(authority: Authority) -> None:
    with speaking(b"* OK\r\n", authority.certificate("old", days=-3)) as port:
        step = first_failed(probe(incoming(port), None))

    assert step.said == "The certificate of localhost has expired."


def test_a_self_signed_certificate_is_told(authority: Authority) -> None:
    with speaking(b"* OK\r\n", authority.self_signed()) as port:
        step = first_failed(probe(incoming(port), None))

    assert step.said == "localhost made its own certificate, so anybody could pretend to be it."


def test_a_certificate_of_another_name_is_told(authority: Authority) -> None:
    with speaking(b"* OK\r\n", authority.certificate("other", host="elsewhere.example")) as port:
        step = first_failed(probe(incoming(port), None))

    assert step.said == "The certificate is not made out to localhost."


def test_a_folder_that_does_not_exist_is_told(mailbox: Dovecot, office: Post) -> None:
    step = first_failed(probe(incoming(mailbox.imaps_port, folders=("INBOX", "Returns")), outgoing(office.port)))

    assert step.name == "read"
    assert "Mailbox doesn't exist: Returns" in step.said
    assert "Check the folders’ names" in step.remedy


def test_a_server_that_will_not_relay_is_told(mailbox: Dovecot) -> None:
    with post(rcpt="550 5.7.1 Relaying denied") as closed:
        smtp = outgoing(closed.port, Security.NONE, user="", password="")
        steps = list(probe_all(probe(incoming(mailbox.imaps_port), smtp)))

    assert states(steps) == ["done", "done", "done", "failed", "waiting"]
    assert "“550 5.7.1 Relaying denied”" in steps[3].said
    assert "allow this machine to relay" in steps[3].remedy


def test_a_refusal_of_the_made_up_recipient_is_no_fault(mailbox: Dovecot) -> None:
    with post(rcpt="550 5.1.1 No such user", deliver=mailbox.deliver) as picky:
        smtp = outgoing(picky.port, Security.NONE, user="", password="")
        steps = list(probe_all(probe(incoming(mailbox.imaps_port), smtp)))

    assert states(steps) == ["done"] * 5


def test_a_sender_that_is_not_ours_is_told(mailbox: Dovecot) -> None:
    with post(mail="553 5.7.1 Sender address rejected: not owned by user") as strict:
        step = first_failed(
            probe(incoming(mailbox.imaps_port), outgoing(strict.port, Security.NONE, user="", password=""))
        )

    assert f"does not let this account send as {USER}" in step.said


def test_a_note_that_does_not_return_is_told(mailbox: Dovecot) -> None:
    with post() as hole:
        smtp = outgoing(hole.port, Security.NONE, user="", password="")
        steps = list(probe_all(probe(incoming(mailbox.imaps_port), smtp, return_seconds=2.0)))

    assert states(steps) == ["done", "done", "done", "done", "failed"]
    assert steps[4].said == "The server took the note, but it has not come back within 2 s."
    assert verdict(steps) == ("soon", "Mail comes in and goes out, but the note to yourself has not come back.")


def test_with_forwarding_the_note_returns_when_we_have_received_it() -> None:
    arrived: list[str] = []

    def deliver(content: bytes) -> None:
        arrived.extend(line[12:] for line in content.decode().splitlines() if line.startswith("Message-ID: "))

    with post(deliver=deliver) as forwarding:
        smtp = outgoing(forwarding.port, Security.NONE, user="", password="")
        steps = list(probe_all(probe(None, smtp, has_arrived=lambda id_: id_ in arrived)))

    assert states(steps) == ["done"] * 5


def test_the_note_is_remembered_before_it_leaves() -> None:
    order: list[str] = []

    with post(deliver=lambda content: order.append("left")) as forwarding:
        smtp = outgoing(forwarding.port, Security.NONE, user="", password="")
        list(probe_all(probe(None, smtp, has_arrived=lambda _id: True, remember=order.append)))

    assert [what.endswith(".makegood-test@quillfeather.example>") for what in order] == [True, False]


def test_what_a_server_was_found_to_do_is_told_in_the_language_of_who_asks() -> None:
    with post() as plain, override("de"):
        smtp = outgoing(plain.port, Security.NONE, user="", password="")
        said = [step.said for step in probe_all(probe(None, smtp, has_arrived=lambda _id: True))]

    assert not any("not encrypted" in words or "The server takes" in words for words in said)
