import contextlib
import os
import shutil
import tempfile
from contextlib import asynccontextmanager, contextmanager

import pytest


@contextmanager
def folder():
    path = tempfile.mkdtemp()
    # ruleid: python-cleanup-after-bare-yield
    yield path
    shutil.rmtree(path)


@contextlib.contextmanager
def variable(name, value):
    old = os.environ[name]
    os.environ[name] = value
    # ruleid: python-cleanup-after-bare-yield
    yield
    os.environ[name] = old


@asynccontextmanager
async def connection(pool):
    one = await pool.get()
    # ruleid: python-cleanup-after-bare-yield
    yield one
    await one.aclose()


@contextmanager
def safe_folder():
    path = tempfile.mkdtemp()
    try:
        # ok: python-cleanup-after-bare-yield
        yield path
    finally:
        shutil.rmtree(path)


@contextmanager
def transaction(session):
    # ok: python-cleanup-after-bare-yield
    yield session
    session.commit()


@contextmanager
def opened(path):
    with open(path) as stream:
        # ok: python-cleanup-after-bare-yield
        yield stream


@pytest.fixture
def server(make):
    one = make()
    # ok: python-cleanup-after-bare-yield
    yield one
    one.close()
