"""A small Hub on loopback: datasets in memory, served by HTTP as huggingface_hub asks for them, with faults on demand.

```python
with HubServer() as hub:
    hub.commit("org/set", {"data/train.jsonl": b"…"})
    hub.faults.append(Fault("resolve/", "cut"))
    subprocess.run(command, env={**os.environ, **hub.environment})
```

huggingface_hub reads its address when it is imported, so what talks to this server runs in a process of its own.
What is asked of it to take files is in `tests.hub_uploads`.
"""

import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from tests import hub_uploads

TOKEN = "hf_loopback"
PAGE = 1_000
STRANGE = {
    "page": b"<!doctype html><title>Log in to this network</title>",
    "empty": b"",
    "list": b"[1, null, {}]",
    "shape": b'{"sha": 7, "siblings": {"rfilename": []}, "type": "file", "path": 3}',
    "deep": b"[" * 100_000 + b"]" * 100_000,
}


@dataclass
class Repository:
    """A dataset: the files of each commit, and the commit of each branch."""

    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    gated: bool = False
    disabled: bool = False
    private: bool = False

    def at(self, revision):
        """The commit and the files of a branch or commit, or None."""
        commit = self.branches.get(revision, revision)
        return (commit, self.commits[commit]) if commit in self.commits else None


@dataclass
class Fault:
    """What goes wrong, `times` times, with requests whose path holds `where`.

    `kind`: "busy" is 429 with Retry-After of `after` seconds, "down" is 500, "cut" breaks the connection when half of
    a body is sent or received, "wrong" sends other bytes than there are, "lost" does what was asked and answers 500,
    and "stuck" takes half of a body and then waits until `HubServer.released` is set. "page", "empty", "list", "shape"
    and "deep" are answers with status 200 that hold what no Hub would say: HTML, nothing, a list, an object of other
    keys, and lists 100,000 deep; "round" is a redirect to itself.
    """

    where: str
    kind: str
    times: int = 1
    after: int = 0


@dataclass(frozen=True)
class Answer:
    """One answered request."""

    method: str
    path: str
    status: int
    sent: int
    fault: str


class HubServer:
    """Serves datasets on a free port of loopback until the `with` block ends."""

    def __init__(self):
        self.repositories: dict[str, Repository] = {}
        self.faults: list[Fault] = []
        self.answers: list[Answer] = []
        self.objects: dict[str, bytes] = {}
        self.forbidden: set[str] = set()
        self.stuck, self.released = threading.Event(), threading.Event()
        self.lock = threading.Lock()

    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.hub = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environment(self):
        """What a process needs in its environment to take this server for the Hub."""
        return {"HF_ENDPOINT": self.address, "HF_TOKEN": TOKEN, "HF_HUB_DISABLE_XET": "1"}

    def commit(self, name, files, branch="main"):
        """Make `files` the content of a branch; returns the commit's 40 hex digits."""
        repository = self.repositories.setdefault(name, Repository())
        content = json.dumps([branch, len(repository.commits), {path: blob(data) for path, data in files.items()}])
        commit = hashlib.sha1(content.encode()).hexdigest()
        repository.commits[commit] = dict(files)
        repository.branches[branch] = commit
        return commit

    def fault_for(self, path):
        """The next fault that a request of this path meets, or one without a kind."""
        with self.lock:
            for fault in self.faults:
                if fault.where in path and fault.times > 0:
                    fault.times -= 1
                    return fault
        return Fault("", "")


