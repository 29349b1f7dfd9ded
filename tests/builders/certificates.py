"""Short ways to make authorities and the certificates they sign."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.runtime.tls import ServerTlsSettings

EXPIRED, VALID = timedelta(days=-1), timedelta(days=1)
LOOPBACK = ("localhost", "127.0.0.1")


class Pair(NamedTuple):
    """The files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs certificates into a folder. `file` holds its own."""

    def __init__(self, folder: Path, name: str = "authority") -> None:
        self._folder = folder
        self._name = _name(name)
        self._key = generate_private_key(SECP256R1())
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self._signed(self._name, self._key, VALID, is_authority=True))

    def pair(self, name: str, lasts: timedelta = VALID, hosts: tuple[str, ...] = LOOPBACK) -> Pair:
        """Return a new pair for the hosts, which is over `lasts` from now."""
        key, pair = generate_private_key(SECP256R1()), Pair(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        pair.certificate.write_bytes(self._signed(_name(name), key, lasts, hosts=hosts))
        pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return pair

    def tls(self, pair: Pair | None, **more: object) -> ServerTlsSettings:
        """Return the settings of a process that trusts this authority and shows a pair; more wins over that."""
        shown = pair._asdict() if pair else {}
        files = {"tls_authority": self.file, **{f"tls_{name}": file for name, file in shown.items()}}
        return ServerTlsSettings(**{**files, **more})

    def _signed(
        self,
        subject: x509.Name,
        key: EllipticCurvePrivateKey,
        lasts: timedelta,
        *,
        is_authority: bool = False,
        hosts: tuple[str, ...] = (),
    ) -> bytes:
        now, own, ours = datetime.now(UTC), key.public_key(), self._key.public_key()
        made = (
            x509.CertificateBuilder(self._name, subject, own, x509.random_serial_number())
            .not_valid_before(now - timedelta(days=9))
            .not_valid_after(now + lasts)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(_usage(is_authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ours), critical=False)
        )
        if hosts:
            made = made.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        return made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _host(host: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)


def _usage(is_authority: bool) -> x509.KeyUsage:
    signs = not is_authority
    return x509.KeyUsage(signs, False, False, False, False, is_authority, is_authority, False, False)
