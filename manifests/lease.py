"""The lease of a run: one driver at a time works in its folder, and one that was taken for dead stops.

A lease is a file, `lease-000001.json` and so on, which is made in such a way that only one driver can make it. The one
with the highest number holds the run. Nobody writes to another's file: whoever takes over makes the next one and then
removes the one before it, by which its holder knows. No clocks of two machines are compared.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from pydantic import BaseModel, ConfigDict, ValidationError

from sayso.manifests.errors import SaysoError
from sayso.manifests.names import LEASES, lease_name, lease_number
from sayso.manifests.storage import Storage

# Seconds between two signs of life, and after how many without one somebody else may take over. A machine that
# swaps, or a store that is slow for a while, should not lose its run.
EVERY, EXPIRES = 10.0, 60.0
# States of a process in /proc in which it never runs again, or not until somebody lets it.
_ENDED, _HALTED = "ZX", "Tt"


class FolderInUse(SaysoError):
    """Raised when another driver works in the folder; names it, and says when its lease expires."""


class LeaseLost(SaysoError):
    """Raised when somebody else has taken over the run, before anything more is written."""


class Holder(BaseModel):
    """A process as others can tell it from all others.

    `machine`: the boot of the kernel and the space of process ids, "" where the system does not tell. `started`: when
    the process was, in the kernel's ticks, so that a later one of the same id is not taken for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    machine: str
    process: int
    started: str
    since: str


class Claim(BaseModel):
    """What the holder of a lease shows before it writes: which file, and the token that only it has put there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    token: str


class _Content(BaseModel):
    """What stands in a lease. `beat` counts the signs of life; it has as many digits always, so that a file that is
    read while it is written is whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str
    holder: Holder
    beat: str
    expires_after_seconds: float


class Lease:
    """Holds the folder of a run while the block lasts, and gives a sign of life every few seconds."""

    def __init__(
        self,
        storage: Storage,
        holder: Holder,
        tell: Callable[[str], None],
        every: float = EVERY,
        expires: float = EXPIRES,
    ) -> None:
        self._storage, self._holder, self._tell = storage, holder, tell
        self._every, self._expires = every, expires
        self._beats = 0
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._live, name="lease", daemon=True)

    def __enter__(self) -> Claim:
        """Take the lease. Raises FolderInUse where somebody else has it, StorageError where it cannot be written."""
        self.claim = self._take()
        self._heart.start()
        return self.claim

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        # A sign of life that is on its way to a store would come there after the lease is removed.
        self._heart.join(EVERY)
        try:
            check_claim(self._storage, self.claim)
        except LeaseLost:
            return
        self._storage.remove(self.claim.name)

    def _take(self) -> Claim:
        while True:
            earlier = _leases(self._storage)
            if earlier:
                self._wait_for(earlier[-1])
            number = lease_number(earlier[-1]) + 1 if earlier else 1
            claim = Claim(name=lease_name(number), token=uuid.uuid4().hex)
            if self._storage.create(claim.name, self._content(claim)):
                for name in earlier:
                    self._storage.remove(name)
                return claim

    def _wait_for(self, name: str) -> None:
        """Return once a lease is over: its process has ended, or it gave no sign of life for long enough."""
        first = _read(self._storage, name)
        if first is None:
            return
        holder = _holder(first)
        if holder and self._is_here(holder):
            state = _state(holder)
            if state in _ENDED:
                return
            if state not in _HALTED:
                raise FolderInUse(self._in_use(holder))
        self._tell(
            f"{self._storage.root} may be in use by {_who(holder)}; without a sign of life from there this run goes on "
            f"in {self._expires:g} s"
        )
        deadline = time.monotonic() + self._expires
        while time.monotonic() < deadline:
            time.sleep(self._every / 4)
            now = _read(self._storage, name)
            if now is None:
                return
            if now != first:
                raise FolderInUse(self._in_use(_holder(now) or holder))

    def _is_here(self, holder: Holder) -> bool:
        return bool(holder.machine) and holder.machine == self._holder.machine

    def _in_use(self, holder: Holder | None) -> str:
        since = f" since {holder.since}" if holder else ""
        return (
            f"{self._storage.root} is in use{since} by {_who(holder)}, whose lease expires {self._expires:g} s after "
            "its last sign of life: wait for it, stop it there, or choose another folder with --to"
        )

    def _live(self) -> None:
        while not self._ended.wait(self._every):
            try:
                check_claim(self._storage, self.claim)
                self._beats += 1
                self._storage.rewrite(self.claim.name, self._content(self.claim))
                self._give_way()
            except LeaseLost:
                # Whoever writes next finds out for itself.
                return
            except Exception:  # the stores' libraries have no error in common; one that passes is no loss
                continue

    def _give_way(self) -> None:
        """Remove the lease where there is a later one: in a store it may have been made anew just after its removal."""
        if _leases(self._storage)[-1:] > [self.claim.name]:
            self._storage.remove(self.claim.name)

    def _content(self, claim: Claim) -> bytes:
        content = _Content(
            token=claim.token, holder=self._holder, beat=f"{self._beats:012d}", expires_after_seconds=self._expires
        )
        return content.model_dump_json(indent=1).encode()


def check_claim(storage: Storage, claim: Claim) -> None:
    """Raises LeaseLost unless the claim's lease lies in the folder as its holder made it.

    A single request to a store: whoever takes over removes the lease, and whom it was taken from gives way to it.
    """
    own = _parse(_read(storage, claim.name))
    if own and own.token == claim.token:
        return
    others = [name for name in _leases(storage) if lease_number(name) > lease_number(claim.name)]
    holder = _holder(_read(storage, others[-1])) if others else own.holder if own else None
    raise LeaseLost(
        f"{storage.root} was taken over by {_who(holder)}, for this process had given no sign of life for too long; "
        "it stops here, and what it had finished is safe"
    )


def this_process() -> Holder:
    """The process that asks, as the holder of a lease."""
    machine, started = "", ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        machine = f"{boot} {Path('/proc/self/ns/pid').readlink()}"
        started = _status(os.getpid())[1]
    except OSError:
        # No /proc here: others wait until the lease expires, as they do for another machine.
        machine = ""
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return Holder(host=socket.gethostname(), machine=machine, process=os.getpid(), started=started, since=since)


def _state(holder: Holder) -> str:
    """The state of a process of this machine as /proc has it, "X" where it has ended."""
    try:
        os.kill(holder.process, 0)
    except ProcessLookupError:
        return "X"
    except PermissionError:
        # Somebody else's, and alive; /proc may not tell more.
        pass
    try:
        state, started = _status(holder.process)
    except OSError:
        return "S"
    return state if started == holder.started else "X"


def _status(process: int) -> tuple[str, str]:
    """The state of a process, and when it was started."""
    # The name before them may hold anything, brackets and blanks, too.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return fields[0], fields[19]


def _leases(storage: Storage) -> list[str]:
    """The leases in a folder, that of the highest number last."""
    return sorted(filter(LEASES.has, storage.names("")))


def _read(storage: Storage, name: str) -> bytes | None:
    try:
        return storage.read(name)
    except FileNotFoundError:
        return None


def _parse(content: bytes | None) -> _Content | None:
    try:
        return _Content.model_validate_json(content) if content else None
    except ValidationError:
        return None


def _holder(content: bytes | None) -> Holder | None:
    found = _parse(content)
    return found.holder if found else None


def _who(holder: Holder | None) -> str:
    return f"process {holder.process} on {holder.host}" if holder else "another process"
