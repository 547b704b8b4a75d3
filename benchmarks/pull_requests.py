"""Review recorded pull requests on their trees: comments, rules, failures, and the time against its bound.

    python benchmarks/pull_requests.py CASES.jsonl... --trees DIR [-o OUT.jsonl] [--limit N]

A case is a JSON object with `repo` and `pr`; DIR holds OWNER+NAME.git with refs/pull/N/base and refs/pull/N/head.
Each kept comment is checked against `git diff` itself. The bound of a review is the larger of its slowest tool's
seconds and all its tools' CPU seconds divided by the cores; the median ratio over the reviews should be ≤ 1.15.
Finished cases in OUT.jsonl are not run again.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from hunkwise.core.cover import summarise
from hunkwise.core.errors import HunkwiseError
from hunkwise.core.model import Report
from hunkwise.evaluation.cases import Case, read_cases
from hunkwise.evaluation.tree import Tree
from hunkwise.plugins.manager import load_plugins
from hunkwise.session import review_request

LIMIT = 1.15


def main() -> int:
    """Run all cases, print the summary, and return 1 if a review broke, strayed off the diff or took too long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--trees", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    cases, problems, _ = read_cases(arguments.cases, arguments.trees)
    for problem in problems:
        print(problem, file=sys.stderr)
    done = _finished(arguments.output)
    results = []
    for number, case in enumerate(cases[: arguments.limit], start=1):
        name = f"{case.repository}#{case.number}"
        result = done.get(name) or run_case(name, case)
        results.append(result)
        print(f"{number}/{len(cases)} {name}: {_line(result)}", file=sys.stderr)
        if arguments.output and name not in done:
            with arguments.output.open("a") as out:
                out.write(json.dumps(result) + "\n")
    return summary(results)


def run_case(name: str, case: Case) -> dict[str, object]:
    """Review one pull request as `hunkwise review -C TREE --base … --head … --own` does."""
    if case.tree is None:
        return {"case": name, "error": "it has no tree"}
    request = case.request()
    started = time.monotonic()
    try:
        plugins = load_plugins()
        report = review_request(request, plugins=plugins, command_line={}, own=True, environ=os.environ)
    except HunkwiseError as error:
        return {"case": name, "error": str(error)}
    except Exception:  # noqa: BLE001  counted and shown: this is what the run looks for
        return {"case": name, "error": traceback.format_exc()}
    wall = time.monotonic() - started
    return {"case": name, "wall": round(wall, 3)} | _described(report, _added(case.tree))


def summary(results: list[dict]) -> int:
    """Print what all cases came to."""
    errors = [result for result in results if "error" in result]
    fine = [result for result in results if "error" not in result]
    strays = [stray for result in fine for stray in result["strays"]]
    kept = [len(result["kept"]) for result in fine]
    rules = Counter(comment["rule"] for result in fine for comment in result["kept"])
    prs = Counter(rule for result in fine for rule in {comment["rule"] for comment in result["kept"]})
    failures = Counter(failure for result in fine for failure in result["failures"])
    ratios = [result["ratio"] for result in fine if result["ratio"]]
    print(f"cases {len(results)}, broken {len(errors)}, comments off the diff {len(strays)}")
    if kept:
        print(
            f"comments {sum(kept)}: mean {statistics.mean(kept):.2f} a case, median {statistics.median(kept)}, "
            f"none on {sum(1 for count in kept if not count)} cases, at the budget on {kept.count(10)}"
        )
    if ratios:
        print(
            f"wall / bound: median {statistics.median(ratios):.2f}, 90 % {sorted(ratios)[int(len(ratios) * 0.9)]:.2f}"
            f" (limit for the median {LIMIT}); wall median {statistics.median(r['wall'] for r in fine):.1f} s"
        )
    print(f"incomplete {sum(1 for result in fine if result['incomplete'])}")
    for failure, count in failures.most_common(20):
        print(f"  {count:4}  {failure}")
    print("rule: kept comments (cases)")
    for rule, count in rules.most_common(40):
        print(f"  {count:4} ({prs[rule]:3})  {rule}")
    for result in errors[:5]:
        print(f"{result['case']}: {result['error']}")
    too_slow = bool(ratios) and statistics.median(ratios) > LIMIT
    return 1 if errors or strays or too_slow else 0


def _described(report: Report, added: dict[str, set[int]]) -> dict[str, object]:
    seconds = report.manifest["seconds"]
    tools = dict(seconds["tools"])
    cpu = seconds["cpu"]
    bound = max([*tools.values(), sum(cpu.values()) / (os.cpu_count() or 1)], default=0.0)
    whole = seconds["analyze"] + seconds["rest"]
    comments = [
        {
            "path": comment.scored.candidate.location.path,
            "start": comment.scored.candidate.location.start,
            "rule": comment.scored.candidate.rule,
            "severity": comment.scored.candidate.severity.label,
            "score": comment.scored.score,
            "text": comment.text,
            "code": comment.scored.candidate.code,
        }
        for comment in report.kept
    ]
    return {
        "ratio": round(whole / bound, 3) if bound else None,
        "tools": tools,
        "cpu": cpu,
        "kept": comments,
        "strays": [one for one in comments if one["start"] not in added.get(one["path"], set())],
        "held_back": Counter(comment.verdict.decision.value for comment in report.comments if not comment.is_kept),
        "incomplete": list(summarise(report).incomplete),
        "failures": [f"{failure.who}: {failure.message}" for failure in report.failures],
    }


def _added(tree: Tree) -> dict[str, set[int]]:
    git = ["git", "-c", "core.quotePath=false", f"--git-dir={tree.directory}"]
    command = [*git, "diff", "-U0", "-M", "--no-color", tree.base, tree.head]
    found: dict[str, set[int]] = {}
    path = ""
    for line in subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace").split("\n"):
        if line.startswith("+++ b/"):
            path = line[6:].rstrip("\t")
        elif match := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            start, count = int(match[1]), int(match[2] or 1)
            found.setdefault(path, set()).update(range(start, start + count))
    return found


def _finished(path: Path | None) -> dict[str, dict]:
    if path is None or not path.exists():
        return {}
    return {row["case"]: row for row in map(json.loads, path.read_text().splitlines())}


def _line(result: dict) -> str:
    if "error" in result:
        return result["error"].strip().splitlines()[-1]
    return f"{len(result['kept'])} comments, {result['wall']} s, ratio {result['ratio']}"


if __name__ == "__main__":
    sys.exit(main())
