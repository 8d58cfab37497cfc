"""A mail server of a few words (RFC 5321, 3207, 4954) on the loopback: STARTTLS, AUTH PLAIN, and what it was handed."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path) -> tuple[Path, Path]:
    """One for localhost, signed by itself: (certificate, key)."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    paths = folder / "mail.pem", folder / "mail.key"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    kinds = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(key.private_bytes(*kinds))
    return paths


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None, login: tuple[str, str] | None) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.tls, self.login = tls, login
        self.taken: list[tuple[bool, str, bytes]] = []
        """(encrypted, recipient, the mail)."""
        self.at_once = False
        """Whether it speaks TLS from the first byte (RFC 8314), as `smtps:` expects."""
        self.seen: list[str] = []
        self.refuses: dict[str, str] = {}
        """Recipient → the reply instead of 250."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.secret, self.known, self.to = False, self.server.login is None, ""
        if self.server.at_once and self.server.tls:
            self.encrypt(self.server.tls)
        self.say("220 localhost")
        while line := self.rfile.readline().decode().strip():
            self.server.seen.append(line.split(" ")[0].upper())
            if self.answer(line) is False:
                break
        if self.secret:
            self.request.close()

    def encrypt(self, tls: ssl.SSLContext) -> None:
        self.request = tls.wrap_socket(self.request, server_side=True)
        self.setup()
        self.secret = True

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def answer(self, line: str) -> bool | None:
        verb = line.split(" ", maxsplit=1)[0].upper()
        if verb == "EHLO":
            offers = ["localhost", *(["STARTTLS"] if self.server.tls and not self.secret else []), "AUTH PLAIN"]
            for offer in offers[:-1]:
                self.say(f"250-{offer}")
            self.say(f"250 {offers[-1]}")
        elif verb == "STARTTLS" and self.server.tls:
            self.say("220 go on")
            self.encrypt(self.server.tls)
        elif verb == "AUTH":
            _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
            self.known = (user, password) == self.server.login
            self.say("235 welcome" if self.known else "535 no")
        elif verb == "MAIL":
            self.say("250 ok" if self.known else "530 sign in first")
        elif verb == "RCPT":
            self.to = line[line.find("<") + 1 : line.find(">")]
            self.say(self.server.refuses.get(self.to, "250 ok"))
        elif verb == "DATA":
            self.take()
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
            return verb != "QUIT"
        return None

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.taken.append((self.secret, self.to, b"".join(lines)))
        self.say("250 taken")


@contextmanager
def mail_server(
    certified: tuple[Path, Path] | None = None, login: tuple[str, str] | None = None
) -> Iterator[MailServer]:
    tls = None
    if certified is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*map(str, certified))
    with MailServer(tls, login) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
