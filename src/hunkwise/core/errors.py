"""The errors that Hunkwise raises; each message names the thing and the way out."""

from collections.abc import Sequence


class HunkwiseError(Exception):
    """Any error that Hunkwise raises on purpose."""


class UsageError(HunkwiseError):
    """The user can mend it: a wrong option, revision, file or setting (exit code 2)."""


class NoRepository(UsageError):
    """There is no git repository where one was looked for."""


class DiffError(UsageError):
    """A diff that cannot be read."""


class ToolError(HunkwiseError):
    """An outside tool failed; names the tool, what it was called with and how it ended."""

    def __init__(self, tool: str, message: str, *, argv: tuple[str, ...] = (), exit_code: int | None = None) -> None:
        super().__init__(f"{tool}: {message}")
        self.tool, self.argv, self.exit_code = tool, argv, exit_code


class ToolTimeout(ToolError):
    """An outside tool took longer than it may."""


class ToolMissing(ToolError):
    """An outside tool is not at hand; `install` is the command that brings it, if there is one."""

    def __init__(self, tool: str, message: str, *, install: str = "") -> None:
        super().__init__(tool, f"{message}; {install} brings it" if install else message)
        self.install = install


class Refused(ToolError):
    """An outside tool must not run, for lack of trust in the change and of a sandbox."""


class NotApplicable(HunkwiseError):
    """An analyzer has a reason not to look at these files, which is nobody's failure; names both."""

    def __init__(self, paths: Sequence[str], reason: str) -> None:
        super().__init__(reason)
        self.paths = tuple(paths)


class ReportError(HunkwiseError):
    """A report of another tool that cannot be read; says what is wrong with it, and whoever reads it names the file."""


class ModelError(HunkwiseError):
    """A language model cannot be opened or did not answer; names it and the way out."""


class PluginError(HunkwiseError):
    """A plugin failed; names the plugin and the hook."""

    def __init__(self, plugin: str, hook: str, message: str) -> None:
        super().__init__(f"plugin {plugin}, {hook}: {message}")
        self.plugin, self.hook = plugin, hook
