"""A store as S3 is one, on this machine: moto's server, which notes what it is asked and can refuse it."""

import itertools
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

import fsspec
import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

REFUSED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"

# Servers of one process have one store.
NUMBERS = itertools.count()


@dataclass(frozen=True)
class Asked:
    """A request: its method, LIST where a folder is listed, and the name of the object below the bucket."""

    method: str
    name: str

    @property
    def is_data(self) -> bool:
        """Whether rows or verdicts are written or read, and nothing about them is asked."""
        return self.method in ("GET", "PUT") and self.name.endswith(".parquet")


@dataclass
class StoreServer:
    """`asked`: all requests so far. Where `refuses` says so of one, the answer is that it is not allowed."""

    address: str
    asked: list[Asked] = field(default_factory=list)
    refuses: object = staticmethod(lambda asked: False)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to work with this store, as with any that is not at Amazon."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": "something",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def new_bucket(self) -> str:
        """The URL of an empty bucket."""
        url = f"s3://bucket-{next(NUMBERS)}"
        fsspec.filesystem("s3").mkdir(url)
        return url


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


@contextmanager
def store_server():
    """A server, until the block ends; processes of the block's environment work with it."""
    moto = DomainDispatcherApplication(create_backend_app)

    def answer(environ, start):
        name = environ["PATH_INFO"].removeprefix("/").partition("/")[2]
        asked = Asked("LIST" if "list-type" in environ["QUERY_STRING"] else environ["REQUEST_METHOD"], name)
        started.asked.append(asked)
        if started.refuses(asked):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(REFUSED)))])
            return [REFUSED]
        return moto(environ, start)

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Quiet)
    started = StoreServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in started.environment.items():
            patch.setenv(name, value)
        # Each keeps the address that it had first.
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        yield started
        fsspec.get_filesystem_class("s3").clear_instance_cache()
    server.shutdown()
    thread.join()
    server.server_close()
