"""What makes a program wait for a device: a CPU makes nobody wait, but the calls are the same there."""

from torch.overrides import TorchFunctionMode


class Waits(TorchFunctionMode):
    """Notes the calls, while it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_function__(self, function, types, arguments=(), keywords=None):
        if function.__name__ in {"cpu", "numpy", "tolist", "item", "nonzero", "__bool__", "__int__", "__float__"}:
            self.seen.append(function.__name__)
        return function(*arguments, **keywords or {})
