"""Letters for measuring: 4 KB of text and HTML, one in twenty with a 50 KB file, every third an answer."""

from __future__ import annotations

import base64
import random

WORDS = [
    "tent", "pole", "zip", "delivery", "refund", "courier", "workshop", "parcel", "invoice", "seam",
    "groundsheet", "stove", "jacket", "rucksack", "morning", "evening", "customer", "colour", "moss", "rust",
    "photo", "address", "weather", "coast", "spare", "peg", "sleeping", "bag", "lantern", "thread", "needle",
    "repair",
]  # fmt: skip


def letter(number: int, to: str, dice: random.Random, answers: str = "") -> bytes:
    """One message; `answers` is a Message-ID it replies to."""
    words = " ".join(dice.choice(WORDS) for _ in range(160))
    html = "".join(f"<p>{words[i : i + 200]}</p>" for i in range(0, len(words), 200))
    sender = f"c{number % 5000}@customers.example"
    head = [
        f"From: Customer {number % 5000} <{sender}>", f"To: Care <{to}>",
        f"Subject: Letter {number} about a {dice.choice(WORDS)}",
        f"Message-ID: <{number}.{dice.getrandbits(48):x}@customers.example>", "Date: Thu, 19 Nov 2026 10:31:00 +0000",
        "MIME-Version: 1.0",
    ]  # fmt: skip
    if answers:
        head += [f"In-Reply-To: {answers}", f"References: {answers}"]
    parts = [
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n",
        f"Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>{html}</body></html>\r\n",
    ]
    body = "multipart/alternative; boundary=b1\r\n\r\n" + "".join(f"--b1\r\n{part}" for part in parts) + "--b1--\r\n"
    if number % 20:
        return ("\r\n".join(head) + "\r\nContent-Type: " + body).encode()
    content = base64.encodebytes(dice.randbytes(50_000)).replace(b"\n", b"\r\n").decode()
    file = (
        "Content-Type: application/pdf; name=receipt.pdf\r\nContent-Disposition: attachment; filename=receipt.pdf\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{content}\r\n"
    )
    whole = f"multipart/mixed; boundary=b0\r\n\r\n--b0\r\nContent-Type: {body}--b0\r\n{file}--b0--\r\n"
    return ("\r\n".join(head) + "\r\nContent-Type: " + whole).encode()
