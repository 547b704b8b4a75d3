"""Install the outside tools of all analyzers, and start each to see whether it works."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from difflib import get_close_matches
from functools import partial
from threading import Lock
from typing import NamedTuple, TypeVar

from hunkwise.analyzers.report_command import command_analyzers
from hunkwise.core.errors import ToolError, UsageError
from hunkwise.core.ports import Analyzer, Tool
from hunkwise.locations import config_path
from hunkwise.plugins.facade import Plugins
from hunkwise.settings import load_config, user_file
from hunkwise.workspace.installer import pinned_version
from hunkwise.workspace.process import Stop
from hunkwise.workspace.toolbox import VERSION, Found, Toolbox, default_directory

R = TypeVar("R")
T = TypeVar("T")
AT_ONCE = 4


class Diagnosis(NamedTuple):
    """What became of a tool when it was started: `works`, `missing` or `broken`; what it said; the way out."""

    tool: str
    state: str
    said: str
    advice: str = ""


def tools_of(plugins: Plugins, names: Iterable[str] = ()) -> tuple[Tool, ...]:
    """Return the tools of the analyzers, sorted by name, or those that are named; UsageError for an unknown name."""
    tools = {one.tool.name: one.tool for one in plugins.analyzers() if isinstance(one, Analyzer)}
    for name in names:
        if name not in tools:
            near = get_close_matches(name, tools, n=1)
            rest = f"did you mean {near[0]!r}? There are" if near else "there are"
            raise UsageError(f"no analyzer needs a tool {name!r}; {rest} {', '.join(sorted(tools)) or 'none'}")
    return tuple(tools[name] for name in sorted(set(names) or tools))


def own_commands() -> tuple[Tool, ...]:
    """Return the programs of the commands in the user's own configuration, sorted by name."""
    commands = load_config(user=user_file(), environ=os.environ).commands
    return tuple(command.tool for command in command_analyzers(commands))


def user_toolbox() -> Toolbox:
    """Return the toolbox of this machine with the programs of the user's own configuration."""
    programs = load_config(user=user_file(), environ=os.environ).programs
    return Toolbox(directory=default_directory(os.environ), environ=os.environ, configured=programs)


def install_tools(tools: Sequence[Tool], toolbox: Toolbox, *, is_all: bool, again: bool) -> bool:
    """Install the tools, several at once, and tell on stderr how it goes; return whether none failed.

    is_all: nobody named them, so that one which Hunkwise does not install is only said.
    """
    lock = Lock()

    def say(name: str, text: str) -> None:
        with lock:
            print(f"{name}: {text}", file=sys.stderr, flush=True)

    def install(tool: Tool, stop: Stop) -> bool:
        if is_all and pinned_version(tool) is None:
            say(tool.name, f"left alone, since Hunkwise does not install it: put {tool.program!r} on PATH")
            return True
        started = time.monotonic()
        try:
            is_new = toolbox.install(tool, partial(say, tool.name), again=again, stop=stop)
        except ToolError as error:
            say(tool.name, f"FAILED: {str(error).removeprefix(f'{tool.name}: ')}")
            return False
        took = f"installed in {time.monotonic() - started:.1f} s" if is_new else "is there"
        say(tool.name, f"{pinned_version(tool)} {took}")
        return True

    done = _side_by_side(install, tools)
    failed = [tool.name for tool, is_done in zip(tools, done, strict=True) if not is_done]
    if failed:
        print(f"\n{len(failed)} of {len(tools)} tools failed: {', '.join(failed)}", file=sys.stderr)
    else:
        print(f"The tools folder is {toolbox.directory}", file=sys.stderr)
    return not failed


def diagnosed(tools: Sequence[Tool], toolbox: Toolbox) -> tuple[Diagnosis, ...]:
    """Start each tool with `--version` and say what came of it."""
    return _side_by_side(lambda tool, stop: _diagnosis(tool, toolbox), tools)


def _diagnosis(tool: Tool, toolbox: Toolbox) -> Diagnosis:
    pinned = pinned_version(tool)
    by_install = f"`hunkwise tools install {tool.name}`" if pinned else f"put {tool.program!r} on PATH"
    by_name = f"or name another as `programs.{tool.name}` in {config_path()}"
    try:
        found = toolbox.locate(tool)
        if found is None:
            return Diagnosis(tool.name, "missing", "not found", f"{by_install}, {by_name}")
        if not tool.version_args:
            return Diagnosis(tool.name, "works", f"{found.origin}: {found.file}; your own command is not started")
        said = toolbox.ask_version(tool, found)
    except ToolError as error:
        message = str(error).removeprefix(f"{tool.name}: ")
        return Diagnosis(tool.name, "broken", message, _mending(tool, toolbox, by_install, by_name))
    version = VERSION.search(said)
    if version is None:
        message = f"`--version` of {found.file} says no version: {' '.join(said.split())[:80]!r}"
        return Diagnosis(tool.name, "broken", message, _mending(tool, toolbox, by_install, by_name))
    return Diagnosis(tool.name, "works", _where(found, version[0]), _drift(tool, found, toolbox))


def _mending(tool: Tool, toolbox: Toolbox, by_install: str, by_name: str) -> str:
    try:
        found = toolbox.locate(tool)
    except ToolError:
        return f"mend or remove `programs.{tool.name}` in {config_path()}"
    if found is not None and found.origin == "tools folder":
        return f"`hunkwise tools install --again {tool.name}`"
    return f"take it off PATH and {by_install}, {by_name}"


def _where(found: Found, version: str) -> str:
    return f"{version} ({found.origin}: {found.file})"


def _drift(tool: Tool, found: Found, toolbox: Toolbox) -> str:
    pinned = pinned_version(tool)
    if pinned is None or toolbox.version(tool) == pinned:
        return ""
    return f"Hunkwise is made for {pinned}, but {found.origin} comes before the tools folder"


def _side_by_side(call: Callable[[T, Stop], R], items: Sequence[T]) -> tuple[R, ...]:
    with Stop() as stop, ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        try:
            futures = [pool.submit(call, item, stop) for item in items]
            wait(futures, return_when=FIRST_EXCEPTION)
            return tuple(future.result() for future in futures)
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
