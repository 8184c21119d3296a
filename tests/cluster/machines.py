"""Machines on this machine: each has a network and a name of its own, by Linux's namespaces, joined by a bridge.

Whoever makes them must be root, and allowed to make namespaces.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from tests.docs.page import COMMANDS

# Of addresses that RFC 5737 keeps for documents: nothing else has them.
ADDRESS = "198.51.100.{}"
PORT = 6379
INSIDE = 'echo "$0" > /proc/sys/kernel/hostname; [ -z "$HIDDEN" ] || mount -t tmpfs none "$HIDDEN"; exec "$@"'
JOINED = """
import sys, time, ray
while True:
    try:
        if not ray.is_initialized():
            ray.init("auto", logging_level="ERROR", log_to_driver=False)
        if any(node["Alive"] and node["NodeManagerAddress"] == sys.argv[1] for node in ray.nodes()):
            break
    except Exception:
        pass
    time.sleep(0.2)
"""


class NoNamespaces(Exception):
    """Raised where this machine lets nobody make networks; a test that asks for one fails then, and is not left out."""


@dataclass
class Machine:
    """`environment`: of all that runs there. `hidden`: a folder that is another one there."""

    name: str
    network: str
    number: int
    environment: dict[str, str]
    hidden: str = ""
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def address(self):
        return ADDRESS.format(self.number)

    @property
    def space(self):
        return f"{self.network}-{self.name}"

    def start(self, *command, **options):
        """A command on its way there."""
        words = ["ip", "netns", "exec", self.space, "unshare", "--uts", "--mount", "sh", "-c", INSIDE, self.name]
        environment = {**self.environment, "HIDDEN": self.hidden}
        process = subprocess.Popen([*words, *map(str, command)], env=environment, cwd="/", **options)
        self.started.append(process)
        return process

    def start_ray(self, *options):
        """Let it be part of the cluster, with one processor."""
        ray = ["ray", "start", "--block", f"--node-ip-address={self.address}", "--num-cpus=1", "--disable-usage-stats"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return self.start(*ray, "--object-store-memory=80000000", *options, **silent)

    def processes(self):
        """All processes that run there."""
        found = subprocess.run(["ip", "netns", "pids", self.space], capture_output=True, text=True, check=True)
        for number in map(int, found.stdout.split()):
            if psutil.pid_exists(number):
                yield psutil.Process(number)

    def switch_off(self):
        """End all that runs there, as when the power goes."""
        for process in self.processes():
            process.kill()
        for process in self.started:
            process.wait()
        self.started.clear()

    def cut_off(self):
        """Take its network away, so that it hears from nobody and nobody from it."""
        _ip("-n", self.network, "link", "set", self.name, "down")

    def connect(self):
        _ip("-n", self.network, "link", "set", self.name, "up")


class Machines:
    """A network, to which machines come."""

    def __init__(self, files, environment):
        self._network, self._environment = f"sayso-{os.getpid()}", environment
        self._machines, self.files = [], files
        _ip("netns", "add", self._network)
        _ip("-n", self._network, "link", "add", "bridge", "type", "bridge")
        _ip("-n", self._network, "link", "set", "bridge", "up")

    def add(self, name, hidden="", **environment):
        machine = Machine(name, self._network, len(self._machines) + 1, {**self._environment, **environment}, hidden)
        self._machines.append(machine)
        space = machine.space
        _ip("netns", "add", space)
        _ip("-n", self._network, "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("-n", self._network, "link", "set", name, "master", "bridge", "up")
        _ip("-n", space, "address", "add", f"{machine.address}/24", "dev", "eth0")
        _ip("-n", space, "link", "set", "lo", "up")
        _ip("-n", space, "link", "set", "eth0", "up")
        return machine

    def close(self):
        for machine in self._machines:
            machine.switch_off()
            _ip("netns", "delete", machine.space)
        _ip("netns", "delete", self._network)


@contextmanager
def machines():
    """A network without machines, until the block ends. Raises NoNamespaces."""
    # Sockets of Ray want a short path.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as files:
        here = {"HOME": files, "PATH": f"{COMMANDS}:{os.environ['PATH']}", "RAY_ADDRESS": f"{ADDRESS.format(1)}:{PORT}"}
        # So that a lost machine is noticed soon, and one that comes back within seconds is still known.
        patience = {"RAY_health_check_period_ms": "1000", "RAY_health_check_failure_threshold": "10"}
        found = Machines(files, {**os.environ, **here, **patience})
        try:
            yield found
        finally:
            found.close()


def started_head(found):
    """The first machine, with a head on it, once that answers."""
    head = found.add("head")
    start_head(found, head)
    return head


def start_head(found, head):
    head.start_ray("--head", f"--port={PORT}", "--include-dashboard=false", f"--temp-dir={found.files}")
    wait_until_joined(head, head)


def joined(found, head, name, **how):
    """A machine that has come to the cluster of a head."""
    machine = found.add(name, **how)
    machine.start_ray(f"--address={head.address}:{PORT}")
    wait_until_joined(head, machine)
    return machine


def wait_until_joined(head, machine):
    """Returns once a machine is part of the cluster."""
    asking = head.start(sys.executable, "-c", JOINED, machine.address)
    assert asking.wait(180) == 0, f"{machine.name} does not come to the cluster"


def _ip(*words):
    done = subprocess.run(["ip", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoNamespaces(
            f"ip {' '.join(words)}: {done.stderr.strip()}; this wants root, and Linux's network namespaces"
        )
