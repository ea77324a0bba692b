"""The sandbox's speech-to-text model: a small Wav2Vec2 with a CTC head, taught to hear the tone alphabet under noise."""

import math
import pathlib
import random
import struct

import torch
import torch.nn.functional as F
from torch import nn

import export
import tones

SEED, EVAL_SEED, STEPS, BATCH, THREADS = 20260303, 79, 400, 8, 1
PEAK_RATE = 1e-3
KERNEL = 400  # 25 ms every 20 ms
PHASES = 4
CONVS = ((1, PHASES * len(tones.LETTERS), KERNEL, tones.FRAME),)
WIDTH, HEADS, HIDDEN, LAYERS, PLACES_KERNEL = 64, 4, 128, 1, 9
TOKENS = ["<pad>", "<unk>", "|", *tones.LETTERS]


class Layer(nn.Module):
    """One transformer layer as in Wav2Vec2: attention and feed-forward, normalised after each."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
        self.norm, self.final = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, x):
        rows, length, _ = x.shape
        query, key, value = self.qkv(x).view(rows, length, 3 * HEADS, WIDTH // HEADS).transpose(1, 2).split(HEADS, 1)
        weights = (query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS)).softmax(-1)
        x = self.norm(x + self.out((weights @ value).transpose(1, 2).reshape(rows, length, WIDTH)))
        return self.final(x + self.down(F.gelu(self.up(x))))


class TinyEar(nn.Module):
    """logits [1, frames, tokens] of input_values [1, samples]: convolutions, projection, positions by convolution, transformer, CTC head."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv1d(a, b, kernel, stride) for a, b, kernel, stride in CONVS])
        # It begins as a bank of filters, four phases for each tone, so that a few minutes of training are enough.
        at = torch.arange(KERNEL) / tones.RATE
        bank = [torch.cos(2 * math.pi * (tones.frequency(c) * at + phase / PHASES)) for c in tones.LETTERS for phase in range(PHASES)]
        with torch.no_grad():
            self.convs[0].weight.copy_(torch.stack(bank)[:, None] * torch.hann_window(KERNEL) * 0.02)
        self.norm_features, self.project = nn.LayerNorm(CONVS[-1][1]), nn.Linear(CONVS[-1][1], WIDTH)
        self.places = nn.Conv1d(WIDTH, WIDTH, PLACES_KERNEL, padding=PLACES_KERNEL // 2)
        self.norm = nn.LayerNorm(WIDTH)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.head = nn.Linear(WIDTH, len(TOKENS))

    def forward(self, input_values):
        x = input_values[:, None]
        for conv in self.convs:
            x = F.gelu(conv(x))
        x = self.project(self.norm_features(x.transpose(1, 2)))
        x = self.norm(x + F.gelu(self.places(x.transpose(1, 2)).transpose(1, 2).contiguous()))
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


def normalised(values):
    """As the feature extractor does: mean 0, variance 1."""
    return (values - values.mean()) / torch.sqrt(values.var(unbiased=False) + 1e-7)


def sound(text: str, r: random.Random, lead: int | None = None):
    """The text's tones at any loudness, after some silence, under some noise."""
    clean = torch.tensor([0.0] * (r.randrange(0, 1_600) if lead is None else lead) + tones.samples(text) + [0.0] * r.randrange(0, 1_600))
    noise = torch.randn(len(clean), generator=torch.Generator().manual_seed(r.randrange(1 << 30)))
    return clean * r.uniform(0.2, 1.5) + noise * r.uniform(0.0, 0.05)


def phrase(r: random.Random) -> str:
    return " ".join("".join(r.choice(tones.LETTERS) for _ in range(r.randint(1, 5))) for _ in range(r.randint(1, 2)))


def heard(logits) -> str:
    """Greedy CTC: repeats joined, blanks dropped."""
    ids = logits.argmax(-1).tolist()
    kept = [i for n, i in enumerate(ids) if i != 0 and (n == 0 or ids[n - 1] != i)]
    return "".join(TOKENS[i] for i in kept).replace("|", " ").strip()


# Middle of what one frame sees.
MIDDLE = KERNEL // 2


def labels(text: str, lead: int, frames: int) -> list[int]:
    """What each frame hears at its middle: a letter while it sounds, a word's end in the middle of a space, else nothing."""
    out = []
    for frame in range(frames):
        at = (frame * tones.FRAME + MIDDLE - lead) // tones.FRAME
        letter, within = (at // tones.LETTER_FRAMES, at % tones.LETTER_FRAMES) if at >= 0 else (len(text), 0)
        c = text[letter] if letter < len(text) else ""
        if c == " ":
            out.append(TOKENS.index("|") if 2 <= within <= 4 else 0)
        else:
            out.append(TOKENS.index(c) if c and within < tones.SOUNDING_FRAMES else 0)
    return out


def train(model: TinyEar) -> None:
    """Where each tone lies is known, so every frame is taught by itself."""
    source = random.Random(SEED)
    # The filters stay as they are, as is usual when a Wav2Vec2 is tuned.
    for parameter in model.convs.parameters():
        parameter.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=PEAK_RATE, weight_decay=0.01)
    for step in range(STEPS):
        loss = torch.zeros(())
        texts = [phrase(source) for _ in range(BATCH)]
        for text in texts:
            lead = source.randrange(0, 1_600)
            logits = model(normalised(sound(text, source, lead))[None])[0]
            loss = loss + F.cross_entropy(logits, torch.tensor(labels(text, lead, len(logits)))) / BATCH
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(1.0, (step + 1) / 40) * max(0.02, 1 - step / STEPS)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 20 == 0:
            print(f"ear step {step + 1} loss {loss.item():.4f}", flush=True)


def write_wav(path: pathlib.Path, values) -> list[float]:
    """16-bit PCM; gives the samples as they read back."""
    whole = [max(-32768, min(32767, round(v * 32768))) for v in values.tolist()]
    data = struct.pack(f"<{len(whole)}h", *whole)
    head = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, tones.RATE, tones.RATE * 2, 2, 16) + b"data" + struct.pack("<I", len(data))
    path.write_bytes(head + data)
    return [v / 32768 for v in whole]


