"""Will mail from this domain be trusted? What the DNS says of it: SPF, DKIM, DMARC and MX, each in a sentence.

The sentences are English and kept with the inbox; pages translate the states.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from makegood.channels.email.parsing.identity import is_same_or_below

if TYPE_CHECKING:
    import dns.resolver

GOOD, MISSING, WRONG, UNKNOWN = "good", "missing", "wrong", "unknown"
SELECTORS = (
    "default", "dkim", "mail", "google", "selector1", "selector2", "s1", "s2", "k1", "k2", "k3", "fm1", "fm2", "fm3",
    "protonmail", "zoho", "mxvault", "key1", "dkim1", "smtp", "email", "s1024", "s2048", "mbo0001", "mesmtp",
)  # fmt: skip
SPF_LOOKUPS = 10  # RFC 7208, 4.6.4
ASKING = ("include", "a", "mx", "ptr", "exists")
MECHANISMS = frozenset({"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"})
WEAK_BITS = 1024  # RFC 8301, 3.2
# What companies ask to be put into SPF by those who send through them.
INCLUDES = {
    "gmail.com": "include:_spf.google.com", "office365.com": "include:spf.protection.outlook.com",
    "fastmail.com": "include:spf.messagingengine.com", "mailbox.org": "include:mailbox.org",
    "zoho.com": "include:zohomail.com", "zoho.eu": "include:zohomail.eu", "gandi.net": "include:_mailcust.gandi.net",
    "ovh.net": "include:mx.ovh.com", "migadu.com": "include:spf.migadu.com",
}  # fmt: skip
POLICIES = {
    "none": "watches only",
    "quarantine": "sends doubtful mail to the spam folder",
    "reject": "refuses doubtful mail",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: good, missing, wrong, or unknown when the DNS was silent. `record`: what to put at `host`."""

    name: str
    state: str
    said: str
    host: str = ""
    record: str = ""


class Silent(Exception):
    """The DNS did not answer: nothing is known, which is not the same as nothing there."""


class Names:
    """Questions to the DNS."""

    def __init__(self, resolver: dns.resolver.Resolver) -> None:
        self._resolver = resolver

    def texts(self, name: str) -> list[str]:
        """TXT records, their pieces joined (RFC 7208, 3.3)."""
        records = self._ask(name, "TXT")
        return [b"".join(record.strings).decode("utf-8", "replace") for record in records]

    def exchanges(self, name: str) -> list[tuple[int, str]]:
        """Preference and host of each MX, best first; the host of a null MX (RFC 7505) is empty."""
        records = self._ask(name, "MX")
        return sorted(
            (record.preference, record.exchange.to_text(omit_final_dot=True).rstrip(".")) for record in records
        )

    def _ask(self, name: str, kind: str) -> list[Any]:
        from dns.exception import DNSException  # slow import
        from dns.name import LabelTooLong, NameTooLong
        from dns.resolver import NXDOMAIN, NoAnswer

        try:
            return list(self._resolver.resolve(name, kind))
        except (NXDOMAIN, NoAnswer, LabelTooLong, NameTooLong):
            return []
        except (DNSException, OSError, UnicodeError) as error:
            raise Silent(name) from error


def check(
    address: str,
    resolver: dns.resolver.Resolver,
    *,
    sends_by: str = "",
    selectors: Iterable[str] = (),
    reply_domain: str = "",
) -> list[Finding]:
    """The four findings for the domain of `address`, and where answers go if that is a domain of their own.

    `sends_by` is the host of the server for going out.
    """
    domain = address.rpartition("@")[2].lower()
    names = Names(resolver)
    wanted = list(dict.fromkeys([*filter(None, selectors), *SELECTORS]))
    findings = [
        _kept("SPF", lambda: spf(domain, names, sends_by)),
        _kept("DKIM", lambda: dkim(domain, names, wanted)),
        _kept("DMARC", lambda: dmarc(domain, names, address)),
        _kept("MX", lambda: mx(domain, names)),
    ]
    if reply_domain:
        found = _kept("MX", lambda: mx(reply_domain, names))
        findings.append(replace(found, name=f"MX {reply_domain}"))
    return findings


