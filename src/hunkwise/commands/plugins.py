"""`hunkwise plugins`: list what is loaded and what it brings, and write a new plugin."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from hunkwise.core.failure import Failure
from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.plugins.facade import Plugins


class PluginsCommand:
    """Adds `plugins` and `plugins new`."""

    name = "plugins"

    def add(self, app: Any) -> None:
        """Add the group to the application."""
        import typer

        group = typer.Typer(help="List the plugins, or write a new one.", invoke_without_command=True)

        @group.callback()
        def plugins(
            context: typer.Context,
            as_json: Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")] = False,
        ) -> None:
            """List plugins with what they bring, and those that failed with the reason."""
            if context.invoked_subcommand is None:
                print_plugins(_loaded(context.obj), as_json)

        @group.command()
        def new(
            name: Annotated[str, typer.Argument(help="The name of the package, such as hunkwise-todo.")],
            directory: Annotated[
                Path | None, typer.Option("--directory", metavar="DIR", help="Where to write it; ./NAME by default.")
            ] = None,
        ) -> None:
            """Write a plugin package that passes its own tests."""
            from hunkwise.commands.scaffold import write_package

            target = directory or Path(name)
            for path in write_package(name, target):
                print(path)
            print(
                f"\nTry it:\n  cd {target}\n  python -m pip install -e . pytest\n  python -m pytest\n  hunkwise plugins"
            )

        app.add_typer(group, name=self.name)


@hookimpl
def hunkwise_commands() -> Sequence[PluginsCommand]:
    return [PluginsCommand()]


def print_plugins(plugins: "Plugins", as_json: bool = False) -> None:
    """Write the plugins and their failures to stdout, for a person or as JSON."""
    described = [_described(plugins, index) for index in range(len(plugins.infos))]
    if as_json:
        import json

        failures = [_as_dict(failure) for failure in plugins.failures]
        print(json.dumps({"plugins": described, "failures": failures}, indent=2))
        return
    print("\n".join([*_lines(described), *_failure_lines(plugins.failures)]))


def _loaded(obj: object) -> "Plugins":
    from hunkwise.plugins.facade import Plugins
    from hunkwise.plugins.manager import load_plugins

    return obj if isinstance(obj, Plugins) else load_plugins()


def _described(plugins: "Plugins", index: int) -> dict[str, Any]:
    info = plugins.infos[index]
    provides = {hook: list(names) for hook, names in plugins.provides(info.name).items()}
    return {
        "name": info.name,
        "version": info.version,
        "origin": info.origin,
        "hooks": list(info.hooks),
        "provides": provides,
    }


def _lines(described: Sequence[dict[str, Any]]) -> Iterator[str]:
    for plugin in described:
        version = f" {plugin['version']}" if plugin["version"] else ""
        yield f"{plugin['name']}{version} ({plugin['origin']})"
        for hook in plugin["hooks"]:
            yield f"  {hook.removeprefix('hunkwise_')}: {', '.join(plugin['provides'].get(hook, ())) or 'none'}"


def _failure_lines(failures: Sequence[Failure]) -> Iterator[str]:
    for number, failure in enumerate(failures):
        if number == 0:
            yield "\nFailed:"
        hint = f" ({failure.hint})" if failure.hint else ""
        yield f"  {failure.who}, {failure.stage}: {failure.message}{hint}"


def _as_dict(failure: Failure) -> dict[str, str]:
    return {"who": failure.who, "stage": failure.stage, "message": failure.message, "hint": failure.hint}
