"""Check a whole plugin: what it brings through its hooks, each by the rules of its kind."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hunkwise.core.model import Failure
from hunkwise.core.ports import Analyzer, Example
from hunkwise.plugins.facade import HOOKS
from hunkwise.plugins.manager import register_plugins
from hunkwise.testing.analyzers import check_analyzer, check_inspector
from hunkwise.testing.backends import check_backend
from hunkwise.testing.commands import check_command
from hunkwise.testing.contexts import check_context
from hunkwise.testing.grammars import check_grammar
from hunkwise.testing.places import check_features, check_scorer
from hunkwise.testing.rankers import check_ranker
from hunkwise.testing.sinks import check_sink
from hunkwise.testing.sources import check_source
from hunkwise.testing.words import require, require_shape

CHECKS: Mapping[str, Callable[[Any], None]] = {
    "hunkwise_sources": check_source,
    "hunkwise_grammars": check_grammar,
    "hunkwise_contexts": check_context,
    "hunkwise_backends": check_backend,
    "hunkwise_features": check_features,
    "hunkwise_scorers": check_scorer,
    "hunkwise_rankers": check_ranker,
    "hunkwise_sinks": check_sink,
    "hunkwise_commands": check_command,
}


def check_plugin(plugin: object, examples: Mapping[str, Sequence[Example]] | None = None) -> tuple[str, ...]:
    """Check all that a plugin's module brings, and return what was checked, as `hook: name`.

    examples: by the name of the analyzer; without them, the `EXAMPLES` of the analyzer or of its module are used.
    What cannot be run without a host, a publisher, is only looked at.
    Raises AssertionError in words at the first rule that is broken.
    """
    name = getattr(plugin, "__name__", type(plugin).__name__)
    plugins = register_plugins({name: plugin})
    _require_none(plugins.failures)
    checked = []
    for hook in HOOKS:
        for one in plugins.provided(hook):
            _require_none(plugins.failures)
            _check(hook, one.item, (examples or {}).get(one.name))
            checked.append(f"{hook}: {one.name}")
    _require_none(plugins.failures)
    require(bool(checked), f"{name} brings nothing: its hooks return no objects")
    unknown = sorted(set(examples or {}) - {one.split(": ", 1)[1] for one in checked})
    require(not unknown, f"{name} has no analyzer named {', '.join(unknown)}, which examples were given for")
    return tuple(checked)


def _check(hook: str, item: Any, examples: Sequence[Example] | None) -> None:
    if hook == "hunkwise_analyzers":
        examples = _own_examples(item) if examples is None else examples
        if isinstance(item, Analyzer):
            check_analyzer(item, examples)
        else:
            check_inspector(item, examples)
    elif hook in CHECKS:
        CHECKS[hook](item)
    else:
        require_shape(hook, item)


def _own_examples(item: object) -> Sequence[Example]:
    module = sys.modules.get(type(item).__module__)
    return tuple(getattr(item, "EXAMPLES", getattr(module, "EXAMPLES", ())))


def _require_none(failures: Sequence[Failure]) -> None:
    for failure in failures:
        where = f" ({failure.hint})" if failure.hint else ""
        raise AssertionError(f"{failure.who}, {failure.stage}: {failure.message}{where}")