def blob(data):
    """Git's id of a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer(body_wanted=True)

    def do_HEAD(self):
        self._answer(body_wanted=False)

    def do_POST(self):
        self._take(hub_uploads.POST)

    def do_PUT(self):
        self._take(hub_uploads.PUT)

    def _answer(self, body_wanted):
        self._meet(body_wanted)
        if not self._faulty():
            self._routed(ROUTES)

    def _take(self, routes):
        """Answer a request that brings something: the body is read first, so that the connection can go on."""
        self._meet(True)
        if self.fault in ("cut", "stuck"):
            self.rfile.read(int(self.headers["Content-Length"]) // 2)
            if self.fault == "stuck":
                self.server.hub.stuck.set()
                self.server.hub.released.wait(600)
            self.close_connection = True
            return
        self.received = hub_uploads.body(self)
        if self._faulty():
            return
        known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if not known and not self.path.startswith("/objects/"):
            self.refuse(401, "", "Invalid credentials in Authorization header")
            return
        self._routed(routes)

    def _meet(self, body_wanted):
        found = self.server.hub.fault_for(self.path)
        self.fault, self.after, self.body_wanted = found.kind, found.after, body_wanted

    def _faulty(self):
        if self.fault == "busy":
            self.send(429, b'{"error": "slow down"}', {"Retry-After": str(self.after)})
        elif self.fault == "down":
            self.send(500, b"out of order")
        elif self.fault == "round":
            self.send(302, b"", {"Location": f"{self.server.hub.address}{self.path}"})
        elif self.fault in STRANGE:
            self.send(200, STRANGE[self.fault], {"Content-Type": "application/json"})
        return self.fault in ("busy", "down", "round", *STRANGE)

    def _routed(self, routes):
        path = unquote(urlsplit(self.path).path)
        for pattern, answer in routes:
            if match := re.fullmatch(pattern, path):
                return answer(self, *match.groups())
        return self.send(404, b"no such route")

    def info(self, name, revision):
        found = self._found(name, revision or "main")
        if found:
            commit, files = found
            siblings = [{"rfilename": path} for path in files]
            private = self.server.hub.repositories[name].private
            self.send_json({"id": name, "sha": commit, "private": private, "siblings": siblings, "tags": []})

    def tree(self, name, revision, folder):
        found = self._found(name, revision)
        if not found:
            return
        query = parse_qs(urlsplit(self.path).query)
        inside = f"{folder.strip('/')}/" if folder and folder.strip("/") else ""
        entries = [entry(path, data) for path, data in sorted(found[1].items()) if path.startswith(inside)]
        if inside and not entries:
            self.refuse(404, "EntryNotFound")
            return
        if query.get("recursive", ["false"])[0].lower() != "true":
            entries = direct(entries, inside)
        start = int(query.get("cursor", ["0"])[0])
        following = start + PAGE
        headers = {}
        if following < len(entries):
            address = f"{self.server.hub.address}{urlsplit(self.path).path}?recursive=true&cursor={following}"
            headers["Link"] = f'<{address}>; rel="next"'
        self.send_json(entries[start:following], headers)

    def resolve(self, name, revision, path):
        found = self._found(name, revision)
        if not found:
            return
        if self.server.hub.repositories[name].gated:
            self.refuse(403, "GatedRepo")
            return
        commit, files = found
        if path not in files:
            self.refuse(404, "EntryNotFound")
            return
        data = files[path]
        headers = {"ETag": f'"{blob(data)}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        headers |= {"X-Linked-Size": str(len(data)), "X-Linked-ETag": f'"{hashlib.sha256(data).hexdigest()}"'}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            self.send(200, data, headers)
            return
        first, last = int(wanted[1]), min(int(wanted[2] or len(data)), len(data) - 1)
        if first >= len(data):
            self.send(416, b"", {"Content-Range": f"bytes */{len(data)}"})
            return
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        self.send(206, data[first : last + 1], headers)

    def _found(self, name, revision):
        """The commit and files that are asked for, or None after an error has been sent."""
        repository = self.server.hub.repositories.get(name)
        known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if repository is None or (repository.private and not known):
            return self.refuse(404 if known else 401, "RepoNotFound")
        if repository.disabled:
            return self.refuse(403, "", "Access to this resource is disabled.")
        return repository.at(revision) or self.refuse(404, "RevisionNotFound")

    def refuse(self, status, code, message=""):
        named = {"X-Error-Code": code, "X-Error-Message": message}
        self.send(status, (code or message).encode(), {name: value for name, value in named.items() if value})

    def send_json(self, content, headers=None):
        self.send(200, json.dumps(content).encode(), {"Content-Type": "application/json", **(headers or {})})

    def send(self, status, body, headers=None):
        if self.fault == "lost":
            status, body = 500, b"the answer is lost"
        length, cut = len(body), self.fault == "cut"
        if self.fault == "wrong" and self.body_wanted:
            body = body[:-1] + bytes([body[-1] ^ 1])
        sent = (body[: len(body) // 2] if cut else body) if self.body_wanted else b""
        answer = Answer(self.command, self.path, status, len(sent), self.fault)
        # Whoever has the answer may look here at once.
        with self.server.hub.lock:
            self.server.hub.answers.append(answer)
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(sent)
        if cut:
            self.wfile.flush()
            self.close_connection = True

    def log_message(self, *_):
        pass


ROUTES = [
    (r"/api/datasets/([^/]+/[^/]+)(?:/revision/(.+))?", _Handler.info),
    (r"/api/datasets/([^/]+/[^/]+)/tree/(refs/convert/parquet|[^/]+)(/.*)?", _Handler.tree),
    (r"/datasets/([^/]+/[^/]+)/resolve/(refs/convert/parquet|[^/]+)/(.+)", _Handler.resolve),
    # A model: as a dataset, but without a folder before its name.
    (r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", _Handler.resolve),
]


def entry(path, data):
    """A file in a listing; as on the Hub, all but small text is kept by its sha256."""
    found = {"type": "file", "path": path, "size": len(data), "oid": blob(data)}
    if hub_uploads.is_large(path):
        found["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    return found


def direct(entries, inside):
    """The files directly in a folder, and its folders."""
    files = [each for each in entries if "/" not in each["path"][len(inside) :]]
    folders = {inside + each["path"][len(inside) :].split("/")[0] for each in entries if each not in files}
    return [{"type": "directory", "path": path, "oid": "0" * 40, "size": 0} for path in sorted(folders)] + files
