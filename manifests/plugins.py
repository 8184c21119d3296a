"""Plugins: what other packages add to sayso by their entry points, and the versions that keys and records hold of them.

An entry point of the group `sayso.schemas` adds a schema, and so on: the group's name tells what it adds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sayso.manifests.errors import SaysoError

GROUPS = "sayso."
# The suffixes of files that are code.
CODE = (".py", ".so", ".pyd")


class PluginError(SaysoError):
    """Raised for a plugin that cannot be used; names its package and says what to do."""


@dataclass(frozen=True)
class Plugin:
    """What a package adds under one name. `source` is a hash of the package's code; `value` is there once loaded."""

    group: str
    name: str
    package: str
    version: str
    source: str
    value: Any = None

    def __str__(self) -> str:
        return f"the {self.kind} {self.name!r} of {self.package} {self.version}"

    @property
    def kind(self) -> str:
        """What it is, such as `schema`."""
        return self.group.removeprefix(GROUPS).removesuffix("s")

    @property
    def code(self) -> str:
        """What stands for its code in the key of a shard."""
        return f"{self.package} {self.version} {self.source}"


@dataclass(frozen=True)
class PluginGroup:
    """Plugins of one kind. `known`: names that are taken. `fault`: why a value is no such thing, None where it is.

    `named`: what a value calls itself, for kinds that do: the name of the entry point must be the same.
    """

    name: str
    known: Collection[str]
    fault: Callable[[Any], str | None]
    named: Callable[[Any], str] | None = None

    def installed(self) -> dict[str, Plugin]:
        """The installed plugins of this kind by name, none of them loaded."""
        return {plugin.name: plugin for plugin in installed_plugins() if plugin.group == self.name}

    def load(self) -> dict[str, Plugin]:
        """The installed plugins of this kind by name, each with its value; none costs nothing. Raises PluginError."""
        return {name: self.load_one(plugin) for name, plugin in self.installed().items()}

    def find(self, name: object) -> Any:
        """The value of the plugin of this name, None where there is none. Raises PluginError where it cannot be used.

        No other is loaded: a broken one is no matter of recipes that do not name it.
        """
        found = self.installed().get(name) if isinstance(name, str) else None
        return found and self.load_one(found).value

    def load_usable(self) -> dict[str, Plugin]:
        """The same as `load` without those that cannot be used."""
        usable = {}
        for name, plugin in self.installed().items():
            with suppress(PluginError):
                usable[name] = self.load_one(plugin)
        return usable

    def load_one(self, plugin: Plugin) -> Plugin:
        """An installed plugin with its value. Raises PluginError where it cannot be used, or its name is taken."""
        where = f"{plugin.package} {plugin.version}: its {plugin.kind} {plugin.name!r}"
        same = [other for other in installed_plugins() if (other.group, other.name) == (plugin.group, plugin.name)]
        if len(same) > 1:
            packages = " and ".join(f"{other.package} {other.version}" for other in same)
            raise PluginError(f"the {plugin.kind} {plugin.name!r} is in {packages}; uninstall all but one of them")
        if not (plugin.name.isascii() and plugin.name.islower() and plugin.name.replace("-", "_").isidentifier()):
            raise PluginError(f"{where}: a name is lower-case letters, digits, - and _; rename it")
        if plugin.name in self.known:
            raise PluginError(f"{where} has the name of one of sayso's own; rename it, or uninstall the package")
        try:
            value = _value(plugin)
        except (Exception, SystemExit) as error:  # whatever a foreign module may raise
            told = _told(error)
            raise PluginError(f"{where} cannot be loaded ({told}); mend or uninstall the package") from error
        if fault := self.fault(value):
            raise PluginError(f"{where} cannot be used: {fault}; mend or uninstall the package")
        if self.named and (itself := self.named(value)) != plugin.name:
            raise PluginError(f"{where} calls itself {itself!r}; name the entry point so, or uninstall the package")
        return replace(plugin, value=value)


def installed_plugins() -> tuple[Plugin, ...]:
    """All plugins that are installed, by group and name, none of them loaded. Looked up once in a process."""
    return tuple(_installed())


def code_of(value: object) -> tuple[str, ...]:
    """What stands for the code of the plugins that a value is or holds, or has objects of; sorted, each once."""
    if not _installed():
        return ()
    objects = list(_objects(value))
    modules = {_outermost(type(each).__module__) for each in objects}
    of_modules = {plugin.code for plugin, point in _installed().items() if _outermost(_module(point)) in modules}
    return tuple(sorted(of_modules | {each.code for each in objects if isinstance(each, Plugin)}))


def forget_plugins() -> None:
    """Look for plugins anew the next time, where one was installed while this process was at work."""
    _installed.cache_clear()
    _value.cache_clear()


@cache
def _installed() -> dict[Plugin, EntryPoint]:
    there = entry_points()
    points = [point for group in there.groups if group.startswith(GROUPS) for point in there.select(group=group)]
    found = {
        Plugin(point.group, point.name, point.dist.name, point.dist.version, _source(_module(point))): point
        for point in points
        if point.dist
    }
    return dict(sorted(found.items(), key=lambda item: (item[0].group, item[0].name, item[0].package)))


@cache
def _value(plugin: Plugin) -> Any:
    return _installed()[plugin].load()


def _told(error: BaseException) -> str:
    """What an error says, in a line."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return f"{error.title}: {place}: {first['msg']}" if place else f"{error.title}: {first['msg']}"
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _outermost(module: str) -> str:
    return module.partition(".")[0]


def _objects(value: object) -> Iterator[object]:
    """An object and all that it holds."""
    yield value
    inside: Collection[object] = ()
    if isinstance(value, BaseModel):
        inside = [getattr(value, name) for name in type(value).model_fields]
    elif is_dataclass(value):
        inside = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, tuple | list | set | frozenset):
        inside = value
    for each in inside:
        yield from _objects(each)


def _module(point: EntryPoint) -> str:
    """The module that an entry point names, which may be nonsense."""
    return point.value.partition(":")[0].partition("[")[0].strip()


def _source(module: str) -> str:
    """A hash of the files of a module's package: code by its content, all else by name and size."""
    digest = sha256()
    try:
        for root, path in _files(module):
            content = path.read_bytes() if path.suffix in CODE else str(path.stat().st_size).encode()
            digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    except (ImportError, OSError, ValueError):
        # Whoever names it is told when it is loaded; it is no matter of all others.
        return "unreadable"
    return digest.hexdigest()[:16]


def _files(module: str) -> Iterator[tuple[Path, Path]]:
    """The files of the outermost package around a module, or the module's own; each with the folder to name it from."""
    first, *inside = module.split(".")
    spec = find_spec(first)
    if spec is None:
        return
    if spec.submodule_search_locations is None:
        if spec.origin:
            yield Path(spec.origin).parent, Path(spec.origin)
        return
    for place in spec.submodule_search_locations:
        path = Path(place)
        for part in inside:
            # Several packages may share a folder without an `__init__.py`.
            if (path / "__init__.py").is_file():
                break
            path /= part
        files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}.*")
        yield from ((path.parent, file) for file in sorted(files) if file.is_file() and file.suffix != ".pyc")