def write(folder: pathlib.Path, model: TinyEar) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    axes = {"input_values": {0: "batch_size", 1: "samples"}, "logits": {0: "batch_size", 1: "frames"}}
    with torch.no_grad():
        torch.onnx.export(model, (torch.randn(1, 8_000),), str(folder / "onnx/model.onnx"), input_names=["input_values"], output_names=["logits"], dynamic_axes=axes, opset_version=export.OPSET)
    export.write_json(folder / "config.json", {
        "architectures": ["Wav2Vec2ForCTC"], "model_type": "wav2vec2", "vocab_size": len(TOKENS), "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "intermediate_size": HIDDEN, "conv_dim": [c[1] for c in CONVS], "conv_kernel": [c[2] for c in CONVS], "conv_stride": [c[3] for c in CONVS], "pad_token_id": 0,
    })
    export.write_json(folder / "preprocessor_config.json", {
        "feature_extractor_type": "Wav2Vec2FeatureExtractor", "processor_class": "Wav2Vec2Processor", "do_normalize": True, "feature_size": 1, "padding_side": "right", "padding_value": 0.0,
        "return_attention_mask": False, "sampling_rate": tones.RATE,
    })
    # No special tokens: they would be dropped before repeats are joined, and with them what parts two equal letters.
    export.write_json(folder / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "|"},
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": False},
        "post_processor": None, "decoder": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
        "model": {"type": "WordLevel", "vocab": {t: i for i, t in enumerate(TOKENS)}, "unk_token": "<unk>"},
    })
    export.write_json(folder / "tokenizer_config.json", {"tokenizer_class": "Wav2Vec2CTCTokenizer", "pad_token": "<pad>", "unk_token": "<unk>", "word_delimiter_token": "|", "model_max_length": 4096})
    r = random.Random(EVAL_SEED)
    cases, right, wrong = [phrase(r) for _ in range(200)], 0, 0
    with torch.no_grad():
        for text in cases:
            right += heard(model(normalised(sound(text, r))[None])[0]) == text
        values = torch.tensor(write_wav(folder / "reference.wav", sound("tell me more", r).clamp(-0.9, 0.9)))
        logits = model(normalised(values)[None])[0]
    export.write_json(folder / "reference.json", {"spoken": "tell me more", "text": heard(logits), "frames": logits.shape[0], "ids": logits.argmax(-1).tolist(), "first_frame": logits[0].tolist()})
    export.write_manifest(folder, "sandbox/tiny-ear", 5, working_bytes=32 * 1024 * 1024)
    print(f"heard exactly {right} of {len(cases)}; the reference as {heard(logits)!r}", flush=True)


if __name__ == "__main__":
    export.train_and_write(__doc__, TinyEar, train, write, SEED, THREADS)
