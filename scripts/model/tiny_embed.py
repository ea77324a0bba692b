"""The sandbox's embedding model: a BERT-shaped encoder over word pieces, taught that two ways to say one thing lie close together."""

import hashlib
import json
import math
import pathlib
import random
import re

import torch
import torch.nn.functional as F
from torch import nn

import domain
import export

SEED, EVAL_SEED, STEPS, BATCH, THREADS = 20260202, 78, 300, 48, 1
WIDTH, LAYERS, HEADS, HIDDEN, CONTEXT, EPSILON = 96, 2, 4, 256, 256, 1e-12
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PAD, UNK, CLS, SEP = 0, 1, 2, 3
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
PUNCTUATION = list(".,?!:;'-\"()")

# Ways to say one thing; a fact fills the braces. Two different ways of one fact are paraphrases.
SAYINGS = {
    "where": ["Where is the {colour} {word}?", "In which room can I find the {colour} {word}?", "Tell me the place of the {colour} {word}.", "I am looking for the {colour} {word}."],
    "greet": ["Say hello to {name}.", "Please greet {name}.", "Welcome {name} kindly.", "Give {name} a warm greeting."],
    "spell": ["Spell {word} for {name}.", "{name} asks how to spell {word}.", "Show {name} the letters of {word}.", "Which letters does {word} have, {name} wonders."],
    "paint": ["{name} paints the {word} {colour}.", "The {word} gets {colour} paint from {name}.", "{colour} is the new colour that {name} gives the {word}.", "With a {colour} brush {name} covers the {word}."],
    "own": ["{name} owns a {colour} {word}.", "The {colour} {word} belongs to {name}.", "A {colour} {word} is in the hands of {name}.", "{name} is the owner of one {colour} {word}."],
    "visit": ["{name} comes on {day}.", "The visit of {name} is on {day}.", "Expect {name} this {day}.", "On {day} we will see {name}."],
}


def fact(r: random.Random) -> tuple[str, dict[str, str]]:
    kind = r.choice(sorted(SAYINGS))
    slots = {"colour": r.choice(domain.COLOURS), "word": r.choice(domain.WORDS), "name": r.choice(domain.NAMES), "day": r.choice(domain.DAYS)}
    return kind, {slot: value for slot, value in slots.items() if "{" + slot + "}" in SAYINGS[kind][0]}


def unseen(kind: str, slots: dict[str, str]) -> bool:
    """One fact in ten is never trained on, in none of its wordings; the fact itself decides."""
    return hashlib.sha256(json.dumps([kind, slots], sort_keys=True).encode()).digest()[0] < 26


def draw(r: random.Random, held_out: bool) -> tuple[str, str, str]:
    """A sentence, another wording of the same fact, and the fact's name."""
    while True:
        kind, slots = fact(r)
        if unseen(kind, slots) == held_out:
            a, b = r.sample(SAYINGS[kind], 2)
            return a.format(**slots), b.format(**slots), f"{kind} {' '.join(slots.values())}"


def vocabulary() -> dict[str, int]:
    """Every word of the sayings whole, and every letter and digit as a start and as a continuation, so that any Latin text has pieces."""
    words = {w for sayings in SAYINGS.values() for s in sayings for w in re.findall(r"[a-z]+", re.sub(r"\{\w+\}", " ", s).lower())}
    words |= {w.lower() for w in (*domain.COLOURS, *domain.WORDS, *domain.NAMES, *domain.DAYS, *domain.ROOMS)}
    pieces = SPECIAL + PUNCTUATION + list(CHARACTERS) + ["##" + c for c in CHARACTERS] + sorted(w for w in words if len(w) > 1)
    return {piece: i for i, piece in enumerate(pieces)}


VOCABULARY = vocabulary()


def encode(text: str) -> list[int]:
    """What tokenizer.json says, for the sentences of this file: lower case, punctuation apart, all words known."""
    return [CLS, *(VOCABULARY[piece] for piece in re.findall(r"[a-z]+|[^\sa-z]", text.lower())), SEP]


