"""The sandbox's vision model: a LLaVA in its parts (vision encoder, projector, token embeddings, Llama decoder over both), taught to name the colours of a square and its ground."""

import pathlib
import random
import struct
import zlib

import torch
import torch.nn.functional as F
from torch import nn

import export
from network import Block, RmsNorm, run_blocks

SEED, EVAL_SEED, STEPS, BATCH, THREADS = 20260404, 80, 400, 16, 1
SIDE, PATCH, WIDTH, HEADS, HIDDEN, LAYERS, CONTEXT = 32, 8, 96, 4, 256, 2, 512
PATCHES = (SIDE // PATCH) ** 2
HEAD_WIDTH = WIDTH // HEADS
SPECIAL = [*export.SPECIAL, "<image>"]
PAD, START, END, IMAGE = 0, 1, 2, 3
BYTE = len(SPECIAL)
VOCABULARY = BYTE + 256
COLOURS = {"red": (220, 40, 40), "green": (40, 180, 60), "blue": (40, 70, 220), "yellow": (230, 220, 50), "white": (245, 245, 245), "black": (15, 15, 15), "pink": (240, 130, 190), "grey": (128, 128, 128)}
QUESTIONS = {"ground": "What colour is the ground?", "square": "What colour is the square?"}


class VisionEncoder(nn.Module):
    """image_features [images, patches, width]: patches, their places, two layers that project into the decoder's space."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.places = nn.Parameter(torch.randn(1, PATCHES, WIDTH) * 0.04)
        self.up, self.down = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, pixel_values):
        x = self.patches(pixel_values).flatten(2).transpose(1, 2) + self.places
        return self.down(F.gelu(self.up(x)))


class Decoder(nn.Module):
    """logits and the new cache from embedded tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block(WIDTH, HEADS, HIDDEN) for _ in range(LAYERS)])
        self.norm, self.head = RmsNorm(WIDTH), nn.Linear(WIDTH, VOCABULARY, bias=False)

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        x, cache = run_blocks(self.blocks, inputs_embeds, attention_mask, position_ids, past)
        return (self.head(self.norm(x)), *cache)


class TinyVision(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.vision, self.embed, self.decoder = VisionEncoder(), nn.Embedding(VOCABULARY, WIDTH), Decoder()
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0.0, 0.05)

    def forward(self, ids, pixels):
        """Logits of whole rows; the image stands at the same places in every row."""
        x = self.embed(ids).clone()
        x[ids == IMAGE] = self.vision(pixels).reshape(-1, WIDTH)
        rows, length = ids.shape
        return self.decoder(x, torch.ones(rows, length, dtype=torch.long), torch.arange(length)[None].expand(rows, length))[0]


