import pytest

from hunkwise.core.model import RepoPath
from hunkwise.core.modules import lay_out

PATHS = tuple(
    RepoPath(path)
    for path in (
        "setup.py",
        "src/shop/__init__.py",
        "src/shop/cart.py",
        "src/shop/sub/__init__.pyi",
        "src/shop/sub/x.pyi",
        "plugins/one/__init__.py",
        "plugins/one/main.py",
        "tests/unit/test_cart.py",
        "my-docs/conf.py",
        "my-docs/sub/conf.py",
        "my-lib/__init__.py",
        "my-lib/a.py",
        "data/types.py",
        "data/pkg/__init__.py",
        "data/pkg/a.py",
        "foo-stubs/__init__.pyi",
        "script",
    )
)
LAYOUT = lay_out(PATHS, PATHS, reserved=("types",))


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("setup.py", "setup"),
        ("script", "script"),
        ("src/shop/__init__.py", "shop"),
        ("src/shop/cart.py", "shop.cart"),
        ("src/shop/sub/x.pyi", "shop.sub.x"),
        ("plugins/one/main.py", "one.main"),
        ("tests/unit/test_cart.py", "tests.unit.test_cart"),
        ("my-docs/conf.py", "conf"),
        ("my-docs/sub/conf.py", "conf"),
        ("my-lib/a.py", "a"),
        ("data/pkg/a.py", "data.pkg.a"),
        ("foo-stubs/__init__.pyi", "foo"),
    ],
)
def test_modules_are_named_from_the_top_of_their_package(path, module):
    """Packages count from the folder that holds them, other files from the root, and no name has a hyphen in it."""
    assert LAYOUT.module(RepoPath(path)) == module


def test_a_base_does_not_hide_the_library():
    """A folder with a module of the library's own name is no place that names start from."""
    assert LAYOUT.bases == ("my-lib", "plugins", "src")


def test_only_the_packages_of_the_targets_need_a_base():
    """What a change does not touch adds no base; `src` always is one."""
    assert lay_out([RepoPath("setup.py")], PATHS, reserved=()).bases == ("src",)


def test_a_package_that_nobody_could_import_has_no_name():
    """Where its folder cannot be a base, it is told."""
    paths = (RepoPath("a:b/my-lib/__init__.py"), RepoPath("a:b/my-lib/x.py"), RepoPath("a:b/my-lib/types.py"))
    with pytest.raises(ValueError, match="a:b/my-lib is not the name of a package"):
        lay_out(paths, paths, reserved=("types",)).module(paths[1])