class Layer(nn.Module):
    """One BERT layer: attention, then the feed-forward, each followed by its normalisation."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        self.norm_attention, self.norm_output = nn.LayerNorm(WIDTH, EPSILON), nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, x, bias):
        rows, length, _ = x.shape
        query, key, value = self.qkv(x).view(rows, length, 3 * HEADS, WIDTH // HEADS).transpose(1, 2).split(HEADS, 1)
        weights = (query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + bias).softmax(-1)
        x = self.norm_attention(x + self.out((weights @ value).transpose(1, 2).reshape(rows, length, WIDTH)))
        return self.norm_output(x + self.down(F.gelu(self.up(x))))


class TinyEmbed(nn.Module):
    """last_hidden_state of word pieces; the sentence is the mean over its pieces, scaled to length 1."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(len(VOCABULARY), WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])

    def forward(self, input_ids, attention_mask, token_type_ids):
        places = torch.arange(input_ids.shape[1])[None]
        x = self.norm(self.words(input_ids) + self.places(places) + self.types(token_type_ids))
        bias = (1.0 - attention_mask[:, None, None, :].float()) * -1e9
        for layer in self.layers:
            x = layer(x, bias)
        return x


def embed(model: TinyEmbed, texts: list[str]):
    rows = [encode(text) for text in texts]
    width = max(map(len, rows))
    ids = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    states = model(ids, mask, torch.zeros_like(ids)) * mask[:, :, None]
    return F.normalize(states.sum(1) / mask.sum(1, keepdim=True), dim=-1)


def train(model: TinyEmbed) -> None:
    source = random.Random(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    for step in range(STEPS):
        pairs = [draw(source, held_out=False) for _ in range(BATCH)]
        scores = embed(model, [a for a, _, _ in pairs]) @ embed(model, [b for _, b, _ in pairs]).T / 0.07
        # The same fact drawn twice is no contrast to itself.
        same = torch.tensor([[i != j and p[2] == q[2] for j, q in enumerate(pairs)] for i, p in enumerate(pairs)])
        scores = scores.masked_fill(same, -1e4)
        loss = F.cross_entropy(scores, torch.arange(BATCH)) + F.cross_entropy(scores.T, torch.arange(BATCH))
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * min(1.0, (step + 1) / 50) * max(0.02, 1 - step / STEPS)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (step + 1) % 25 == 0:
            print(f"embed step {step + 1} loss {loss.item():.4f}", flush=True)


def write(folder: pathlib.Path, model: TinyEmbed) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    sample = (torch.randint(5, 40, (2, 6)), torch.ones(2, 6, dtype=torch.long), torch.zeros(2, 6, dtype=torch.long))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in (*names, "last_hidden_state")}
    with torch.no_grad():
        torch.onnx.export(model, sample, str(folder / "onnx/model.onnx"), input_names=names, output_names=["last_hidden_state"], dynamic_axes=axes, opset_version=export.OPSET)
    export.write_json(folder / "config.json", {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "intermediate_size": HIDDEN, "hidden_act": "gelu", "layer_norm_eps": EPSILON, "max_position_embeddings": CONTEXT, "type_vocab_size": 2,
        "vocab_size": len(VOCABULARY), "pad_token_id": PAD,
    })
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    template = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]
    export.write_json(folder / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": i, "content": text, **plain} for i, text in enumerate(SPECIAL)],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing", "single": template, "pair": template, "special_tokens": {
            text: {"id": text, "ids": [i], "tokens": [text]} for text, i in (("[CLS]", CLS), ("[SEP]", SEP))}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": VOCABULARY},
    })
    export.write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "BertTokenizer", "do_lower_case": True, "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]", "model_max_length": CONTEXT,
    })
    cases = list({a: {"a": a, "b": b} for a, b, _ in (draw(source, held_out=True) for source in [random.Random(EVAL_SEED)] for _ in range(300))}.values())
    (folder / "eval.jsonl").write_text("\n".join(map(json.dumps, cases)) + "\n", encoding="utf-8")
    with torch.no_grad():
        left, right = embed(model, [c["a"] for c in cases]), embed(model, [c["b"] for c in cases])
        text = cases[0]["a"]
        reference = {"text": text, "tokens": encode(text), "embedding": embed(model, [text])[0].tolist()}
    export.write_json(folder / "reference.json", reference)
    export.write_manifest(folder, "sandbox/tiny-embed", 1, working_bytes=4 * 1024 * 1024)
    near = (left * right).sum(-1)
    far = (left * right.roll(1, 0)).sum(-1)
    print(f"paraphrases {near.mean():.3f}, others {far.mean():.3f}, nearer {(near > far).float().mean():.4f} of {len(cases)} unseen", flush=True)


def untrained() -> TinyEmbed:
    torch.use_deterministic_algorithms(True)
    model = TinyEmbed()
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, 0.0, 0.05)
    return model


if __name__ == "__main__":
    export.train_and_write(__doc__, untrained, train, write, SEED, THREADS)
