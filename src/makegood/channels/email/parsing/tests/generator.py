# ruff: noqa: E501 - mail is data here, written as servers write it
"""Mail as servers, machines and people send it, with what is true of each: written for tests and for the bench.

The forms follow what mail servers are known to write; every name, address and host is invented. A table of data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from makegood.conversations.envelope import Kind

OURS = "help@lamps.example"
OUR_ID = "<case-41.8f2c@lamps.example>"
_DATE = "Mon, 2 Nov 2026 10:15:00 +0100"


@dataclass(frozen=True, slots=True)
class Sample:
    """One message and the truth about it; `hard` is None where the question makes no sense."""

    name: str
    content: bytes
    kind: Kind
    hard: bool | None = None
    recipient: str = ""
    has_original_id: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a mail could not be delivered, as the far server says it."""

    name: str
    said: str
    status: str
    hard: bool


REASONS = (
    Reason("unknown", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table", "5.1.1", True),
    Reason("no-such-user", "550-5.1.1 The email account that you tried to reach does not exist.", "5.1.1", True),
    Reason("full", "552 5.2.2 <{to}>: mailbox is full, over quota", "5.2.2", False),
    Reason("spam", "554 5.7.1 Message rejected as spam by content filtering", "5.7.1", False),
    Reason("blocked", "550 5.7.1 Service unavailable; client host [192.0.2.9] blocked using a block list", "5.7.1", False),
    Reason("size", "552 5.3.4 Message size exceeds fixed maximum message size", "5.3.4", False),
    Reason("disabled", "550 5.2.1 The account of this user has been suspended", "5.2.1", False),
    Reason("plain-550", "550 No such recipient here", "5.0.0", True),
    Reason("moved", "551 5.1.6 User not local; the recipient has moved and left no new address", "5.1.6", True),
    Reason("relay", "554 5.7.1 <{to}>: Relay access denied", "5.7.1", False),
    Reason("host", "Host or domain name not found. Name service error for name=fenwick.example type=MX: Host not found", "5.4.4", True),
    Reason("timeout", "connect to mx.fenwick.example[192.0.2.7]:25: Connection timed out", "4.4.1", False),
    Reason("policy", "550 5.7.26 Unauthenticated mail is prohibited by DMARC policy", "5.7.26", False),
    Reason("null-mx", "556 5.1.10 Domain fenwick.example does not accept mail (nullMX)", "5.1.10", True),
)  # fmt: skip


def samples() -> list[Sample]:
    """All of them, about two hundred."""
    return [*bounces(), *delays(), *complaints(), *receipts(), *auto_replies(), *people()]


def _mail(head: str, body: str, charset: str = "utf-8") -> bytes:
    return f"{head.strip()}\nDate: {_DATE}\nTo: {OURS}\n\n{body.lstrip()}".replace("\n", "\r\n").encode(charset)


_ORIGINAL_HEAD = f"""Received: from desk.lamps.example (desk.lamps.example [192.0.2.1])
\tby mx.lamps.example (Postfix) with ESMTP id 4A1B2C3D4E; {_DATE}
From: Lamps and More <{OURS}>
To: {{to}}
Subject: Your order 4711
Message-ID: {OUR_ID}
Date: {_DATE}"""
_ORIGINAL = _ORIGINAL_HEAD + "\n\nDear customer,\n\nyour lamp is on its way; it will reach you by Friday.\n"


def _report(head: str, words: str, groups: str, *, original: str = "message/rfc822") -> bytes:
    returned = _ORIGINAL if original == "message/rfc822" else _ORIGINAL_HEAD
    return _mail(
        f'{head}\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_b1"',
        f"--=_b1\nContent-Type: text/plain; charset=utf-8\n\n{words}\n--=_b1\nContent-Type: message/delivery-status\n\n"
        f"{groups}\n--=_b1\nContent-Type: {original}\n\n{returned}\n--=_b1--\n",
    )


def _postfix(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    words = f"""This is the mail system at host mx.lamps.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

                   The mail system

<{to}>: host mx.fenwick.example[192.0.2.7] said: {said} (in reply to RCPT TO command)"""
    groups = f"""Reporting-MTA: dns; mx.lamps.example
X-Postfix-Queue-ID: 4A1B2C3D4E
Arrival-Date: {_DATE}

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: failed
Status: {reason.status}
Remote-MTA: dns; mx.fenwick.example
Diagnostic-Code: smtp; {said}"""
    head = """Return-Path: <>
From: MAILER-DAEMON@mx.lamps.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <20261102091500.77@mx.lamps.example>"""
    return _report(head, words, groups)


def _sendmail(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    words = f"""The original message was received at {_DATE}
from desk.lamps.example [192.0.2.1]

   ----- The following addresses had permanent fatal errors -----
<{to}>
    (reason: {said})

   ----- Transcript of session follows -----
... while talking to mx.fenwick.example.:
>>> RCPT To:<{to}>
<<< {said}"""
    groups = f"""Reporting-MTA: dns; mx.lamps.example
Received-From-MTA: DNS; desk.lamps.example

Final-Recipient: RFC822; {to}
Action: failed
Status: {reason.status}
Diagnostic-Code: SMTP; {said}
Last-Attempt-Date: {_DATE}"""
    head = """Return-Path: <MAILER-DAEMON@mx.lamps.example>
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.lamps.example>
Subject: Returned mail: see transcript for details
Auto-Submitted: auto-generated (failure)
Message-ID: <202611020915.a1@mx.lamps.example>"""
    return _report(head, words, groups, original="text/rfc822-headers")


def _cloud(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    words = f"""** Address not found or mail refused **

Your message wasn't delivered to {to}.

The response from the remote server was:
{said}"""
    groups = f"""Reporting-MTA: dns; cloudmail.example
Arrival-Date: {_DATE}
X-Original-Message-ID: {OUR_ID}

Final-Recipient: rfc822; {to}
Action: failed
Status: {reason.status}
Remote-MTA: dns; mx.fenwick.example. (192.0.2.7, the server for the domain fenwick.example.)
Diagnostic-Code: smtp; {said}"""
    head = f"""From: Mail Delivery Subsystem <mailer-daemon@cloudmail.example>
Subject: Delivery Status Notification (Failure)
Auto-Submitted: auto-replied
X-Failed-Recipients: {to}
In-Reply-To: {OUR_ID}
References: {OUR_ID}
Message-ID: <5f.cc@mx.cloudmail.example>"""
    return _report(head, words, groups)


def _groupware(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    words = f"""Delivery has failed to these recipients or groups:

{to}
Your message couldn't be delivered. Try to send it again later, or contact the recipient by telephone.

Diagnostic information for administrators:

Generating server: EX01.fenwick.example

{to}
Remote Server returned '{said}'"""
    groups = f"""Reporting-MTA: dns;EX01.fenwick.example
Received-From-MTA: dns;mx.lamps.example

Final-Recipient: rfc822;{to}
Action: failed
Status: {reason.status}
Diagnostic-Code: smtp;{said}
X-Display-Name: Odile Fenwick"""
    head = f"""From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@fenwick.example>
Subject: Undeliverable: Your order 4711
In-Reply-To: {OUR_ID}
Message-ID: <ab12@EX01.fenwick.example>"""
    return _report(head, words, groups)


def _qmail(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    return _mail(
        """Return-Path: <>
From: MAILER-DAEMON@mail.relay.example
Subject: failure notice
Message-ID: <20261102.6178.qmail@mail.relay.example>""",
        f"""Hi. This is the qmail-send program at mail.relay.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
192.0.2.7 does not like recipient.
Remote host said: {said}
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

{_ORIGINAL.format(to=to)}""",
    )


def _exim(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    return _mail(
        f"""Return-path: <>
From: Mail Delivery System <Mailer-Daemon@relay.example>
X-Failed-Recipients: {to}
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1kZ0-0001@relay.example>""",
        f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    SMTP error from remote mail server after RCPT TO:<{to}>:
    host mx.fenwick.example [192.0.2.7]: {said}

------ This is a copy of the message, including all the headers. ------

{_ORIGINAL.format(to=to)}""",
    )


def _courier(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    words = f"""This is a delivery status notification from mx.relay.example,
running the Courier mail server, version 1.3.

The original message was received on {_DATE}

---------------------------------------------------------------------------

                           UNDELIVERABLE MAIL

Your message to the following recipients cannot be delivered:

<{to}>:
    mx.fenwick.example [192.0.2.7]:
>>> RCPT TO:<{to}>
<<< {said}"""
    groups = f"""Reporting-MTA: dns; mx.relay.example
Arrival-Date: {_DATE}

Final-Recipient: rfc822; {to}
Action: failed
Status: {reason.status}
Diagnostic-Code: smtp; {said}"""
    head = """From: "Courier mail server at mx.relay.example" <@>
Subject: NOTICE: mail delivery status.
Message-ID: <courier.5F.1@mx.relay.example>"""
    return _report(head, words, groups, original="text/rfc822-headers")


def _dragonfly(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    return _mail(
        """From: MAILER-DAEMON <>
Subject: Mail delivery failed
Message-Id: <5f9.df.1@relay.example>""",
        f"""This is the DragonFly Mail Agent v0.13 at relay.example.

There was an error delivering your mail to <{to}>.

mx.fenwick.example [192.0.2.7] did not like our RCPT TO:
{said}

Message headers follow.

{_ORIGINAL_HEAD.format(to=to)}
""",
    )


def _old_groupware(to: str, reason: Reason) -> bytes:
    said = reason.said.format(to=to)
    return _mail(
        """From: System Administrator <postmaster@fenwick.example>
Subject: Undeliverable: Your order 4711
X-Mailer: Internet Mail Service (5.5.2653.19)
Message-ID: <A1B2@EXCH.fenwick.example>""",
        f"""Your message

  To:      {to}
  Subject: Your order 4711
  Sent:    Mon, 2 Nov 2026 10:14:00 +0100

did not reach the following recipient(s):

{to} on Mon, 2 Nov 2026 10:15:00 +0100
    The message was refused by the far system
    MSEXCH:IMS:FENWICK:MAIN:EXCH {said}
""",
    )


FORMS = {
    "postfix": _postfix, "sendmail": _sendmail, "cloud": _cloud, "groupware": _groupware, "qmail": _qmail,
    "exim": _exim, "courier": _courier, "dragonfly": _dragonfly, "old-groupware": _old_groupware,
}  # fmt: skip
_WITHOUT_ORIGINAL_ID = ("old-groupware",)


def bounces() -> Iterator[Sample]:
    """Every form with every reason, then forms that stand alone."""
    for form, write in FORMS.items():
        for number, reason in enumerate(REASONS):
            to = f"odile.{number}@fenwick.example"
            has_id = form not in _WITHOUT_ORIGINAL_ID
            content = write(to, reason).replace(b"{to}", to.encode())
            yield Sample(f"bounce-{form}-{reason.name}", content, Kind.BOUNCE, reason.hard, to, has_id)
    for name, head, body, hard in _SINGLE_BOUNCES:
        to = "odile@fenwick.example"
        content = _mail(head, body.replace("{original}", _ORIGINAL).replace("{to}", to))
        yield Sample(f"bounce-{name}", content, Kind.BOUNCE, hard, to, "{original}" in body)


_SINGLE_BOUNCES: tuple[tuple[str, str, str, bool], ...] = (
    ("web-mailer", "From: MAILER-DAEMON@webmail.example\nSubject: Failure Notice",
     "Sorry, we were unable to deliver your message to the following address.\n\n<{to}>:\n554: delivery error: "
     "dd This user doesn't have a webmail.example account ({to}) [0]\n\n--- Below this line is a copy of the message.\n\n"
     "{original}", True),
    ("list-server", "From: Mail Administrator <Postmaster@fenwick.example>\nSubject: Mail System Error - Returned Mail",
     "This Message was undeliverable due to the following reason:\n\nThe user(s) account is temporarily over quota.\n\n"
     "<{to}>\n\nPlease reply to <Postmaster@fenwick.example>\nif you feel this message to be in error.\n\n{original}", False),
    ("phone-au", "From: Postmaster@keitai.example\nSubject: Mail System Error - Returned Mail",
     "Your mail sent on: Mon, 2 Nov 2026 10:15:00 +0900\nCould not be delivered to: <{to}>\n"
     "As their mailbox is full.\n\n{original}", False),
    ("phone-ja", "From: MAILER-DAEMON@keitai.example\nReturn-Path: <>\nSubject: =?utf-8?b?"
     "44Oh44O844Or6YWN5L+h44Ko44Op44O8?=\nContent-Type: text/plain; charset=utf-8",
     "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n送信先メールアドレスが見つかりませんでした。\n\n<{to}>\n"
     "550 Unknown user\n", True),
    ("phone-softbank", "From: MAILER-DAEMON@softphone.example\nSubject: Undeliverable: Your order 4711",
     "<{to}>: 550 Invalid recipient: <{to}>\n\n----- Original message -----\n{original}", True),
    ("chinese", "From: PostMaster@youxiang.example\nSubject: =?utf-8?b?57O757uf6YCA5L+h?=\n"
     "Content-Type: text/plain; charset=utf-8",
     "抱歉，您的邮件被退回来了……\n\n原邮件信息：\n收件人：{to}\n\n退信原因：收件人邮件地址({to})不存在，邮件无法送达。\n"
     "550 User not found: {to}\n", True),
    ("chinese-full", "From: PostMaster@youxiang.example\nSubject: =?utf-8?b?57O757uf6YCA5L+h?=\n"
     "Content-Type: text/plain; charset=utf-8",
     "您发送的邮件未能送达。\n收件人：<{to}>\n退信原因：对方的邮箱已满。\n552 Mailbox full\n", False),
    ("korean", "From: Mail Delivery System <MAILER-DAEMON@pyeonji.example>\nSubject: =?utf-8?b?67Cc7IahIOyLpO2MqCDslYjrgrQ=?=\n"
     "Content-Type: text/plain; charset=utf-8",
     "메일이 전송되지 못했습니다.\n\n받는 사람: <{to}>\n사유: 존재하지 않는 사용자입니다. 550 user unknown\n", True),
    ("german-isp", "From: Mail Delivery System <mailer-daemon@postfach.example>\nSubject: Unzustellbar: Your order 4711\n"
     "Content-Type: text/plain; charset=utf-8",
     "Ihre Nachricht konnte nicht zugestellt werden an:\n\n{to}\n\nGrund: Empfänger unbekannt\n550 unknown recipient\n", True),
    ("german-full", "From: postmaster@postfach.example\nSubject: Nachricht nicht zugestellt\n"
     "Content-Type: text/plain; charset=utf-8",
     "Die folgende Adresse hat die Nachricht nicht angenommen:\n<{to}>\nDas Postfach des Empfängers ist voll.\n", False),
    ("french-isp", "From: MAILER-DAEMON@courriel.example\nSubject: =?utf-8?q?=C3=89chec_de_la_remise?=\n"
     "Content-Type: text/plain; charset=utf-8",
     "Votre message n'a pas pu être remis au destinataire suivant :\n\n<{to}>\n\nCette adresse n'existe pas.\n", True),
    ("spanish", "From: Postmaster <postmaster@correo.example>\nSubject: No se puede entregar: Your order 4711\n"
     "Content-Type: text/plain; charset=utf-8",
     "El mensaje no se pudo entregar a:\n{to}\nMotivo: el usuario no existe (550 5.1.1 unknown).\n", True),
    ("italian", "From: Mail Delivery System <mailer-daemon@posta.example>\nSubject: Mancata consegna del messaggio\n"
     "Content-Type: text/plain; charset=utf-8",
     "Il messaggio non è stato consegnato a <{to}>: la casella è piena.\n", False),
    ("russian", "From: mailer-daemon@pochta.example\nSubject: =?utf-8?b?0J3QtSDQtNC+0YHRgtCw0LLQu9C10L3Qvg==?=\n"
     "Content-Type: text/plain; charset=utf-8",
     "Ваше письмо не может быть доставлено адресату <{to}>:\nтакого адреса не существует (550 no such user).\n", True),
    ("polish", "From: MAILER-DAEMON@poczta.example\nSubject: =?utf-8?q?Zwrot_poczty?=\nContent-Type: text/plain; charset=utf-8",
     "Wiadomość nie mogła zostać dostarczona do:\n<{to}>\nNieznany użytkownik\n", True),
    ("dutch", "From: postmaster@brief.example\nSubject: Onbestelbaar: Your order 4711\nContent-Type: text/plain; charset=utf-8",
     "Uw bericht kon niet worden bezorgd bij {to}: de geadresseerde is onbekend.\n", True),
    ("groupwise", "From: postmaster@fenwick.example\nSubject: Message status - undeliverable",
     "The message that you sent was undeliverable to the following:\n\n\t{to} (user not found)\n\n{original}", True),
    ("imail", "From: Postmaster <postmaster@fenwick.example>\nSubject: Undeliverable Mail\nX-Mailer: <SMTP32 v8>",
     "Unknown user: {to}\n\n\nOriginal message follows.\n\n{original}", True),
    ("mdaemon", "From: MDaemon <MDaemon@fenwick.example>\nSubject: Permanent Delivery Failure",
     "The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the "
     "attached message has been removed from the mail queue on this server.\n\nSession Transcript:\n"
     "<-- 550 <{to}>, Recipient unknown\n\nFailed address: {to}\n\n{original}", True),
    ("mailenable", "From: Postmaster <postmaster@fenwick.example>\nSubject: Message Delivery Failure",
     "Message Delivery Failure\n\nMailEnable: Message could not be delivered to some recipients.\n"
     "The following recipient(s) could not be reached:\n\n\tRecipient: [SMTP:{to}]\n\tReason: Remote SMTP Server Returned: "
     "550 Mailbox unavailable or access denied\n\nMessage headers follow:\n\n{original}", True),
    ("firewall", "From: MAILER-DAEMON@fenwick.example\nSubject: **Message you sent blocked by our bulk email filter**",
     "Your message to: {to}\nwas blocked by our Spam Firewall. The email you sent with the following subject has NOT "
     "BEEN DELIVERED:\n\nSubject: Your order 4711\n\nReporting: 554 5.7.1 rejected\n", False),
    ("old-cloud", "From: Mail Delivery Subsystem <mailer-daemon@cloudmail.example>\nSubject: Delivery Status Notification (Failure)",
     "Delivery to the following recipient failed permanently:\n\n     {to}\n\nTechnical details of permanent failure:\n"
     "The error that the other server returned was: 550 550 No such user here (state 14).\n\n----- Original message -----\n\n"
     "{original}", True),
    ("ibm", "From: Postmaster@fenwick.example\nSubject: DELIVERY FAILURE: User odile (odile@fenwick.example) not listed in Domino Directory",
     "Your message\n\n  Subject: Your order 4711\n\nwas not delivered to:\n\n  {to}\n\nbecause:\n\n  User odile ({to}) not "
     "listed in Domino Directory\n", True),
    ("zmailer", "From: The Post Office <postmaster@relay.example>\nSubject: Delivery problems with your mail",
     "This is a collection of reports about email delivery\nprocess concerning a message you originated.\n\nFAILED:\n"
     "  Original Recipient:\n    rfc822;{to}\n  Diagnostic:\n    smtp;550 (<{to}>... No such user)\n\n"
     "Following is copy of the message headers. Original message content may be in subsequent parts of this\n\n{original}", True),
    ("security-gateway", "From: Mail Delivery System <postmaster@gateway.example>\nSubject: [Postmaster] Email Delivery Failure",
     "This is a delivery failure notification message indicating that\nan email you addressed to email address :\n"
     "-- {to}\n\ncould not be delivered. The problem appears to be :\n-- Recipient email address is possibly incorrect\n\n"
     "Additional information follows :\n-- 5.1.0 - Unknown address error 550-'No such recipient'\n", True),
    ("hosting-timeout", "From: Mail Delivery System <Mailer-Daemon@host.example>\nX-Failed-Recipients: {to}\nSubject: Mail delivery failed: "
     "returning message to sender", "A message that you sent could not be delivered to one or more of its\nrecipients. This is "
     "a permanent error. The following address(es) failed:\n\n  {to}\n    retry timeout exceeded\n\n{original}", False),
    ("no-such-domain", "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nSubject: failure notice",
     "Hi. This is the qmail-send program at relay.example.\n\n<{to}>:\nSorry, I couldn't find any host named "
     "fenwick.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n{original}", True),
    ("from-user", "Return-Path: <>\nFrom: nobody@relay.example\nSubject: Mail could not be delivered",
     "The following message to <{to}> was undeliverable.\nThe reason for the problem:\n5.1.2 - Bad destination host "
     "'DNS Hard Error looking up fenwick.example (MX): NXDomain'\n", True),
)  # fmt: skip


def delays() -> Iterator[Sample]:
    """Servers that are still trying."""
    to = "odile@fenwick.example"
    groups = f"""Reporting-MTA: dns; mx.lamps.example

Final-Recipient: rfc822; {to}
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; connect to mx.fenwick.example: Connection timed out
Will-Retry-Until: Sat, 7 Nov 2026 10:15:00 +0100"""
    daemon = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.lamps.example>\n"
    words = "Your message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old."
    report = _report(f"{daemon}Subject: Delayed Mail (still being retried)", words, groups).replace(
        b"{to}", to.encode()
    )
    yield Sample("delay-postfix", report, Kind.DELAYED, False, to, True)
    texts = (
        ("exim", "Warning: message 1kZ0-0001 delayed 24 hours",
         f"A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the "
         f"queue on relay.example.\n\nThe address to which the message has not yet been delivered is:\n\n  {to}\n\nNo action is "
         f"required on your part. Delivery attempts will continue for\nsome time."),
        ("sendmail", "Warning: could not send message for past 4 hours",
         f"    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n"
         f"    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n"
         f"   ----- Transcript of session follows -----\n<{to}>... Deferred: Connection timed out with mx.fenwick.example."),
        ("cloud", "Delivery Status Notification (Delay)",
         f"There was a temporary problem while delivering your message to {to}. The server will retry for 47 more hours. "
         f"You'll be notified if the delivery fails permanently."),
        ("german", "Verzögerte Zustellung Ihrer Nachricht",
         f"Ihre Nachricht an {to} konnte noch nicht zugestellt werden. Es wird weiter versucht, sie zuzustellen."),
    )  # fmt: skip
    for name, subject, text in texts:
        content = _mail(f"{daemon}Subject: {subject}\nContent-Type: text/plain; charset=utf-8", text)
        yield Sample(f"delay-{name}", content, Kind.DELAYED, False, to)


def complaints() -> Iterator[Sample]:
    """Reports that somebody pressed "this is spam" (RFC 5965 and older)."""
    to = "odile@fenwick.example"
    for name, kind, extra in (
        ("plain", "abuse", f"Original-Rcpt-To: {to}\nOriginal-Mail-From: <{OURS}>"),
        ("minimal", "abuse", "Version: 1"),
        ("fraud", "fraud", f"Removal-Recipient: {to}"),
        ("virus", "virus", "Source-IP: 192.0.2.1"),
        ("other", "other", f"Original-Rcpt-To: <{to}>"),
        ("opt-out", "opt-out", f"Original-Rcpt-To: <{to}>"),
    ):
        content = _mail(
            "From: <feedback@cloudmail.example>\nSubject: FW: Your order 4711\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=feedback-report; boundary="r"',
            f"--r\nContent-Type: text/plain\n\nThis is an email abuse report for an email message.\n--r\n"
            f"Content-Type: message/feedback-report\n\nFeedback-Type: {kind}\nUser-Agent: SomeGenerator/1.0\n{extra}\n\n--r\n"
            f"Content-Type: message/rfc822\n\n{_ORIGINAL.format(to=to)}\n--r--\n",
        )
        yield Sample(f"complaint-{name}", content, Kind.COMPLAINT, None, to if to in extra else "", True)
    attached = (
        f"--r\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: {to}\n{_ORIGINAL.format(to=to)}\n--r--\n"
    )
    old = "From: <staff@hotpost.example>\nSubject: complaint about message from 192.0.2.1\nContent-Type: multipart/mixed; boundary=r"
    yield Sample("complaint-hotpost", _mail(old, attached), Kind.COMPLAINT, None, to, True)
    text = (
        "This is an abuse report for an email message from lamps.example on Mon, 2 Nov 2026.\n\nFeedback-Type: abuse\n"
    )
    yield Sample("complaint-text", _mail("From: abuse@courriel.example\nSubject: Abuse report", text), Kind.COMPLAINT)


def receipts() -> Iterator[Sample]:
    """Read receipts (RFC 8098) and delivery receipts."""
    to = "odile@fenwick.example"
    for name, subject, disposition in (
        ("read", "Read: Your order 4711", "manual-action/MDN-sent-manually; displayed"),
        ("deleted", "Not read: Your order 4711", "automatic-action/MDN-sent-automatically; deleted"),
        ("german", "Gelesen: Your order 4711", "manual-action/MDN-sent-automatically; displayed"),
    ):
        content = _mail(
            f"From: Odile Fenwick <{to}>\nSubject: {subject}\nMIME-Version: 1.0\n"
            f"Content-Type: multipart/report; report-type=disposition-notification; boundary=r",
            f"--r\nContent-Type: text/plain\n\nYour message was displayed.\n--r\nContent-Type: message/disposition-notification\n\n"
            f"Final-Recipient: rfc822; {to}\nOriginal-Message-ID: {OUR_ID}\nDisposition: {disposition}\n\n--r--\n",
        )
        yield Sample(f"receipt-{name}", content, Kind.RECEIPT, None, to, True)
    groups = (
        f"Reporting-MTA: dns; mx.fenwick.example\n\nFinal-Recipient: rfc822; {to}\nAction: delivered\nStatus: 2.0.0"
    )
    head = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.fenwick.example\nSubject: Successful Mail Delivery Report"
    content = _report(head, "Your message was successfully delivered.", groups).replace(b"{to}", to.encode())
    yield Sample("receipt-delivered", content, Kind.RECEIPT, None, to, True)


_AWAY: tuple[tuple[str, str, str, str], ...] = (
    ("en-exchange", "Automatic reply: Your order 4711", "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All",
     "I am out of the office until 9 November."),
    ("en-rfc", "Re: Your order 4711", "Auto-Submitted: auto-replied (vacation)", "Back on Monday."),
    ("en-subject-only", "Automatic reply: Your order 4711", "", "I am away until Monday."),
    ("en-ooo-subject-only", "Out of Office: Your order 4711", "", "I am out of the office until 9 November."),
    ("en-autoreply-header", "Re: Your order 4711", "X-Autoreply: yes", "Thank you, I will answer next week."),
    ("en-precedence", "Re: Your order 4711", "Precedence: auto_reply", "On holiday."),
    ("en-vacation-program", "away from my mail", "Precedence: bulk", "I will not be reading my mail for a while."),
    ("en-suppress", "Out of office", "X-Auto-Response-Suppress: All", "Back on Monday."),
    ("en-null-path", "Re: Your order 4711", "Return-Path: <>\nX-Auto-Response-Suppress: All",
     "I'm currently out of the office and will answer on Monday."),
    ("en-autorespond", "Thank you for your mail", "X-Autorespond: Thank you", "We have received your mail."),
    ("de", "Automatische Antwort: Your order 4711", "", "Ich bin bis zum 9. November nicht im Büro."),
    ("de-notice", "Abwesenheitsnotiz: Your order 4711", "", "Ich bin im Urlaub."),
    ("de-body", "Abwesend", "", "Guten Tag, ich bin vom 2. bis 9. November nicht erreichbar."),
    ("fr", "Réponse automatique : Your order 4711", "", "Je suis absent jusqu'au 9 novembre."),
    ("fr-absence", "Absence", "X-Auto-Response-Suppress: OOF", "Je suis en congé."),
    ("es", "Respuesta automática: Your order 4711", "", "Estoy fuera de la oficina."),
    ("pt", "Resposta automática: Your order 4711", "", "Estou de férias."),
    ("it", "Risposta automatica: Your order 4711", "", "Sono in ferie."),
    ("nl", "Automatisch antwoord: Your order 4711", "", "Ik ben afwezig."),
    ("sv", "Autosvar: Your order 4711", "", "Jag är på semester."),
    ("da", "Automatisk svar: Your order 4711", "", "Jeg er på ferie."),
    ("fi", "Automaattinen vastaus: Your order 4711", "", "Olen lomalla."),
    ("pl", "Automatyczna odpowiedź: Your order 4711", "", "Jestem na urlopie."),
    ("cs", "Automatická odpověď: Your order 4711", "", "Jsem mimo kancelář."),
    ("hu", "Automatikus válasz: Your order 4711", "", "Szabadságon vagyok."),
    ("ro", "Răspuns automat: Your order 4711", "", "Sunt în concediu."),
    ("ru", "Автоматический ответ: Your order 4711", "", "Я в отпуске."),
    ("tr", "Otomatik yanıt: Your order 4711", "", "Ofis dışındayım."),
    ("el", "Αυτόματη απάντηση: Your order 4711", "", "Είμαι εκτός γραφείου."),
    ("ja", "自動応答: Your order 4711", "", "不在にしております。"),
    ("zh", "自动回复: Your order 4711", "", "我目前不在办公室。"),
    ("ko", "자동 회신: Your order 4711", "", "휴가 중입니다."),
    ("ar", "رد تلقائي: Your order 4711", "", "أنا خارج المكتب."),
    ("he", "תשובה אוטומטית: Your order 4711", "", "אני בחופשה."),
    ("ticket-system", "[Case 99] Your order 4711", "Auto-Submitted: auto-replied\nPrecedence: bulk", "We have received your request."),
)  # fmt: skip


def auto_replies() -> Iterator[Sample]:
    """Out of office and "received with thanks", by header, by subject and in many languages."""
    for name, subject, extra, text in _AWAY:
        head = (
            f"From: Odile Fenwick <odile@fenwick.example>\nSubject: {subject}\nIn-Reply-To: {OUR_ID}\n{extra}".rstrip()
        )
        content = _mail(f"{head}\nMessage-ID: <{name}@fenwick.example>\nContent-Type: text/plain; charset=utf-8", text)
        yield Sample(f"auto-{name}", content, Kind.AUTO_REPLY)


_PEOPLE: tuple[tuple[str, str, str, str], ...] = (
    ("plain", "My lamp does not work", "", "Good morning,\n\nthe lamp I bought last week does not work.\n\nOdile Fenwick"),
    ("reply", "Re: Your order 4711", f"In-Reply-To: {OUR_ID}\nReferences: {OUR_ID}", "Thank you!\n\n> your lamp is on its way"),
    ("vacation", "Vacation rental lamps", "", "I have a vacation rental and need ten lamps. I am on vacation next week."),
    ("will-be-away", "Out of office next week", "", "Hi, I will be out of the office next week, can you deliver later?"),
    ("about-auto-reply", "Your automatic reply is wrong", "", "Your automatic reply says you are closed. Are you?"),
    ("re-auto-reply", "Re: Automatic reply: Your order 4711", "", "I got your automatic reply, but I need a person to answer."),
    ("returned-parcel", "Parcel returned to sender", "", "My parcel was returned to sender. It could not be delivered. Why?"),
    ("not-delivered", "Order not delivered", "", "My order was not delivered. The courier said delivery failed."),
    ("undeliverable-help", "Delivery failed", "", "Hello, I get 'delivery failed' when I write to sales@lamps.example. Help?"),
    ("forwards-bounce", "Fwd: Undelivered Mail Returned to Sender", "",
     "I wrote to you and got this:\n\n---------- Forwarded message ----------\nFrom: MAILER-DAEMON@mx.fenwick.example\n"
     "This is the mail system at host mx.fenwick.example.\n<sales@lamps.example>: host said: 550 5.1.1 User unknown (in reply to RCPT TO)\n"
     "Message-ID: <q1@fenwick.example>"),
    ("asks-bounce", "Undelivered Mail", "", "Why do I get Undelivered Mail messages? It says user unknown. Regards, Odile"),
    ("spam-complaint", "Abuse report", "", "I want to report abuse: one of your drivers shouted at me."),
    ("no-more-mail", "Stop", "", "Please take me off your list, this is spam!"),
    ("read", "Read: the manual", "", "I have read the manual and still do not know how to change the bulb."),
    ("suppress-only", "Invoice 12", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply", "Please find the invoice attached."),
    ("number", "550 lamps", "", "We need 550 5 watt lamps. Could not find them in the shop, mailbox full of newsletters."),
    ("german", "Lampe kaputt", "", "Guten Tag,\nmeine Lampe ist kaputt. Ich bin ab morgen im Urlaub, bitte antworten Sie schnell."),
    ("german-absent", "Abwesenheit", "", "Wir sind nächste Woche nicht da, bitte liefern Sie später. Viele Grüße"),
    ("french", "Livraison", "", "Bonjour, le colis n'a pas été livré. Merci de me rappeler."),
    ("french-absent", "Absent vendredi", "", "Bonjour, je serai absent vendredi, pouvez-vous livrer lundi ?"),
    ("spanish", "Pedido no entregado", "", "Hola, mi pedido no ha podido ser entregado. ¿Qué pasa?"),
    ("japanese", "商品が届きません", "", "先週注文した商品がまだ届きません。よろしくお願いします。"),
    ("chinese", "退货", "", "您好，我想退货。地址不存在的问题已经解决。"),
    ("russian", "Заказ не доставлен", "", "Здравствуйте, мой заказ не доставлен. Помогите, пожалуйста."),
    ("polish", "Zwrot przesyłki", "", "Dzień dobry, chcę zwrócić lampę. Przesyłka nie została dostarczona."),
    ("short", "", "", "ok"),
    ("empty", "Fenwick", "", ""),
    ("list", "Lamps digest", "List-Id: <lamps.lists.example>\nPrecedence: list", "I think lamps should be brighter."),
    ("bulk-sender", "Question", "Precedence: bulk", "I write with an odd program. Where is my order?"),
    ("postmaster-person", "Your mail server", "", "I run the mail here and your server greets with a wrong name. Please mend it."),
    ("delay", "Delay of my order", "", "Warning: I will not wait any longer. The order is delayed again."),
    ("system-down", "User unknown when I sign in", "", "Your shop tells me: user unknown. My mailbox is right, I checked."),
    ("thanks", "Thank you for your mail", f"In-Reply-To: {OUR_ID}", "Thank you for your mail, that settles it."),
    ("phone", "Re: Your order 4711", f"In-Reply-To: {OUR_ID}", "Yes please\n\nSent from my phone"),
    ("absence-note", "Note of absence for my child", "", "My child is ill and will be absent from the lamp course."),
    ("auto", "Auto: lamp for my car", "", "Do you sell lamps for cars? Auto means car in German."),
    ("holiday", "Holiday opening hours", "", "Are you open on holiday? I am on holiday from Monday."),
    ("bounced-cheque", "Bounced payment message", "", "My payment bounced, the bank sent a message. Can I pay again?"),
    ("read-receipt-please", "Order 12", "Disposition-Notification-To: odile@fenwick.example", "Did you get my order?"),
    ("loop", "Re: Your order 4711", "X-Loop: crm@fenwick.example", "The lamp arrived, thank you."),
)  # fmt: skip


def people() -> Iterator[Sample]:
    """Persons, many of whom write about the very words that machines use."""
    for name, subject, extra, text in _PEOPLE:
        sender = "postmaster@fenwick.example" if name == "postmaster-person" else "odile@fenwick.example"
        head = f"Return-Path: <{sender}>\nFrom: Odile Fenwick <{sender}>\nSubject: {subject}\n{extra}".rstrip("\n")
        content = _mail(f"{head}\nMessage-ID: <{name}@fenwick.example>\nContent-Type: text/plain; charset=utf-8", text)
        yield Sample(f"person-{name}", content, Kind.MESSAGE)
    for number in range(30):
        text = (
            f"Good morning,\n\norder {4000 + number} has not arrived. Can you tell me when it will?\n\nRegards\nOdile"
        )
        html = "".join(f"<p>{line}</p>" for line in text.splitlines())
        content = _mail(
            f"From: Odile Fenwick <odile.{number}@fenwick.example>\nSubject: Order {4000 + number}\nMessage-ID: <o{number}@fenwick.example>\n"
            f"MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=a",
            f"--a\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--a\nContent-Type: text/html; charset=utf-8\n\n{html}\n--a--\n",
        )
        yield Sample(f"person-order-{number}", content, Kind.MESSAGE)
