"""A Ray cluster of one processor that runs of several tests work on: to start one takes longer than a small run."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import ray


@contextmanager
def cluster(environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a cluster in a process of its own, with this beside its environment, until the block ends."""
    command = [sys.executable, "-m", "tests.ray_cluster"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, env={**os.environ, **environment}) as process:
        address = process.stdout.readline().strip()
        assert address, "Ray does not start"
        yield address
        process.stdin.close()


if __name__ == "__main__":
    quiet = {"include_dashboard": False, "logging_level": "ERROR", "log_to_driver": False}
    started = ray.init("local", num_cpus=1, object_store_memory=100 << 20, _node_ip_address="127.0.0.1", **quiet)
    print(started.address_info["gcs_address"], flush=True)
    sys.stdin.read()
    ray.shutdown()
