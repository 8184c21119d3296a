"""A torch device that is not the CPU, for machines without a GPU: it computes on the CPU and is as strict as a GPU.

A tensor on the device "standin" meets only tensors that are there, too. What the CPU asks of it (a number, a copy, a
search) is counted in `ASKED`, for on a GPU each of these waits until all work that was given to it is done. Where
nothing may wait, as in a step of a decoder, `no_waits` refuses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial, wraps
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_map_only
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

NAME = "standin"
ASKED: Counter[str] = Counter()

# What has as many elements as the numbers say, or is a number: the CPU must know which before it goes on.
ASKING = {
    f"aten::{name}"
    for name in ("_local_scalar_dense", "is_nonzero", "item", "equal", "allclose", "nonzero", "nonzero_numpy",
                 "argwhere", "masked_select", "unique_dim", "unique_consecutive", "_unique", "_unique2", "bincount")
}  # fmt: skip
COPYING = {"aten::_to_copy", "aten::to", "aten::copy_"}
# A GPU takes indices from the CPU, too, and waits for them.
INDEXING = {"aten::index", "aten::index_put", "aten::index_put_", "aten::_index_put_impl_"}
MASKS = {torch.bool, torch.uint8}


class Waited(RuntimeError):
    """Raised where the CPU would wait for the device and is not to."""


_refusing = ContextVar("refusing", default=False)


@contextmanager
def no_waits() -> Iterator[None]:
    """Within it, whatever waits for the device raises Waited: also a copy to it, for which the CPU waits, too."""
    before = _refusing.set(True)
    try:
        yield
    finally:
        _refusing.reset(before)


def never_waiting(function: Callable[..., Any], called: list[str]) -> Callable[..., Any]:
    """The function under `no_waits`; `called` gets its name each time."""

    @wraps(function)
    def refusing(*arguments: Any, **keywords: Any) -> Any:
        called.append(function.__qualname__)
        with no_waits():
            return function(*arguments, **keywords)

    return refusing


class OnDevice(torch.Tensor):
    """A tensor of the device; `held` has its numbers."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> OnDevice:
        # A view of a tensor that was made before inference mode counts its versions, as an inference tensor cannot.
        with torch.inference_mode(False):
            made = torch.Tensor._make_wrapper_subclass(
                cls, held.shape, held.stride(), held.storage_offset(), dtype=held.dtype, device=torch.device(NAME, 0)
            )
        made.held = held
        return made

    def __repr__(self) -> str:
        return f"OnDevice({self.held!r})"

    def tolist(self) -> Any:
        _ask("tolist")
        return self.held.tolist()

    def numpy(self, **_: Any) -> Any:
        raise TypeError(f"a tensor on {NAME} has no NumPy array; copy it to the CPU first")

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _carried_out(func, *args, **(kwargs or {}))


@cache
def register() -> None:
    """Make "standin" a device of torch's, from now on."""
    _setup_privateuseone_for_python_backend(NAME)
    # Of a Module, `to` makes new parameters then, for the numbers of the old ones cannot be exchanged.
    torch.__future__.set_overwrite_module_params_on_conversion(True)
    library = torch.library.Library("_", "IMPL")
    library.fallback(_carried_out, "PrivateUse1")
    aten = torch.library.Library("aten", "IMPL")
    # By name what `torch.tensor` asks for: it steps around the fallback.
    for name in ("empty_strided", "copy_", "_to_copy"):
        operator = getattr(torch.ops.aten, name).default
        aten.impl(name, partial(_carried_out, operator), "PrivateUse1")
    _keep.extend([library, aten])


_keep: list[torch.library.Library] = []


def _carried_out(func: Any, *args: Any, **kwargs: Any) -> Any:
    name = func._schema.name
    tensors = [value for value in tree_flatten((args, kwargs))[0] if isinstance(value, torch.Tensor)]
    there = [isinstance(tensor, OnDevice) for tensor in tensors]
    device = kwargs.get("device", next((value for value in args if isinstance(value, torch.device)), None))
    stays = isinstance(args[0], OnDevice) if name == "aten::copy_" else device is None or _is_here(device)
    if name not in COPYING:
        strays = [tuple(tensor.shape) for tensor, is_there in zip(tensors, there, strict=True) if not is_there]
        if any(there) and any(strays) and name in INDEXING:
            _ask(name)
        elif any(there) and any(strays):
            raise RuntimeError(f"{name} got tensors on {NAME} and, of the shapes {strays}, on the CPU")
    if any(there) and (name in ASKING or not stays or _counts(name, args)):
        _ask(name)
    elif _refusing.get() and name in COPYING and stays and _brings(name, args):
        raise Waited(f"{name} brings numbers to the device")
    args, kwargs = tree_map_only(OnDevice, lambda tensor: tensor.held, (args, kwargs))
    args, kwargs = tree_map_only(torch.device, lambda _: torch.device("cpu"), (args, kwargs))
    # Where an argument is written to, the result is that very tensor.
    known = {id(tensor.held): tensor for tensor in tensors if isinstance(tensor, OnDevice)}
    result = func(*args, **kwargs)
    if not stays:
        return result
    return tree_map_only(torch.Tensor, lambda held: known[id(held)] if id(held) in known else OnDevice(held), result)


def _ask(name: str) -> None:
    if _refusing.get():
        raise Waited(f"{name} waits for the device")
    ASKED[name] += 1


def _counts(name: str, args: Any) -> bool:
    """Whether it must be known how often a mask is true, or what numbers add up to, before there is a shape."""
    if name == "aten::repeat_interleave":
        return isinstance(args[-1], torch.Tensor)
    return name in INDEXING and any(index is not None and index.dtype in MASKS for index in args[1])


def _brings(name: str, args: Any) -> bool:
    """Whether a copy comes from the CPU, and is more than a number that goes along with what is to be done."""
    source = args[1] if name == "aten::copy_" else args[0]
    return not isinstance(source, OnDevice) and (name != "aten::copy_" or source.dim() > 0)


def _is_here(device: Any) -> bool:
    return torch.device(device).type == NAME
