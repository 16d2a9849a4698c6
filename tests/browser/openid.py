"""A stand-in of Google's sign-in (OpenID Connect): lets in at once whoever ``email`` names."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT = "monev.apps.example.com"
_KEY_ID = "1"


@dataclass
class Google:
    """What it will say of the next visitor."""

    address: str = ""
    email: str = "budi@contoh.go.id"
    verified: bool = True
    nonce: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/jwks":
            public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [public | {"kid": _KEY_ID, "alg": "RS256", "use": "sig"}]}
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 3600, "id_token": self._id_token()}

    def _id_token(self) -> str:
        now = int(time.time())
        person = {"sub": "42", "email": self.email, "email_verified": self.verified, "name": "Budi"}
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 3600, "nonce": self.nonce}
        return jwt.encode(person | claims, self.key, algorithm="RS256", headers={"kid": _KEY_ID})


@contextmanager
def running() -> Iterator[Google]:
    google = Google()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self._back(parse_qs(parts.query))
            else:
                self._say(google.answer(parts.path))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._say(google.answer(self.path))

        def _back(self, asked: dict[str, list[str]]) -> None:
            google.nonce = asked.get("nonce", [""])[0]
            self.send_response(302)
            answer = urlencode({"code": "1", "state": asked["state"][0]})
            self.send_header("Location", f"{asked['redirect_uri'][0]}?{answer}")
            self.end_headers()

        def _say(self, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    google.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        thread.join()
