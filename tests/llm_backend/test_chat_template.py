import json

import jinja2
import pytest

from hunkwise.core.errors import ModelError
from hunkwise.llm_backend.chat_template import LLAMA2, find_chat_template

TALK = (
    {"role": "user", "content": " First? "},
    {"role": "assistant", "content": " Yes. "},
    {"role": "user", "content": "Second?"},
)


def test_code_llama_is_talked_to_as_its_paper_says():
    """`[INST]` marks what the user says, each turn begins and ends with its token."""
    template = jinja2.Environment().from_string(LLAMA2)
    said = template.render(messages=TALK, bos_token="<s>", eos_token="</s>", add_generation_prompt=True)
    assert "<s>[INST] First? [/INST] Yes. </s><s>[INST] Second? [/INST]" == said


def test_code_llama_hears_the_system_in_the_first_turn():
    """What the system says goes into the first of the user's turns, in tags of its own."""
    template = jinja2.Environment().from_string(LLAMA2)
    messages = ({"role": "system", "content": "Be brief."}, *TALK)
    said = template.render(messages=messages, bos_token="<s>", eos_token="</s>")
    assert said.startswith("<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nFirst? [/INST] Yes. </s><s>[INST] Second?")


@pytest.mark.parametrize("name", ["CodeLlama-7b-Instruct-hf", "code_llama-13b-instruct", "Llama-2-7b-chat-hf"])
def test_the_family_is_told_by_its_name(tmp_path, name):
    """Code Llama and Llama 2, instructed, are known where a folder brings no template."""
    assert LLAMA2 == find_chat_template(tmp_path, ("folder", name))


@pytest.mark.parametrize("name", ["CodeLlama-7b-hf", "Llama-3-8b-Instruct", "model"])
def test_another_model_needs_its_own(tmp_path, name):
    """A base model, or one of another family, is refused without a template, with the way out."""
    with pytest.raises(ModelError, match=r"is it a base model\? Take one that is tuned"):
        find_chat_template(tmp_path, (name,))


def test_the_models_own_template_comes_first(tmp_path):
    """A file of its own, then chat_template.json, then the tokenizer's configuration, then the family's."""
    names = ("CodeLlama-7b-Instruct-hf",)
    several = [{"name": "tools", "template": "no"}, {"name": "default", "template": "from the configuration"}]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": several}))
    assert "from the configuration" == find_chat_template(tmp_path, names)
    (tmp_path / "chat_template.json").write_text(json.dumps({"chat_template": "from json"}))
    assert "from json" == find_chat_template(tmp_path, names)
    (tmp_path / "chat_template.jinja").write_text("from jinja")
    assert "from jinja" == find_chat_template(tmp_path, names)


def test_a_broken_configuration_is_said(tmp_path):
    """Half a file is named, not passed over."""
    (tmp_path / "tokenizer_config.json").write_text("{")
    with pytest.raises(ModelError, match="the chat template cannot be read"):
        find_chat_template(tmp_path, ("CodeLlama-7b-Instruct-hf",))
