"""Record what bert-score 0.3.13 says about some pairs of texts, for the test of our own computation.

pip install bert-score==0.3.13 torch 'transformers<4.50' 'numpy<2'
python tests/samples/bertscore/record.py FOLDER     (of all-MiniLM-L6-v2 in Hugging Face's form)

One pair a batch: in larger ones bert-score lets padding be a partner with a likeness of 0, which lifts tokens whose best
partner is less like them than that, so that a score depends on what else is in the batch.
"""

import json
import sys
from pathlib import Path

from bert_score import score

PAIRS = [
    ("Could you add a test for this?", "Please write a test that covers the empty list."),
    ("'os' imported but unused", "This import is not needed any more."),
    ("'os' imported but unused", "Can we rename the parameter? The name says nothing."),
    ("Mutable default argument", "A list as default is shared between calls; use None."),
    ("Statement is unreachable", "Question- what's the policy around deprecated flags?"),
    ("nit", "nit: typo"),
    ("Use `with open(path) as f:` so that the file is closed.", "You never close this file handle."),
    ("Why?", "Why do we need `foo_bar(baz)[0]` here instead of `foo_bar(baz).first()`?"),
    ("Same text.", "Same text."),
    ("Größe prüfen – sonst läuft es über", "Check the size, it may overflow."),
    ("An exception is swallowed here " * 20, "Do not catch everything."),
    ("x", "A comment of several sentences. It goes on. And on, until there is nothing more to say about it."),
]

found = score(
    [ours for ours, _ in PAIRS],
    [theirs for _, theirs in PAIRS],
    model_type=sys.argv[1],
    num_layers=6,
    idf=False,
    batch_size=1,
)
rows = [
    {"candidate": ours, "reference": theirs, "precision": float(p), "recall": float(r), "f1": float(f)}
    for (ours, theirs), p, r, f in zip(PAIRS, *found)
]
Path(__file__).with_name("recorded.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")
