"""A store in memory that answers late, as one over a network does, and counts its requests."""

import threading
from typing import ClassVar

import fsspec
from fsspec.implementations.memory import MemoryFileSystem

# Seconds to wait for other requests; whoever asks for many at a time has no need of them.
PATIENCE = 30.0
COUNTED = ("cat_file", "pipe_file", "info", "ls", "find", "rm_file")


class SlowStore(MemoryFileSystem):
    protocol = "slow"
    store: ClassVar[dict[str, object]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    waits_for: ClassVar[int] = 0
    requests: ClassVar[list[tuple[str, str]]] = []
    most_at_once: ClassVar[int] = 0
    _at_once: ClassVar[int] = 0
    _met: ClassVar[threading.Event] = threading.Event()
    _lock: ClassVar[threading.Lock] = threading.Lock()
    _asked: ClassVar[threading.local] = threading.local()

    @classmethod
    def _strip_protocol(cls, path):
        return MemoryFileSystem._strip_protocol(path.removeprefix("slow://"))

    @classmethod
    def wait_for(cls, requests):
        """Count anew, and answer who asks for bytes when so many requests have been under way at once."""
        cls.requests.clear()
        cls.most_at_once, cls.waits_for, cls._met = 0, requests, threading.Event()

    def _counted(self, kind, path, answer):
        if getattr(self._asked, "is_asked", False):
            # What the library does to answer is no request of its own.
            return answer()
        self._asked.is_asked = True
        with self._lock:
            SlowStore.requests.append((kind, path))
            SlowStore._at_once += 1
            SlowStore.most_at_once = max(self.most_at_once, self._at_once)
            if self._at_once >= self.waits_for:
                self._met.set()
        try:
            if kind == "cat_file" and not self._met.wait(PATIENCE):
                self._met.set()
            return answer()
        finally:
            self._asked.is_asked = False
            with self._lock:
                SlowStore._at_once -= 1


def _counted(kind):
    def method(self, path, *given, **named):
        return self._counted(kind, path, lambda: getattr(MemoryFileSystem, kind)(self, path, *given, **named))

    return method


for kind in COUNTED:
    setattr(SlowStore, kind, _counted(kind))


def slow_store():
    """The URL of an empty store."""
    fsspec.register_implementation("slow", SlowStore, clobber=True)
    SlowStore.store.clear()
    SlowStore.wait_for(0)
    return "slow://run"
