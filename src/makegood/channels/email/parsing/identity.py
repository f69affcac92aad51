"""Is the From line proven? Only what our own servers wrote in Authentication-Results counts (RFC 8601, RFC 7489)."""

from __future__ import annotations

import re

from makegood.channels.email.parsing.addresses import domain_of
from makegood.channels.email.parsing.fields import Fields

_MAX_LENGTH = 16 * 1024
_PLAIN_VALUE = re.compile(r"[\w.@+-]{1,320}", re.A)
_METHOD = re.compile(r"\s{0,20}(dkim|spf|dmarc)\s{0,5}(?:/\s{0,5}\d+)?\s{0,5}=\s{0,5}([a-z]+)", re.I)
_PROPERTY = re.compile(r"\b(header|smtp)\.([a-z]{1,20})\s{0,5}=\s{0,5}([^\s;]{1,320})", re.I)
_SIGNED = frozenset({"dkim", "dmarc"})
_ID_END = re.compile(r"[\s;]")


def is_aligned(fields: Fields, email: str, own_servers: frozenset[str]) -> bool:
    """Does a server of ours say that DKIM, SPF or DMARC proves the domain of `email`?

    Believed is the topmost of our servers' fields and those of the same server with it, above every Received: what
    stands below was perhaps there when the mail reached us, and anybody can have written it. Since a forged field may
    also stand right below ours, the topmost verdict of each method counts, and a failed DKIM or DMARC ends the search.
    """
    domain = domain_of(email)
    judged: set[str] = set()
    for results in _believed(fields, own_servers):
        verdicts = [(result, *_verdict(result)) for result in results.split(";")[1:]]
        for result, method, verdict in verdicts:
            if method not in judged and verdict == "pass" and _proves(result, method, domain):
                return True
        if any(method in _SIGNED and verdict == "fail" for _, method, verdict in verdicts):
            return False
        judged.update(method for _, method, _ in verdicts)
    return False


def _believed(fields: Fields, own_servers: frozenset[str]) -> list[str]:
    own = {server.lower() for server in own_servers if server}
    believed: list[str] = []
    server = ""
    for name, value in fields.items:
        if name == "received":
            break
        if name != "authentication-results":
            continue
        text = _without_free_text(value[:_MAX_LENGTH].decode("ascii", "replace")).strip()
        written_by = _ID_END.split(text, maxsplit=1)[0].strip('"').lower()
        if written_by in own and written_by == (server or written_by):
            server = written_by
            believed.append(text)
    return believed


def _without_free_text(results: str) -> str:
    """Without comments, nested ones too, and quoted sentences: the sender can put words of his own into both."""
    out: list[str] = []
    quoted: list[str] | None = None
    depth = 0
    letters = iter(results)
    for letter in letters:
        if letter == "\\":
            letter = next(letters, "")
            if quoted is not None:
                quoted.append(letter)
        elif letter == '"' and depth == 0:
            if quoted is not None and _PLAIN_VALUE.fullmatch("".join(quoted)):
                out.extend(quoted)
            quoted = [] if quoted is None else None
        elif quoted is not None:
            quoted.append(letter)
        elif letter in "()":
            depth = max(depth + (1 if letter == "(" else -1), 0)
            out.append(" ")
        elif depth == 0:
            out.append(letter)
    return "".join(out)


def _verdict(result: str) -> tuple[str, str]:
    """Method and verdict in lower case; both empty when it is none of the methods that prove a From line."""
    match = _METHOD.match(result)
    return (match.group(1).lower(), match.group(2).lower()) if match else ("", "")


def _proves(result: str, method: str, domain: str) -> bool:
    properties: dict[str, str] = {}
    for kind, name, value in _PROPERTY.findall(result):
        properties.setdefault(f"{kind}.{name}".lower(), value.strip('"').lower())
    proven = _proven_domain(method, properties)
    if method == "dmarc":  # the server compared the organisations; its word is for this domain only
        return proven == domain
    return is_same_or_below(domain, proven)


def _proven_domain(method: str, properties: dict[str, str]) -> str:
    if method == "dmarc":
        return properties.get("header.from", "")
    if method == "spf":
        return domain_of(properties.get("smtp.mailfrom", ""))
    return properties.get("header.d", "") or domain_of(properties.get("header.i", ""))


def is_same_or_below(domain: str, parent: str) -> bool:
    """Is `domain` the `parent` itself or below it? By whole labels; a parent of one label is never believed."""
    labels, parents = domain.rstrip(".").split("."), parent.rstrip(".").split(".")
    return len(parents) > 1 and all(parents) and labels[-len(parents) :] == parents
