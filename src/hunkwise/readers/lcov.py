"""LCOV's tracefiles, which c8, istanbul, gcov and others write."""

from collections import defaultdict

from hunkwise.core.errors import ReportError
from hunkwise.readers.line_coverage import FileCoverage, Tally, number, runs

Taken = dict[int, list[bool]]


def read_lcov(data: bytes) -> tuple[FileCoverage, ...]:
    """Return the files of a tracefile, by the names that it has for them; what it has no word for is passed over."""
    tallies: dict[str, Tally] = {}
    file = ""
    taken: Taken = defaultdict(list)
    functions: dict[str, tuple[int, int | None]] = {}
    for place, raw in enumerate(data.splitlines(), start=1):
        key, _, value = raw.decode("utf-8", "surrogateescape").strip().partition(":")
        fields = value.split(",")
        try:
            match key:
                case "SF" if not value:
                    raise ReportError("a file has no name")
                case "SF":
                    file, taken, functions = value, defaultdict(list), {}
                    tallies.setdefault(file, Tally())
                case "DA" | "BRDA" | "FN" | "FNL" | "FNA" if not file:
                    raise ReportError(f"{key} stands before any SF")
                case "DA":
                    tallies[file].line(number(fields[0], "a line"), runs(_at(fields, 1), "the count of a line"))
                case "BRDA":
                    _add_branch(taken, fields)
                case "FN":
                    _add_function(tallies[file], fields)
                case "FNL":
                    functions[fields[0]] = _extent(fields[1:])
                case "FNA" if fields[0] in functions:
                    tallies[file].function(",".join(fields[2:]), *functions[fields[0]])
                case "end_of_record":
                    for line, ways in taken.items():
                        tallies[file].branch(line, sum(ways), len(ways))
                    file = ""
        except ReportError as error:
            raise ReportError(f"line {place}: {error}") from error
    if file:
        raise ReportError(f"it ends within the record of {file[:200]}")
    return tuple(tally.coverage(name) for name, tally in tallies.items())


def _add_branch(taken: Taken, fields: list[str]) -> None:
    way = fields[-1]
    taken[number(fields[0], "the line of a branch")].append(way != "-" and runs(way, "the count of a branch"))


def _add_function(tally: Tally, fields: list[str]) -> None:
    # `FN:line,name` or, since LCOV 2, `FN:line,end,name`; a name may hold commas
    has_end = len(fields) > 2 and fields[1].isdigit()
    tally.function(",".join(fields[2 if has_end else 1 :]), *_extent(fields[:2] if has_end else fields[:1]))


def _extent(fields: list[str]) -> tuple[int, int | None]:
    start = number(_at(fields, 0), "the line of a function")
    return start, number(fields[1], "the last line of a function") if len(fields) > 1 else None


def _at(fields: list[str], index: int) -> str | None:
    return fields[index] if index < len(fields) else None
