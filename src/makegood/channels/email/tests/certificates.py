"""Certificates for servers on loopback, from an authority of our own or from nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates for 127.0.0.1 and localhost; `file` is what a client must trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named("Lantern Authority")
        self.file = folder / "authority.pem"
        begin = datetime.now(UTC) - timedelta(days=400)
        builder = _builder(self._name, self._name, self._key, begin, begin + timedelta(days=4000))
        extension = x509.BasicConstraints(ca=True, path_length=None)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        built = builder.add_extension(extension, critical=True).add_extension(usage, critical=True)
        self._own = built.add_extension(identifier, critical=False).sign(self._key, hashes.SHA256())
        self.file.write_bytes(self._own.public_bytes(serialization.Encoding.PEM))

    def certificate(self, name: str = "server", days: int = 90, host: str = "localhost") -> Path:
        """A PEM with chain and key, valid for `days` from now, or expired for as long when negative."""
        ends = datetime.now(UTC) + timedelta(days=days)
        return self._signed(name, ends, host, self._key, self._name)

    def self_signed(self) -> Path:
        """One that no authority has seen."""
        return self._signed("self", datetime.now(UTC) + timedelta(days=90), "localhost", None, None)

    def _signed(
        self, name: str, ends: datetime, host: str, signer: ec.EllipticCurvePrivateKey | None, issuer: x509.Name | None
    ) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_named(host), issuer or _named(host), key, ends - timedelta(days=100), ends)
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(IPv4Address("127.0.0.1")))
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key((signer or key).public_key())
        certificate = builder.add_extension(authority, critical=False).sign(signer or key, hashes.SHA256())
        file = self._folder / f"{name}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return file


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(ends)
