"""The analyzers that ship with Hunkwise."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hunkwise.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from hunkwise.core.ports import Analyzer, Inspector


@hookimpl
def hunkwise_analyzers() -> "Sequence[Analyzer | Inspector]":
    from hunkwise.analyzers.ast_grep import AstGrep
    from hunkwise.analyzers.bandit import Bandit
    from hunkwise.analyzers.checkstyle import Checkstyle
    from hunkwise.analyzers.coverage import Coverage
    from hunkwise.analyzers.detect_secrets import DetectSecrets
    from hunkwise.analyzers.eslint import Eslint
    from hunkwise.analyzers.flake8 import Flake8
    from hunkwise.analyzers.hadolint import Hadolint
    from hunkwise.analyzers.mypy import Mypy
    from hunkwise.analyzers.pmd import Pmd
    from hunkwise.analyzers.pylint import Pylint
    from hunkwise.analyzers.reports import Reports
    from hunkwise.analyzers.ruff import Ruff
    from hunkwise.analyzers.semgrep import Semgrep
    from hunkwise.analyzers.shellcheck import Shellcheck
    from hunkwise.analyzers.spotbugs import Spotbugs
    from hunkwise.analyzers.typos import Typos
    from hunkwise.analyzers.yamllint import Yamllint
    from hunkwise.analyzers.zizmor import Zizmor

    return (
        AstGrep(),
        Bandit(),
        Checkstyle(),
        Coverage(),
        DetectSecrets(),
        Eslint(),
        Flake8(),
        Hadolint(),
        Mypy(),
        Pmd(),
        Pylint(),
        Reports(),
        Ruff(),
        Semgrep(),
        Shellcheck(),
        Spotbugs(),
        Typos(),
        Yamllint(),
        Zizmor(),
    )
