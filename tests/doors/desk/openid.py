"""A small OpenID provider on this machine: discovery, authorization code with PKCE, signed identity tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT: Final = "lastcall-desk"
SECRET: Final = "the provider knows us by this"
_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_KEY: Final = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """What it says of whoever comes, until a test tells it otherwise. ``claims``: over the usual ones;
    ``key`` and ``algorithm``: of the signature."""

    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = _KEY
    algorithm: str = "RS256"
    asked: list[dict[str, str]] = field(default_factory=list)

    def token(self) -> str:
        """An identity token."""
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 300} | self.claims
        return jwt.encode(claims, self.key, algorithm=self.algorithm, headers={"kid": "one"})

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token", "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, format: str, *args: Any) -> None:
        return None

    def do_GET(self) -> None:
        where, provider = urlsplit(self.path), self.provider
        if where.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(where.query).items()}
            provider.asked.append(asked)
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': 'a-code', 'state': asked['state']})}"
            )
            self.end_headers()
        elif where.path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            self._say({"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]})
        else:
            self._say(provider.discovery())

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.provider.asked[-1]["code_challenge"]
        if not proved or sent["client_secret"][0] != SECRET:
            self.send_error(400)
            return
        self._say({"access_token": "not used", "token_type": "Bearer", "id_token": self.provider.token()})

    def _say(self, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider at an address of its own."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
