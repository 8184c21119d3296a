"""In place of Polars where only speech is measured: what is imported is there, and nothing of it can be called."""


class _Absent(type):
    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Absent(name, (), {})

    def __call__(cls, *_: object, **__: object) -> object:
        raise RuntimeError("Polars is not installed here, so no table can be read or written")


def __getattr__(name: str) -> type:
    if name.startswith("__"):
        raise AttributeError(name)
    return _Absent(name, (), {})
