"""Tests of how the server starts."""

import socket

import pytest

from hunkwise.core.errors import UsageError
from hunkwise.server.service import listen


def test_a_port_that_is_taken_is_named():
    """It says which address, and which settings name another one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port}: .*in use.*; HUNKWISE_HOST and HUNKWISE_PORT name another"):
            listen("127.0.0.1", port)


def test_a_host_that_is_none_is_named():
    """A name that means no address of this machine."""
    with pytest.raises(UsageError, match="cannot listen on no host, port 0"):
        listen("no host", 0)