def picture(ground: str, square: str, r: random.Random):
    """A square somewhere on a ground, with some grain, as bytes [3, side, side]."""
    image = torch.tensor(COLOURS[ground], dtype=torch.float)[:, None, None].expand(3, SIDE, SIDE).clone()
    x, y = r.randrange(0, SIDE // 2), r.randrange(0, SIDE // 2)
    image[:, y : y + SIDE // 2, x : x + SIDE // 2] = torch.tensor(COLOURS[square], dtype=torch.float)[:, None, None]
    grain = torch.randn(3, SIDE, SIDE, generator=torch.Generator().manual_seed(r.randrange(1 << 30))) * 6
    return (image + grain).clamp(0, 255).round()


def pixels(image):
    """As the image processor does: mean and deviation one half."""
    return (image / 255 - 0.5) / 0.5


def prompt_ids(question: str) -> list[int]:
    ids = lambda text: [BYTE + b for b in text.encode()]
    return [START, *ids("user\n"), *[IMAGE] * PATCHES, *ids(question), END, *ids("\n"), START, *ids("assistant\n")]


def draw(r: random.Random):
    ground, square = r.sample(sorted(COLOURS), 2)
    kind = r.choice(sorted(QUESTIONS))
    return picture(ground, square, r), kind, ground if kind == "ground" else square


def train(model: TinyVision) -> None:
    source = random.Random(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)
    for step in range(STEPS):
        cases = [draw(source) for _ in range(BATCH)]
        rows = [prompt_ids(QUESTIONS[kind]) + [BYTE + b for b in answer.encode()] + [END] for _, kind, answer in cases]
        width = max(map(len, rows))
        whole = torch.tensor([row + [PAD] * (width - len(row)) for row in rows])
        mask = torch.tensor([[len(prompt_ids(QUESTIONS[kind])) <= i < len(row) for i in range(1, width)] for row, (_, kind, _) in zip(rows, cases)])
        logits = model(whole[:, :-1], pixels(torch.stack([image for image, _, _ in cases])))
        loss = F.cross_entropy(logits[mask], whole[:, 1:][mask])
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * min(1.0, (step + 1) / 30) * max(0.02, 1 - step / STEPS)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 20 == 0:
            print(f"vision step {step + 1} loss {loss.item():.4f}", flush=True)


def greedy(model: TinyVision, image, question: str) -> tuple[list[int], str]:
    ids = prompt_ids(question)
    answer: list[int] = []
    while len(answer) < 24:
        token = model(torch.tensor([ids + answer]), pixels(image)[None])[0, -1].argmax().item()
        answer.append(token)
        if token == END:
            break
    return answer, bytes(t - BYTE for t in answer if t >= BYTE).decode("utf-8", "replace")


def write_png(path: pathlib.Path, image) -> None:
    rows = b"".join(b"\0" + bytes(image[:, y].permute(1, 0).reshape(-1).int().tolist()) for y in range(SIDE))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}{% if m['content'] is string %}{{ m['content'] }}{% else %}"
    "{% for p in m['content'] %}{% if p['type'] == 'image' %}{{ '<image>' }}{% else %}{{ p['text'] }}{% endif %}{% endfor %}{% endif %}{{ '<|im_end|>' + '\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def write_graphs(folder: pathlib.Path, model: TinyVision) -> None:
    to = lambda name: str(folder / "onnx" / f"{name}.onnx")
    with torch.no_grad():
        torch.onnx.export(model.vision, (torch.randn(1, 3, SIDE, SIDE),), to("vision_encoder"), input_names=["pixel_values"], output_names=["image_features"], dynamic_axes={n: {0: "images"} for n in ("pixel_values", "image_features")}, opset_version=export.OPSET)
        torch.onnx.export(model.embed, (torch.tensor([[1, 2, 3]]),), to("embed_tokens"), input_names=["input_ids"], output_names=["inputs_embeds"], dynamic_axes={n: {0: "batch_size", 1: "sequence_length"} for n in ("input_ids", "inputs_embeds")}, opset_version=export.OPSET)
        cache = [f"{i}.{part}" for i in range(LAYERS) for part in ("key", "value")]
        inputs = ["inputs_embeds", "attention_mask", "position_ids", *(f"past_key_values.{c}" for c in cache)]
        outputs = ["logits", *(f"present.{c}" for c in cache)]
        axes = {name: {0: "batch_size", 1: "sequence_length"} for name in ("inputs_embeds", "position_ids", "logits")}
        axes["attention_mask"] = {0: "batch_size", 1: "total_sequence_length"}
        axes.update({n: {0: "batch_size", 2: "past_sequence_length"} for n in inputs[3:]})
        axes.update({n: {0: "batch_size", 2: "total_sequence_length"} for n in outputs[1:]})
        rows, length, past = 2, 3, 5
        sample = (torch.randn(rows, length, WIDTH), torch.ones(rows, past + length, dtype=torch.long), torch.arange(past, past + length)[None].expand(rows, length).contiguous(), *[torch.randn(rows, HEADS, past, HEAD_WIDTH) for _ in cache])
        torch.onnx.export(model.decoder, sample, to("decoder_model_merged"), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=export.OPSET)


def write(folder: pathlib.Path, model: TinyVision) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    write_graphs(folder, model)
    ends = {"bos_token_id": START, "eos_token_id": END, "pad_token_id": PAD}
    text_config = {
        "model_type": "llama", "hidden_size": WIDTH, "intermediate_size": HIDDEN, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": HEADS,
        "head_dim": HEAD_WIDTH, "vocab_size": VOCABULARY, "max_position_embeddings": CONTEXT, **ends,
    }
    export.write_json(folder / "config.json", {
        "architectures": ["LlavaForConditionalGeneration"], "model_type": "llava", "image_token_index": IMAGE, "text_config": text_config,
        "vision_config": {"model_type": "clip_vision_model", "image_size": SIDE, "patch_size": PATCH, "hidden_size": WIDTH}, "max_position_embeddings": CONTEXT, **ends,
    })
    export.write_json(folder / "generation_config.json", {**ends, "do_sample": False})
    export.write_json(folder / "preprocessor_config.json", {
        "image_processor_type": "CLIPImageProcessor", "processor_class": "LlavaProcessor", "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "do_center_crop": False,
        "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "do_convert_rgb": True, "resample": 3,
    })
    export.write_json(folder / "processor_config.json", {"processor_class": "LlavaProcessor", "image_token": "<image>", "patch_size": PATCH, "num_additional_image_tokens": 0})
    export.write_tokenizer(folder, SPECIAL, TEMPLATE)
    r = random.Random(EVAL_SEED)
    right = 0
    with torch.no_grad():
        for _ in range(100):
            image, kind, answer = draw(r)
            right += greedy(model, image, QUESTIONS[kind])[1] == answer
        image = picture("yellow", "blue", r)
        write_png(folder / "reference.png", image)
        cases = []
        for question in QUESTIONS.values():
            tokens, text = greedy(model, image, question)
            cases.append({"question": question, "prompt_tokens": len(prompt_ids(question)), "tokens": tokens, "text": text})
        reference = {"cases": cases, "first_feature": model.vision(pixels(image)[None])[0, 0].tolist()}
    export.write_json(folder / "reference.json", reference)
    export.write_manifest(folder, "sandbox/tiny-vision", 2, "onnx/decoder_model_merged.onnx", 16 * 1024 * 1024)
    print(f"right {right} of 100 unseen pictures; {[c['text'] for c in cases]}", flush=True)


if __name__ == "__main__":
    export.train_and_write(__doc__, TinyVision, train, write, SEED, THREADS)
