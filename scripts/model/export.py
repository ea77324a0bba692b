"""Writes a trained TinyChat as a model folder: ONNX graph with batch axis and cache, byte tokenizer, chat template, model.json, eval.jsonl."""

import argparse
import hashlib
import json
import pathlib

import torch

from network import EPSILON, HEAD_WIDTH, HEADS, HIDDEN, LAYERS, ROPE_BASE, WIDTH, TinyChat

NAME, ROLE = "sandbox/tiny-chat", 0
SPECIAL = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
PAD, START, END = 0, 1, 2
CONTEXT = 512
OPSET = 15


def printable_bytes() -> dict[int, str]:
    """The byte-level alphabet of GPT-2: each byte as one printable character, as tokenizer.json wants it."""
    table, spare = {}, 256
    visible = {*range(33, 127), *range(161, 173), *range(174, 256)}
    for byte in range(256):
        table[byte] = chr(byte) if byte in visible else chr(spare)
        spare += 0 if byte in visible else 1
    return table


ALPHABET = printable_bytes()
TOKEN_OF_BYTE = {byte: len(SPECIAL) + byte for byte in range(256)}
VOCABULARY = len(SPECIAL) + 256

CHAT_TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def write_graph(path: pathlib.Path, model: TinyChat) -> None:
    """The graph: [batch, sequence] inputs, a past of any length including none, the whole cache as outputs."""
    rows, length, past = 2, 3, 5
    cache = [f"{i}.{part}" for i in range(LAYERS) for part in ("key", "value")]
    inputs = ["input_ids", "attention_mask", "position_ids", *(f"past_key_values.{c}" for c in cache)]
    outputs = ["logits", *(f"present.{c}" for c in cache)]
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in ("input_ids", "position_ids", "logits")}
    axes["attention_mask"] = {0: "batch_size", 1: "total_sequence_length"}
    axes.update({n: {0: "batch_size", 2: "past_sequence_length"} for n in inputs[3:]})
    axes.update({n: {0: "batch_size", 2: "total_sequence_length"} for n in outputs[1:]})
    sample = (
        torch.randint(0, VOCABULARY, (rows, length)),
        torch.ones(rows, past + length, dtype=torch.long),
        torch.arange(past, past + length)[None].expand(rows, length).contiguous(),
        *[torch.randn(rows, HEADS, past, HEAD_WIDTH) for _ in cache],
    )
    with torch.no_grad():
        torch.onnx.export(
            model, sample, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes,
            opset_version=OPSET, do_constant_folding=True,
        )


def write_json(path: pathlib.Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_tokenizer(folder: pathlib.Path, special: list[str] = SPECIAL, template: str = CHAT_TEMPLATE) -> None:
    """A tokenizer without merges: one token per byte, so any text has one reading and nothing is unknown."""
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    vocabulary = {text: i for i, text in enumerate(special)}
    vocabulary.update({ALPHABET[byte]: len(special) + byte for byte in range(256)})
    write_json(folder / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": i, "content": text, **plain} for i, text in enumerate(special)],
        "normalizer": None, "pre_tokenizer": byte_level, "post_processor": None, "decoder": byte_level,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "vocab": vocabulary, "merges": [],
        },
    })
    write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": None, "eos_token": special[END],
        "pad_token": special[PAD], "model_max_length": CONTEXT, "clean_up_tokenization_spaces": False,
        "chat_template": template,
    })


def write_configs(folder: pathlib.Path) -> None:
    ends = {"bos_token_id": START, "eos_token_id": END, "pad_token_id": PAD}
    write_json(folder / "config.json", {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": WIDTH,
        "intermediate_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS, "head_dim": HEAD_WIDTH, "vocab_size": VOCABULARY,
        "max_position_embeddings": CONTEXT, "rms_norm_eps": EPSILON, "rope_theta": ROPE_BASE,
        "hidden_act": "silu", "tie_word_embeddings": False, **ends,
    })
    write_json(folder / "generation_config.json", {**ends, "do_sample": False, "max_new_tokens": 64})


def write_manifest(folder: pathlib.Path, name: str = NAME, role: int = ROLE, graph: str = "onnx/model.onnx", working_bytes: int = 2 * LAYERS * WIDTH * CONTEXT * 4) -> None:
    """model.json: the name, the revision (from the main graph's hash) and size and SHA-256 of every file that is loaded."""
    files = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in ("model.json", "eval.jsonl") and not p.name.startswith("reference.")):
        content = path.read_bytes()
        files.append({
            "path": path.relative_to(folder).as_posix(), "sizeBytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        })
    main = next(f for f in files if f["path"] == graph)
    weights = sum(f["sizeBytes"] for f in files if f["path"].startswith("onnx/"))
    write_json(folder / "model.json", {
        "name": name, "revision": main["sha256"][:12], "role": role, "files": files, "vramBytes": weights + working_bytes,
    })


def write_folder(folder: pathlib.Path, model: TinyChat, cases: list[tuple[str, str, str]]) -> None:
    """Everything under one folder; model.json last, because it names the hashes of the rest."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    write_graph(folder / "onnx" / "model.onnx", model)
    write_configs(folder)
    write_tokenizer(folder)
    lines = [json.dumps({"task": t, "prompt": p, "answer": a}, ensure_ascii=False) for t, p, a in cases]
    (folder / "eval.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_manifest(folder)


def train_and_write(description, build, train, write, seed: int, threads: int) -> None:
    """What a script of one of the other small models does: the same seed, the same weights, a folder under --out."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    model = build()
    train(model)
    model.eval()
    write(options.out, model)
