"""Say instructions aloud, at scale: text-instruction datasets become checked speech-token datasets."""


def __getattr__(name: str) -> str:
    if name == "__version__":
        # Looked up when it is asked for: the installed package knows it, and importing sayso should cost nothing.
        from importlib.metadata import version

        return version("sayso")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
