"""What other packages add is found by their entry points, checked when it is loaded, and told apart by its code."""

from dataclasses import dataclass

import pytest

from sayso.manifests.plugins import PluginError, PluginGroup, code_of, forget_plugins, installed_plugins
from sayso.manifests.records import installed_versions
from tests.extension.packages import on_path, write_package

TITLES = PluginGroup("sayso.schemas", ("plain",), lambda value: None if hasattr(value, "title") else "it has no title")
MODULE = "class Titled:\n    title = 'A title'\n\nBARE = 1\n"
POINTS = "[sayso.schemas]\ntitled = sayso_titles:Titled\n"


@dataclass(frozen=True)
class Holder:
    held: object


@pytest.fixture
def package(tmp_path):
    """Installs a package for the length of a test."""
    places = []

    def installed(module=MODULE, points=POINTS, name="sayso-titles", version="1.0"):
        write_package(tmp_path, name, module, points, version)
        if not places:
            places.append(on_path(tmp_path))
            places[0].__enter__()
        forget_plugins()

    yield installed
    for place in places:
        place.__exit__(None, None, None)


def test_where_no_package_adds_anything_there_is_nothing(package):
    assert installed_plugins() == ()
    assert TITLES.load() == {}
    assert code_of(Holder(1)) == ()


def test_a_package_is_found_and_loaded_when_it_is_asked_for(package):
    package()
    (plugin,) = installed_plugins()
    assert str(plugin) == "the schema 'titled' of sayso-titles 1.0"
    assert plugin.value is None
    assert TITLES.load()["titled"].value.title == "A title"
    assert PluginGroup("sayso.filters", (), lambda _: None).load() == {}


def test_its_code_is_known_wherever_an_object_of_its_class_is_held(package):
    package()
    titled = TITLES.load()["titled"].value
    (code,) = code_of(Holder({"a": (titled(), titled())}))
    assert code == installed_plugins()[0].code
    assert code_of(Holder({"a": (1, "b")})) == ()


def test_other_code_of_the_same_version_is_other_code(package, tmp_path):
    package()
    (before,) = installed_plugins()
    (tmp_path / "sayso_titles.py").write_text(MODULE.replace("A title", "Another title"))
    forget_plugins()
    (after,) = installed_plugins()
    assert (after.package, after.version) == (before.package, before.version)
    assert after.code != before.code


def test_its_version_is_in_the_records(package):
    assert "sayso-titles" not in installed_versions()
    package(version="2.5")
    assert installed_versions()["sayso-titles"] == "2.5"


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (
            {"module": "import no_such_thing\n"},
            r"sayso-titles 1\.0: its schema 'titled' cannot be loaded \(ModuleNotFoundError: No module named "
            r"'no_such_thing'\); mend or uninstall the package",
        ),
        (
            {"points": "[sayso.schemas]\ntitled = sayso_titles:Nothing\n"},
            r"sayso-titles 1\.0: its schema 'titled' cannot be loaded \(AttributeError: ",
        ),
        (
            {"points": "[sayso.schemas]\nbare = sayso_titles:BARE\n"},
            r"sayso-titles 1\.0: its schema 'bare' cannot be used: it has no title; mend or uninstall the package",
        ),
        (
            {"points": "[sayso.schemas]\nplain = sayso_titles:Titled\n"},
            r"sayso-titles 1\.0: its schema 'plain' has the name of one of sayso's own; rename it",
        ),
    ],
)
def test_one_that_cannot_be_used_is_one_sentence_that_names_its_package(package, what, told):
    package(**what)
    with pytest.raises(PluginError, match=told):
        TITLES.load()


def test_two_of_one_name_are_refused(package):
    package()
    package(name="other-titles", points="[sayso.schemas]\ntitled = other_titles:Titled\n", version="3")
    with pytest.raises(PluginError, match=r"the schema 'titled' is in other-titles 3 and sayso-titles 1\.0; uninstall"):
        TITLES.load()
