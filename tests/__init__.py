"""The tests. Their Ray clusters, and what connects to them, share a token that nobody else knows."""

import os
import secrets

# Here, because Ray reads them once, when it is imported.
os.environ["RAY_AUTH_MODE"] = "token"
os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
