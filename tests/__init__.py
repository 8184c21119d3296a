"""The tests. Their Ray clusters, and what connects to them, share a token that nobody else knows.

Their workers are as important as other tests, where Ray would let them wait for anybody else.
"""

import os
import secrets

# Here, because Ray reads them once, when it is imported.
os.environ.update({"RAY_AUTH_MODE": "token", "RAY_worker_niceness": "0"})
os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
