"""A DNS server of our own on a loopback port, over UDP."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.resolver
import dns.rrset


@dataclass
class Zone:
    """Records by (name, type), such as ("quillfeather.example", "TXT"): a list of texts as in a zone file."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    is_silent: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    resolver: dns.resolver.Resolver = field(default_factory=lambda: dns.resolver.Resolver(configure=False))

    def txt(self, name: str, *texts: str) -> None:
        self.records[name, "TXT"] = [
            " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in texts
        ]

    def answer(self, packet: bytes) -> bytes:
        query = dns.message.from_wire(packet)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked[name] += 1
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if texts := self.records.get((name, kind)):
            response.answer.append(
                dns.rrset.from_text_list(question.name, 60, dns.rdataclass.IN, question.rdtype, texts)
            )
        elif not any(known == name for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


@contextmanager
def zone(records: dict[tuple[str, str], list[str]] | None = None) -> Iterator[Zone]:
    served = Zone(records or {})
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                packet, peer = listener.recvfrom(4096)
            except OSError:
                return
            if not packet:
                return
            if not served.is_silent:
                listener.sendto(served.answer(packet), peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    served.resolver.nameservers = ["127.0.0.1"]
    served.resolver.port = listener.getsockname()[1]
    served.resolver.lifetime = 1.0
    try:
        yield served
    finally:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", listener.getsockname())
        thread.join(2)
        listener.close()
