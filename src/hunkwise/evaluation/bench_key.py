"""What an answer depends on, as a hash: the case, the contestant, the code, the tools, the model."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from hunkwise.core.ports import Analyzer
from hunkwise.core.toml import read_toml
from hunkwise.evaluation.analysis_sources import analysis_hash
from hunkwise.evaluation.analysis_store import AFTER
from hunkwise.evaluation.bench_review import Contestant
from hunkwise.evaluation.cases import Case
from hunkwise.llm_backend.store import default_directory as models_directory
from hunkwise.plugins.facade import Plugins
from hunkwise.workspace.git import open_repository
from hunkwise.workspace.toolbox import Toolbox, default_directory

PACKAGE = Path(__file__).parents[1]

OF_USER = ("model", "trust_model", "ranker")
"""Settings of the user alone that no analyzer sees."""
ASIDE = ("commands", "evaluation", "testing", "training")
"""Folders that no review depends on, but for these files:"""
ASKING = ("ablation.py", "bench_review.py", "cases.py", "tree.py")


def source_hash(package: Path = PACKAGE) -> str:
    """Return the hash of what a review is made of in the package: what is measured changes with the code."""
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*")):
        parts = file.relative_to(package).parts
        if "__pycache__" in parts or (parts[0] in ASIDE and file.name not in ASKING):
            continue
        if file.is_file():
            digest.update(f"{file.relative_to(package)}\0".encode("utf-8", "surrogateescape"))
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def tool_versions(plugins: Plugins, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the versions of the outside tools that are at hand, by name."""
    toolbox = Toolbox(directory=default_directory(environ), environ=environ)
    tools = {one.tool.name: one.tool for one in plugins.analyzers() if isinstance(one, Analyzer)}
    return {
        name: toolbox.version(tool) or "unknown"
        for name, tool in sorted(tools.items())
        if toolbox.find(tool) is not None
    }


def world_hash(tools: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Return the hash of what all answers depend on: code, tools, models at hand, settings in the environment."""
    models = models_directory(environ)
    marks = {
        str(file.relative_to(models)): hashlib.sha256(file.read_bytes()).hexdigest()
        for name in ("hunkwise.json", "card.json")
        for file in sorted(models.glob(f"*/{name}"))
    }
    settings = {
        name: value
        for name, value in sorted(environ.items())
        if name.startswith("HUNKWISE_") and not name.endswith(("_DIR", "_FILE"))
    }
    # the weights may change while their name does not
    ranker = [_digest(Path(environ["HUNKWISE_RANKER"]).expanduser())] if environ.get("HUNKWISE_RANKER") else []
    return _hash([source_hash(), dict(tools), marks, settings, *ranker])


def analysis_mark(tools: Mapping[str, str]) -> str:
    """Return the hash of what analyses depend on besides the case and the settings: our code that runs tools, tools."""
    return _hash([analysis_hash(PACKAGE), dict(tools)])


def case_key(case: Case, contestant: Contestant, world: str) -> str:
    """Return the hash of all that a contestant's answer to a case depends on."""
    parts: list[object] = [*_of_case(case), world, sorted(contestant.left_out)]
    parts += [sorted((str(k), repr(v)) for k, v in (contestant.options or {}).items()), *_files(contestant)]
    return _hash([contestant.name, *parts])


def analysis_key(case: Case, contestant: Contestant) -> str:
    """Return the hash of what analyzers of a contestant see of a case, but for the settings."""
    return _hash([*_of_case(case), *_seen_by_analyzers(contestant)])


def _of_case(case: Case) -> list[object]:
    ends: list[str] = []
    if case.tree is not None:
        repository = open_repository(str(case.tree.directory))
        ends = repository.run("rev-parse", case.tree.base, case.tree.head).decode().split()
    return [case.id, case.repository, case.scope, case.diff, ends]


def _files(contestant: Contestant) -> list[object]:
    found: list[object] = [_digest(path) for path in contestant.plugins]
    if contestant.config is None:
        return found
    ranker = _settings(contestant.config).get("ranker")
    # its weights may change while the file that names them does not
    weights = [_digest(contestant.config.parent / Path(ranker).expanduser())] if isinstance(ranker, str) else []
    return [*found, _digest(contestant.config), *weights]


def _seen_by_analyzers(contestant: Contestant) -> list[object]:
    found: list[object] = [_digest(path) for path in contestant.plugins]
    if contestant.config is None:
        return found
    table = _settings(contestant.config)
    return [*found, sorted((name, repr(value)) for name, value in table.items() if name not in (*AFTER, *OF_USER))]


def _settings(config: Path) -> Mapping[str, object]:
    try:
        return read_toml(config.read_bytes())
    except ValueError:
        # the review says what is wrong with it
        return {}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
