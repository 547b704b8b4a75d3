"""The checks of `hunkwise doctor`: each says in one line what is so, and the way out."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version

from hunkwise.analyzers.report_command import command_analyzers
from hunkwise.commands.effective import effective_settings
from hunkwise.core.errors import HunkwiseError, ToolError
from hunkwise.core.ports import Analyzer
from hunkwise.core.text import printable
from hunkwise.plugins.manager import Plugins
from hunkwise.settings import Settings, check_names


class Health(StrEnum):
    """How a check ended: `absent` is something that a review can do without."""

    WELL = "ok"
    ABSENT = "--"
    BROKEN = "!!"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the doctor: what was looked at, how it is, and the way out where it is not well."""

    health: Health
    subject: str
    text: str
    way_out: str = ""

    @property
    def line(self) -> str:
        rest = f"; {self.way_out}" if self.way_out else ""
        return printable(f"{self.health}  {self.subject}: {self.text}{rest}")


def checkup(plugins: Plugins, directory: str, environ: Mapping[str, str]) -> Iterator[Check]:
    """Check what a review in a directory needs."""
    yield Check(
        health=Health.WELL, subject="hunkwise", text=f"{version('hunkwise')} on Python {platform.python_version()}"
    )
    yield _git()
    yield from _plugins(plugins)
    settings = Settings()
    try:
        settings = effective_settings(directory, environ)
        check_names(settings, [analyzer.name for analyzer in plugins.analyzers()])
        files = sorted(set(settings.sources.values()))
        yield Check(health=Health.WELL, subject="configuration", text=", ".join(files) or "the defaults")
    except HunkwiseError as error:
        for line in str(error).splitlines():
            yield Check(health=Health.BROKEN, subject="configuration", text=line)
    yield from _tools(plugins, settings, environ)
    yield _sandbox(environ)
    yield _model(plugins, settings, environ)


def _git() -> Check:
    import subprocess

    try:
        done = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        way_out = "install it (Debian: apt-get install git); without it only patches can be reviewed"
        return Check(health=Health.BROKEN, subject="git", text=f"cannot be run ({error})", way_out=way_out)
    return Check(health=Health.WELL, subject="git", text=done.stdout.strip().removeprefix("git version "))


def _sandbox(environ: Mapping[str, str]) -> Check:
    from hunkwise.workspace.sandbox.choice import choose_sandbox

    try:
        choice = choose_sandbox(environ)
    except HunkwiseError as error:
        return Check(health=Health.BROKEN, subject="sandbox", text=str(error))
    why = f" ({'; '.join(choice.reasons)})" if choice.reasons else ""
    if choice.sandbox is None:
        text = f"there is none, so that foreign changes run no outside tool{why}"
        way_out = "--own lifts that for a change you trust"
        return Check(health=Health.ABSENT, subject="sandbox", text=text, way_out=way_out)
    return Check(health=Health.WELL, subject="sandbox", text=f"{choice.name}; it held what was tried{why}")


def _model(plugins: Plugins, settings: Settings, environ: Mapping[str, str]) -> Check:
    from hunkwise.core.failure import Failure
    from hunkwise.model_session import open_model

    try:
        model = open_model(plugins, settings.model, environ)
    except HunkwiseError as error:
        return Check(health=Health.BROKEN, subject="model", text=str(error))
    if isinstance(model, Failure):
        return Check(health=Health.BROKEN, subject="model", text=f"{model.who}: {model.message}")
    if model is None:
        way_out = "`hunkwise model pull` brings the small one"
        return Check(health=Health.ABSENT, subject="model", text="none is at hand", way_out=way_out)
    model.close()
    if model.card is None:
        way_out = "`hunkwise model bench` measures it; until then only --trust-model uses it"
        return Check(health=Health.WELL, subject="model", text=f"{model.name}, which has no card", way_out=way_out)
    earned = [word for word, may in (("locates", model.card.may_locate), ("writes", model.card.may_write)) if may] or [
        "has earned neither places nor words; --trust-model uses it all the same"
    ]
    return Check(health=Health.WELL, subject="model", text=f"{model.name} {' and '.join(earned)}")


def _plugins(plugins: Plugins) -> Iterator[Check]:
    outside = [info for info in plugins.infos if info.origin != "built-in"]
    named = f", and {', '.join(info.name for info in outside)}" if outside else ""
    yield Check(health=Health.WELL, subject="plugins", text=f"{len(plugins.infos) - len(outside)} built-in{named}")
    plugins.analyzers()  # what a plugin brings is asked for only when it is needed, and may fail then
    for failure in plugins.failures:
        yield Check(
            health=Health.BROKEN,
            subject=f"plugin {failure.who}",
            text=f"{failure.stage}: {failure.message}",
            way_out=failure.hint,
        )


def _tools(plugins: Plugins, settings: Settings, environ: Mapping[str, str]) -> Iterator[Check]:
    from hunkwise.workspace.toolbox import Toolbox, default_directory

    toolbox = Toolbox(directory=default_directory(environ), environ=environ, configured=settings.programs)
    analyzers = [analyzer for analyzer in plugins.analyzers() if isinstance(analyzer, Analyzer)]
    tools = {analyzer.tool.name: analyzer.tool for analyzer in analyzers}
    commands = [command.tool for command in command_analyzers(settings.commands)]
    for tool in (*(tools[name] for name in sorted(tools)), *commands):
        subject = f"{'command' if tool in commands else 'tool'} {tool.name}"
        try:
            found = toolbox.locate(tool)
            if found is None:
                way_out = (
                    f"`hunkwise tools install {tool.name}` brings it" if tool.packages else f"install {tool.program}"
                )
                yield Check(health=Health.ABSENT, subject=subject, text="not installed", way_out=way_out)
            else:
                version_of = "" if tool in commands else f"{toolbox.version(tool) or 'unknown version'}, "
                text = f"{version_of}{found.file} ({found.origin})"
                yield Check(health=Health.WELL, subject=subject, text=text)
        except ToolError as error:
            yield Check(health=Health.BROKEN, subject=subject, text=str(error).removeprefix(f"{tool.name}: "))
    if not analyzers:
        yield Check(
            health=Health.BROKEN, subject="tools", text="no plugin brings an analyzer", way_out="reinstall hunkwise"
        )
