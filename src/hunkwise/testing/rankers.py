"""Check that a ranker keeps its contract."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import isfinite

from hunkwise.core.model import Scored, Severity
from hunkwise.core.ports import Ranker
from hunkwise.testing.builders import make_finding, make_scored
from hunkwise.testing.words import called, require, require_shape


def check_ranker(ranker: Ranker, samples: Sequence[Sequence[Scored]] = ()) -> None:
    """Require that it is pure, keeps every candidate exactly once and scores within [0, 1].

    Runs on samples of its own and on those given; raises AssertionError in words.
    """
    require_shape("hunkwise_rankers", ranker)
    for case, sample in {**_samples(), **{f"sample {n}": s for n, s in enumerate(samples, start=1)}}.items():
        given = list(sample)
        ranked = called(f"{ranker.name}.rank", case, lambda given=given: ranker.rank(given))  # type: ignore[misc]
        require(given == list(sample), f"{ranker.name}.rank changed the sequence it was given ({case})")
        require(isinstance(ranked, Sequence), f"{ranker.name}.rank returned {type(ranked).__name__}; return a sequence")
        _require_kept(ranker.name, case, sample, ranked)
        _require_scores(ranker.name, case, ranked)
        again = called(f"{ranker.name}.rank", case, lambda sample=sample: ranker.rank(tuple(sample)))  # type: ignore[misc]
        require(list(again) == list(ranked), f"{ranker.name}.rank gave two answers to one question ({case})")


def _require_kept(name: str, case: str, sample: Sequence[Scored], ranked: Sequence[Scored]) -> None:
    for one in ranked:
        require(isinstance(one, Scored), f"{name}.rank returned {one!r}; return Scored objects")
    before = Counter(one.candidate.fingerprint for one in sample)
    after = Counter(one.candidate.fingerprint for one in ranked)
    lost, gained = sorted((before - after).elements()), sorted((after - before).elements())
    require(not lost, f"{name}.rank dropped {', '.join(lost)} ({case}); a ranker keeps every candidate")
    require(not gained, f"{name}.rank added or repeated {', '.join(gained)} ({case})")
    known = {one.candidate.fingerprint: one.candidate for one in sample}
    for one in ranked:
        same = one.candidate == known[one.candidate.fingerprint]
        require(
            same, f"{name}.rank changed the candidate {one.candidate.fingerprint} ({case}); change score and why only"
        )


def _require_scores(name: str, case: str, ranked: Sequence[Scored]) -> None:
    duplicates = {one.candidate.fingerprint: one.duplicate_of for one in ranked}
    for one in ranked:
        fingerprint, score = one.candidate.fingerprint, one.score
        good = isinstance(score, int | float) and isfinite(score) and 0 <= score <= 1
        require(good, f"{name}.rank gave {fingerprint} the score {score!r} ({case}); scores lie in [0, 1]")
        words = isinstance(one.why, tuple) and all(isinstance(why, str) and why for why in one.why)
        require(words, f"{name}.rank gave {fingerprint} the reasons {one.why!r} ({case}); they are a tuple of texts")
        if one.duplicate_of is None:
            continue
        require(one.duplicate_of in duplicates, f"{name}.rank calls {fingerprint} a duplicate of what is not there")
        require(not _is_circular(fingerprint, duplicates), f"{name}.rank calls {fingerprint} a duplicate of itself")


def _is_circular(fingerprint: str, duplicates: Mapping[str, str | None]) -> bool:
    seen, here = {fingerprint}, duplicates.get(fingerprint)
    while here is not None:
        if here in seen:
            return True
        seen.add(here)
        here = duplicates.get(here)
    return False


def _samples() -> Mapping[str, tuple[Scored, ...]]:
    one = make_scored(make_finding(), score=0.4)
    same_line = (
        make_scored(make_finding("Undefined name `x`", tool="ruff", rule="F821"), score=0.5, why=("severity",)),
        make_scored(make_finding("Undefined variable 'x'", tool="pylint", rule="E0602"), score=0.5),
    )
    mixed = tuple(
        make_scored(
            make_finding(f"Message {n}", path=path, line=line, rule=f"R{n % 3}", severity=Severity(n % 5)),
            fingerprint=f"mixed-{n}",
            score=n / 11,
        )
        for n, (path, line) in enumerate(
            (path, line) for path in ("src/a.py", "tests/test_a.py", "docs/ñ b.md") for line in (1, 2, 500, None)
        )
    )
    return {
        "no candidates": (),
        "one candidate": (one,),
        "two tools on one line": same_line,
        "candidates all over": mixed[::-1],
        "scores at the ends": (make_scored(fingerprint="least", score=0.0), make_scored(fingerprint="most", score=1.0)),
        "a duplicate that an earlier ranker marked": (
            one,
            make_scored(fingerprint="twin", duplicate_of=one.candidate.fingerprint),
        ),
    }