def spf(domain: str, names: Names, sends_by: str = "") -> Finding:
    """RFC 7208: one record, at most ten further questions, and an end that says what of everybody else."""
    records = [text for text in names.texts(domain) if text.lower().split(" ")[0] == "v=spf1"]
    wanted = f"v=spf1 {_sender_term(sends_by)} ~all"
    if not records:
        said = "Nothing says who may send for you, so mail may land in spam."
        return Finding("SPF", MISSING, said, domain, wanted)
    if len(records) > 1:
        said = f"There are {len(records)} SPF records, so none counts. Keep one that names all who send for you."
        return Finding("SPF", WRONG, said, domain, wanted)
    terms = records[0].lower().split()[1:]
    fault = _spf_fault(terms) or _too_many(domain, terms, names)
    if fault:
        return Finding("SPF", WRONG, fault, domain, _mended(records[0]))
    last = next((term[0] for term in terms if term.lstrip("+-~?") == "all"), "")
    manner = {"-": "asks to refuse all others", "~": "asks to treat others with suspicion"}
    return Finding("SPF", GOOD, f"It names who may send for you and {manner.get(last, 'leads on to another record')}.")


def dkim(domain: str, names: Names, selectors: Sequence[str]) -> Finding:
    """RFC 6376: a public key at one of the selectors. Which one signs is known only from a mail that was sent."""
    broken: Finding | None = None
    for selector in selectors:
        host = f"{selector}._domainkey.{domain}"
        for text in names.texts(host):
            tags = _tags(text)
            if "p" not in tags:
                continue  # an answer for every name, about something else
            if fault := _key_fault(tags):
                broken = broken or Finding("DKIM", WRONG, f"The key of the selector {selector} {fault}.", host)
                continue
            return Finding("DKIM", GOOD, f"A signing key is published (selector {selector}).")
    if broken is not None:
        return replace(broken, record=_key_record())
    host = f"{selectors[0]}._domainkey.{domain}"
    said = (
        "No signing key was found at the usual selectors, so mail may land in spam. Your mail provider gives you one."
    )
    return Finding("DKIM", MISSING, said, host, _key_record())


def dmarc(domain: str, names: Names, reports_to: str) -> Finding:
    """RFC 7489; the record of a parent domain counts for those below it that have none."""
    labels = domain.split(".")
    host, wanted = f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:{reports_to}"
    for start in range(max(len(labels) - 1, 1)):
        above = ".".join(labels[start:])
        records = [text for text in names.texts(f"_dmarc.{above}") if _tags(text).get("v") == "DMARC1"]
        if len(records) > 1:
            said = f"There are {len(records)} DMARC records, so none counts. Keep one."
            return Finding("DMARC", WRONG, said, f"_dmarc.{above}", records[0])
        if records:
            return _policy(records[0], above, is_own=start == 0)
    said = "Nothing says what is to be done with mail that pretends to be yours."
    return Finding("DMARC", MISSING, said, host, wanted)


def mx(domain: str, names: Names) -> Finding:
    """RFC 5321, 5.1: where mail for the domain goes."""
    hosts = [host for _preference, host in names.exchanges(domain)]
    if hosts == [""]:
        return Finding("MX", WRONG, "The domain says that it takes no mail, so nobody can answer you.")
    if not hosts:
        return Finding("MX", MISSING, "The domain names no server for its mail, so answers may not reach you.")
    return Finding("MX", GOOD, f"Mail for you goes to {hosts[0]}.")


