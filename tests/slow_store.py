"""A store in memory that answers each request late, as one over a network does, and counts them."""

import threading
import time
from typing import ClassVar

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

LATE = ("cat_file", "pipe_file", "info", "ls", "find", "rm_file")


class SlowStore(MemoryFileSystem):
    protocol = "slow"
    store: ClassVar[dict[str, object]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    seconds: ClassVar[float] = 0.0
    requests: ClassVar[list[tuple[str, str]]] = []
    most_at_once: ClassVar[int] = 0
    _at_once: ClassVar[int] = 0
    _lock: ClassVar[threading.Lock] = threading.Lock()
    _asked: ClassVar[threading.local] = threading.local()

    @classmethod
    def _strip_protocol(cls, path):
        return MemoryFileSystem._strip_protocol(path.removeprefix("slow://"))

    @classmethod
    def forget_requests(cls):
        cls.requests.clear()
        cls.most_at_once = 0

    def _late(self, kind, path, answer):
        if getattr(self._asked, "is_asked", False):
            # What the library does to answer is no request of its own.
            return answer()
        self._asked.is_asked = True
        with self._lock:
            SlowStore.requests.append((kind, path))
            SlowStore._at_once += 1
            SlowStore.most_at_once = max(self.most_at_once, self._at_once)
        try:
            time.sleep(self.seconds)
            return answer()
        finally:
            self._asked.is_asked = False
            with self._lock:
                SlowStore._at_once -= 1


def _late(kind):
    def method(self, path, *given, **named):
        return self._late(kind, path, lambda: getattr(MemoryFileSystem, kind)(self, path, *given, **named))

    return method


for kind in LATE:
    setattr(SlowStore, kind, _late(kind))


def slow_store(seconds):
    """The URL of an empty store that takes so many seconds for each request."""
    fsspec.register_implementation("slow", SlowStore, clobber=True)
    SlowStore.store.clear()
    SlowStore.seconds = seconds
    SlowStore.forget_requests()
    return "slow://run"
