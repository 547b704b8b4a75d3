import pytest

from hunkwise.core.model import RepoPath
from hunkwise.readers.report_paths import PathIndex, path_of_uri

PATHS = (
    "app/src/main/java/org/shop/Price.java",
    "core/src/main/java/org/shop/Price.java",
    "core/src/main/java/org/shop/Basket.java",
    "src/shop/price.py",
    "lib/src/shop/price.py",
    "web/src/a b.js",
    "README.md",
)


@pytest.fixture
def index(tmp_path) -> PathIndex:
    return PathIndex(map(RepoPath, PATHS), str(tmp_path))


def found(index: PathIndex, *names: str, folder: str = "") -> tuple[str, ...]:
    return index.find(names, folder).paths


def test_an_absolute_name_under_the_root_is_that_file(index, tmp_path):
    """What the report was made of on this machine is known exactly."""
    assert found(index, f"{tmp_path}/lib/src/shop/price.py") == ("lib/src/shop/price.py",)


def test_an_absolute_name_under_the_root_that_is_no_file_is_none(index, tmp_path):
    """A file of the build that the repository does not have is not taken for one that ends likewise."""
    assert found(index, f"{tmp_path}/build/src/shop/price.py") == ()


def test_the_root_may_be_reached_through_a_link(tmp_path):
    """A report has the real path of a root that is a link, or the other way round."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    index = PathIndex([RepoPath("a.py")], str(tmp_path / "link"))
    assert index.find([f"{tmp_path}/real/a.py"]).path == index.find([f"{tmp_path}/link/a.py"]).path == "a.py"


def test_an_absolute_name_of_another_machine_is_its_longest_end_here(index):
    """Reports from a container or another checkout are understood."""
    assert found(index, "/app/lib/src/shop/price.py") == ("lib/src/shop/price.py",)
    assert found(index, "/app/src/shop/price.py") == ("src/shop/price.py",)
    assert found(index, "C:\\work\\web\\src\\a b.js") == ("web/src/a b.js",)


def test_a_name_of_which_no_end_is_here_is_none(index):
    """What is not of this repository matches nothing."""
    assert found(index, "/usr/lib/python3/json.py", "json.py", "", ".", "..", "/", "../README.md") == ()


def test_a_relative_name_is_first_looked_up_from_the_root(index):
    """A name that is a path of the repository is that file, whatever else ends so."""
    assert found(index, "src/shop/price.py") == ("src/shop/price.py",)
    assert found(index, "./src/shop/../shop/price.py") == ("src/shop/price.py",)


def test_a_relative_name_may_start_from_a_folder_above_the_report(index):
    """A report of a subproject names its files from there."""
    assert found(index, "src/shop/price.py", folder="lib/build") == ("lib/src/shop/price.py",)


def test_the_end_of_a_path_is_enough_where_one_file_has_it(index):
    """JaCoCo knows only the package."""
    assert found(index, "org/shop/Basket.java") == ("core/src/main/java/org/shop/Basket.java",)


def test_an_end_that_several_files_have_is_unclear(index):
    """Which file is meant is not guessed."""
    assert found(index, "org/shop/Price.java") == (PATHS[0], PATHS[1])
    assert index.find(["org/shop/Price.java"]).path is None


def test_the_folder_of_the_report_decides_between_modules(index):
    """The report of a module is about the files of that module."""
    assert found(index, "org/shop/Price.java", folder="core/target/site/jacoco") == (PATHS[1],)


def test_part_of_a_name_is_not_enough(index):
    """An end counts only from a slash on."""
    assert found(index, "hop/price.py", "ice.py") == ()


def test_the_first_name_that_means_something_counts(index):
    """Of the names that a report may have for a file, the surest comes first."""
    assert found(index, "/nowhere/else", "README.md", "src/shop/price.py") == ("README.md",)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("src/a%20b.py", "src/a b.py"),
        ("file:///work/a%23b.py", "/work/a#b.py"),
        ("file://host/work/a.py", "/work/a.py"),
        ("file:/work/a.py", "/work/a.py"),
        ("file:///C:/work/a.py", "C:/work/a.py"),
        ("C:\\work\\a.py", "C:\\work\\a.py"),
        ("caf%C3%A9.py", "café.py"),
        ("caf%E9.py", "caf\udce9.py"),
        ("a.py#L3", "a.py"),
        ("https://example.org/a.py", ""),
        ("", ""),
    ],
)
def test_the_path_in_a_uri(uri, path):
    """A URI is decoded byte for byte; other schemes name no file."""
    assert path_of_uri(uri) == path
