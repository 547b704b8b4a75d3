import pytest

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.http.address import parse_address


@pytest.mark.parametrize(
    ("reference", "base", "root", "model"),
    [
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000", ""),
        ("http://localhost:11434/v1/#qwen3:8b", "http://localhost:11434/v1", "http://localhost:11434", "qwen3:8b"),
        ("HTTPS://Models.Example.org/llm/v1#a/b", "https://models.example.org/llm/v1", None, "a/b"),
        ("http://[::1]:8080", "http://[::1]:8080", "http://[::1]:8080", ""),
    ],
)
def test_an_address_is_read(reference, base, root, model):
    """The part before `#` is where the server is, the part after it the model."""
    address = parse_address(reference)
    assert (address.base, address.root, address.model) == (base, root or base.removesuffix("/v1"), model)


@pytest.mark.parametrize(
    "reference", ["smollm2-135m-instruct", "/models/tiny", "file:///etc/passwd", "ftp://host/v1", ""]
)
def test_what_is_no_url_of_a_server_is_left_to_others(reference):
    """Names and folders are for other backends."""
    assert parse_address(reference) is None


@pytest.mark.parametrize(
    ("reference", "is_loopback"),
    [
        ("http://127.8.9.1/v1", True),
        ("http://[::1]/v1", True),
        ("http://localhost/v1", True),
        ("http://10.0.0.1/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_loopback_is_known(reference, is_loopback):
    """Only the machine itself is loopback."""
    assert parse_address(reference).is_loopback is is_loopback


def test_a_password_is_refused_and_not_repeated():
    """An address ends up in logs, so a password in it is refused, with the way out."""
    with pytest.raises(ModelError, match="HUNKWISE_API_KEY") as caught:
        parse_address("http://me:geheim@host:80/v1")
    assert "geheim" not in str(caught.value)
    with pytest.raises(ModelError) as caught:
        parse_address("http://me:geheim@host:port/v1")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "reference", ["http://", "http://host:99999/v1", "http://host/v1?key=1", "http://ho st/v1", "http://[::1/v1"]
)
def test_a_broken_address_is_told(reference):
    """A URL that no server can have is an error, not another backend's."""
    with pytest.raises(ModelError, match="address of"):
        parse_address(reference)
