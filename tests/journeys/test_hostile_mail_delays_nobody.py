"""R7: hostile and good mails come by turns through the real server; no good one waits ten seconds longer for them."""

from __future__ import annotations

import smtplib
import threading
import time

import pytest

from makegood.channels.email.parsing.tests.hostile import CASES, MIB
from tests.counterparts.letters import TO, hand_in, stored
from tests.counterparts.makegood import Makegood, makegood
from tests.counterparts.waiting import eventually

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]
SEEN = """
import time
from makegood.conversations.models import Message
wanted, seen, end = {f"<{number}@fenwick.example>" for number in range(1, %d)}, {}, time.monotonic() + 300
while wanted - seen.keys() and time.monotonic() < end:
    for id_ in Message.objects.filter(message_id__in=wanted - seen.keys()).values_list("message_id", flat=True):
        seen[id_] = time.time()
    time.sleep(0.02)
print(*[f"{id_}={moment}" for id_, moment in seen.items()])
"""


def test_no_good_mail_waits_ten_seconds_for_a_hostile_one() -> None:
    handed, refused = {}, []
    with makegood() as house:
        house.run("inbox", "add", "email", "--address", TO)
        house.start()
        answers: list[str] = []
        watching = threading.Thread(target=lambda: answers.append(house.python(SEEN % (len(CASES) + 1))))
        watching.start()
        for number, write in enumerate(CASES.values(), 1):
            hand_in_hostile(house, write(2 * MIB), refused)
            hand_in(house, number)
            handed[f"<{number}@fenwick.example>"] = time.time()
        watching.join()
        eventually(lambda: len(stored(house)) >= len(CASES), 60)

    seen = dict(word.split("=") for word in answers[0].split())
    waits = sorted(float(seen[id_]) - moment for id_, moment in handed.items() if id_ in seen)
    middle, most = waits[len(waits) // 2], waits[-1]
    print(f"{len(CASES)} hostile mails of 2 MiB: a good one waited {middle:.2f} s, at most {most:.2f} s")
    assert (len(waits), refused) == (len(CASES), [])
    assert most < 10


def hand_in_hostile(house: Makegood, content: bytes, refused: list[str]) -> None:
    """Whatever it is, it is taken: it may be a customer's."""
    with smtplib.LMTP("127.0.0.1", house.lmtp_port, timeout=60) as session:
        try:
            session.sendmail("odile@fenwick.example", [TO], content)
        except smtplib.SMTPException as error:
            refused.append(str(error))
