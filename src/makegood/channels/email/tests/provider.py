"""A company that lets people sign in to their mailbox: authorization codes with PKCE, and tokens."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from makegood.channels.email.oauth_providers import Provider

CLIENT_ID, CLIENT_SECRET = "makegood-at-quillfeather", "wicker basket"


@dataclass
class Company:
    """`tokens`: access tokens that are good, by address. `refuses`: what the token address answers instead."""

    address: str
    port: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    refresh: str = "lasting-1"
    refuses: tuple[int, dict[str, str]] | None = None
    seconds: int = 3600
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def provider(self) -> Provider:
        here = f"http://127.0.0.1:{self.port}"
        return Provider("Lantern Mail", f"{here}/authorize", f"{here}/token", "mail", "127.0.0.1", "127.0.0.1", here)

    @property
    def introspection_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/introspect?token="

    def authorize(self, url: str) -> dict[str, str]:
        """What a person's browser does there: sign in, and be sent back with this query."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT_ID and asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, object]]:
        self.asked.append(asked)
        if self.refuses:
            return self.refuses[0], dict(self.refuses[1])
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        if asked["grant_type"] == "authorization_code" and not self._is_good(asked):
            return 400, {"error": "invalid_grant", "error_description": "The code is not good."}
        if asked["grant_type"] == "refresh_token" and asked["refresh_token"] != self.refresh:
            return 400, {"error": "invalid_grant"}
        self.refresh = f"lasting-{len(self.asked) + 1}"
        access = secrets.token_urlsafe(16)
        self.tokens[access] = self.address
        return 200, {"access_token": access, "refresh_token": self.refresh, "expires_in": self.seconds}

    def _is_good(self, asked: dict[str, str]) -> bool:
        begun = self.codes.pop(asked["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(asked["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        return (
            begun is not None
            and begun["code_challenge"] == challenge
            and begun["redirect_uri"] == asked["redirect_uri"]
        )


@contextmanager
def company(address: str) -> Iterator[Company]:
    served = Company(address)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*served.token({name: values[0] for name, values in parse_qs(body).items()}))

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
            email = served.tokens.get(token)
            self._answer(200, {"active": "true", "email": email} if email else {"active": "false"})

        def _answer(self, status: int, answer: dict[str, object]) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