def _kept(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Silent:
        return Finding(name, UNKNOWN, "The DNS did not answer. We look again tomorrow.")


def _sender_term(sends_by: str) -> str:
    for suffix, term in INCLUDES.items():
        if is_same_or_below(sends_by, suffix):
            return term
    return f"mx a:{sends_by}" if sends_by else "mx"


def _spf_fault(terms: list[str]) -> str:
    """What is wrong with the record itself; empty when nothing is."""
    for term in terms:
        name = _mechanism(term)
        if "=" not in term.split(":")[0] and name not in MECHANISMS:
            return f"“{term[:60]}” is not a word of SPF, so the whole record does not count."
    ends = [term for term in terms if term.lstrip("+-~?") == "all"]
    if ends and ends[0] in {"all", "+all"}:
        return "It lets anybody send for you (+all)."
    if ends and ends[0] == "?all":
        return "It says nothing about others (?all). End it with ~all."
    if not ends and not any(term.startswith("redirect=") for term in terms):
        return "It does not end, so it says nothing about others. End it with ~all."
    return ""


def _mended(record: str) -> str:
    """The same record with an end that says something of others; as it is when that was not the fault."""
    terms = [term for term in record.split() if term.lower().lstrip("+-~?") != "all"]
    return " ".join([*terms, "~all"])


def _too_many(domain: str, terms: list[str], names: Names) -> str:
    """Follows includes as a receiver does; those who ask more than ten times give up, and the record fails."""
    questions, waiting, seen = 0, [terms], {domain}
    while waiting:
        for term in waiting.pop():
            if _mechanism(term) not in ASKING and not term.startswith("redirect="):
                continue
            questions += 1
            if questions > SPF_LOOKUPS:
                return f"It needs more than {SPF_LOOKUPS} further questions, so receivers give up. Remove includes."
            target = _target(term)
            if not target or "%" in target or target in seen:
                continue
            seen.add(target)
            records = [text for text in names.texts(target) if text.lower().split(" ")[0] == "v=spf1"]
            if len(records) != 1:
                return f"It includes {target}, which has no valid SPF record, so the whole record does not count."
            waiting.append(records[0].lower().split()[1:])
    return ""


def _target(term: str) -> str:
    """Whose record is read, too."""
    if term.startswith("redirect="):
        return term.partition("=")[2]
    return term.partition(":")[2] if _mechanism(term) == "include" else ""


def _mechanism(term: str) -> str:
    return term.lstrip("+-~?").replace("/", ":").partition(":")[0]


def _tags(text: str) -> dict[str, str]:
    """`v=DKIM1; p=…` as a dict (RFC 6376, 3.2); of a tag that comes twice the first counts."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip(), value.strip())
    return tags


def _key_fault(tags: dict[str, str]) -> str:
    if tags.get("v", "DKIM1") != "DKIM1":
        return "is of an unknown version"
    if not tags["p"]:
        return "was withdrawn (its p is empty)"
    try:
        content = base64.b64decode("".join(tags["p"].split()), validate=True)
        if tags.get("k", "rsa") == "ed25519":
            return "" if len(content) == 32 else "cannot be read"
        key = load_der_public_key(content)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return "cannot be read; it may have been cut when it was copied"
    if isinstance(key, RSAPublicKey) and key.key_size < WEAK_BITS:
        return f"is too short ({key.key_size} bits), so receivers ignore it"
    return ""


def _key_record() -> str:
    return "v=DKIM1; k=rsa; p=PUT THE KEY FROM YOUR MAIL PROVIDER HERE"


def _policy(record: str, domain: str, *, is_own: bool) -> Finding:
    tags = _tags(record)
    policy = tags.get("p", "").lower() if is_own else tags.get("sp", tags.get("p", "")).lower()
    if policy not in POLICIES:
        mended = "v=DMARC1; p=none" + (f"; rua={tags['rua']}" if "rua" in tags else "")
        return Finding(
            "DMARC", WRONG, "Its policy (p) is not one of none, quarantine, reject.", f"_dmarc.{domain}", mended
        )
    reports = "reports on" if tags.get("rua") else "no reports"
    whose = "" if is_own else f", by the record of {domain}"
    return Finding("DMARC", GOOD, f"Policy {policy}: a receiver {POLICIES[policy]}; {reports}{whose}.")
