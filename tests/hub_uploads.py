"""How the Hub on loopback takes files: repositories made, objects uploaded in one piece or in parts, commits."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import yaml

# An object of more bytes than this is uploaded in parts of so many.
PART = 1 << 20


def body(request):
    """The bytes that a request brings, in one length or in chunks."""
    if request.headers.get("Transfer-Encoding", "") != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length", 0)))
    chunks = []
    while size := int(request.rfile.readline(), 16):
        chunks.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(chunks)


def is_large(path):
    """As by the .gitattributes that the Hub gives a dataset: these files are kept by their sha256."""
    return path.endswith(".parquet")


def create(request):
    hub, wanted = request.server.hub, json.loads(request.received)
    name = f"{wanted['organization']}/{wanted['name']}"
    if wanted["organization"] in hub.forbidden:
        request.refuse(403, "", "You don't have the rights to create a dataset under this namespace")
    elif name in hub.repositories:
        request.send(409, json.dumps({"url": f"{hub.address}/datasets/{name}"}).encode())
    else:
        hub.commit(name, {".gitattributes": b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"})
        hub.repositories[name].private = wanted.get("private", wanted.get("visibility") == "private")
        request.send_json({"url": f"{hub.address}/datasets/{name}", "name": name, "id": name})


def validate(request):
    content = json.loads(request.received)["content"]
    try:
        yaml.safe_load(content.split("---")[1])
    except (IndexError, yaml.YAMLError) as error:
        answer = {"warnings": [], "errors": [{"message": str(error)}]}
        request.send(400, json.dumps(answer).encode(), {"Content-Type": "application/json"})
        return
    request.send_json({"warnings": [], "errors": []})


def preupload(request, name, revision):
    files = [file["path"] for file in json.loads(request.received)["files"]]
    modes = ["lfs" if is_large(path) else "regular" for path in files]
    answers = [
        {"path": path, "uploadMode": mode, "shouldIgnore": False} for path, mode in zip(files, modes, strict=True)
    ]
    request.send_json({"files": answers})


def batch(request, name):
    hub, objects = request.server.hub, json.loads(request.received)["objects"]
    request.send_json({"transfer": "basic", "objects": [_actions(hub, wanted) for wanted in objects]})


def _actions(hub, wanted):
    """Where an object is to be sent to; nowhere, when it is here."""
    oid, size = wanted["oid"], wanted["size"]
    if oid in hub.objects:
        return wanted
    address, header = f"{hub.address}/objects/{oid}", {}
    if size > PART:
        parts = range(-(-size // PART))
        header = {"chunk_size": str(PART), **{str(part + 1): f"{address}?part={part}" for part in parts}}
    actions = {"upload": {"href": address, "header": header}, "verify": {"href": f"{address}/verify"}}
    return {**wanted, "actions": actions}


def put(request, oid):
    hub, part = request.server.hub, parse_qs(urlsplit(request.path).query).get("part")
    key = f"{oid}/{part[0]}" if part else oid
    if not part and hashlib.sha256(request.received).hexdigest() != oid:
        request.send(400, b"other bytes than their sha256 says")
        return
    hub.objects[key] = request.received
    request.send(200, b"", {"ETag": f'"{key}"'})


def complete(request, oid):
    hub, parts = request.server.hub, json.loads(request.received)["parts"]
    content = b"".join(hub.objects.pop(part["etag"].strip('"')) for part in parts)
    assert hashlib.sha256(content).hexdigest() == oid
    hub.objects[oid] = content
    request.send_json({})


def verify(request, oid):
    found = len(request.server.hub.objects[oid]) == json.loads(request.received)["size"]
    request.send(200 if found else 400, b"")


def commit(request, name, branch):
    hub = request.server.hub
    repository = hub.repositories[name]
    lines = [json.loads(line) for line in request.received.splitlines()]
    head, files = repository.at(branch)
    files = dict(files)
    for line in lines:
        value = line["value"]
        if line["key"] == "header" and value.get("parentCommit", head) != head:
            request.send(412, b"A commit has happened since. Please refresh and try again.")
            return
        if line["key"] == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif line["key"] == "lfsFile":
            files[value["path"]] = hub.objects[value["oid"]]
        elif line["key"] == "deletedFile":
            del files[value["path"]]
    made = hub.commit(name, files, branch)
    request.send_json({"success": True, "commitOid": made, "commitUrl": f"{hub.address}/datasets/{name}/commit/{made}"})


NAME = r"([^/]+/[^/]+)"
POST = [
    (r"/api/repos/create", create),
    (r"/api/validate-yaml", validate),
    (rf"/api/datasets/{NAME}/preupload/([^/]+)", preupload),
    (rf"/datasets/{NAME}\.git/info/lfs/objects/batch", batch),
    (r"/objects/([0-9a-f]{64})", complete),
    (r"/objects/([0-9a-f]{64})/verify", verify),
    (rf"/api/datasets/{NAME}/commit/([^/]+)", commit),
]
PUT = [(r"/objects/([0-9a-f]{64})", put)]
