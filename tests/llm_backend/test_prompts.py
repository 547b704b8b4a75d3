from hunkwise.core.reading import ContextItem
from hunkwise.llm_backend.prompts import content_free, prompts_hash, render_locate, render_write
from hunkwise.testing import make_finding, make_task

ITEM = ContextItem(kind="definition", path="b.py", start=7, end=8, text="def f():\n    pass", origin="definition of f")


def asked(messages):
    return messages[-1]["content"]


def test_each_place_has_its_label():
    """Lines that take a comment begin with their label, the others with none, and signs say what is new."""
    text = asked(render_locate(make_task(), ["A", "B"], "none"))
    assert "A|+def total(items=[]):" in text and "B|+    return sum(items) + 1" in text
    assert " |-def total(items):" in text and "or with none if no line does" in text


def test_context_and_hints_are_shown():
    """What was packed is there, a hint at the label of its line."""
    hint = make_finding(message="Dangerous default", line=1, tool="pylint")
    text = asked(render_locate(make_task(context=[ITEM], hints=[hint]), ["A", "B"], "none"))
    assert "definition of f (b.py):\ndef f():\n    pass" in text
    assert "A: Dangerous default (pylint)" in text


def test_where_a_hunk_stands_is_not_shown():
    """No line number is in a prompt: what only moved is not asked about again."""
    moved = ContextItem(kind="definition", path="b.py", start=70, end=71, text=ITEM.text, origin=ITEM.origin)
    first, second = (render_locate(make_task(context=[item]), ["A", "B"], "none") for item in (ITEM, moved))
    assert first == second


def test_words_are_asked_for_a_label():
    """The claim of a tool is said in one line."""
    text = asked(render_write(make_task(), ["A", "B"], 2, "Two\nlines"))
    assert "A tool says of line B: Two lines" in text and "Write the comment on line B" in text


def test_hidden_characters_are_shown_as_escapes():
    """What a person would not see, a model does not read either."""
    task = make_task("x = 1\n", "x = 1  # \u202e\U000e0041 \u200bdone\n")
    assert r"# \u202e\U000e0041 \u200bdone" in asked(render_locate(task, ["A"], "none"))


def test_code_is_no_template():
    """Braces in code are letters."""
    task = make_task("x\n", "{{ messages }} {% raw %}\n")
    assert "A|+{{ messages }} {% raw %}" in asked(render_locate(task, ["A"], "none"))


def test_long_lines_are_cut():
    """A minified line does not eat the prompt."""
    task = make_task("x\n", "y" * 5000 + "\n")
    assert len(asked(render_locate(task, ["A"], "none"))) < 1000


def test_a_content_free_task_has_nothing_in_it():
    """All its lines are alike."""
    task = content_free(3)
    assert len({line.text for line in task.lines}) == 1 and task.places == (1, 2, 3)


def test_the_prompts_have_a_hash():
    """It is stable within a version."""
    assert prompts_hash() == prompts_hash() and len(prompts_hash()) == 16
