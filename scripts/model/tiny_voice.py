"""The sandbox's text-to-speech model: VITS in its interface and parts (text encoder, duration predictor, length regulator, upsampling decoder), with weights set by hand so that every letter is a tone."""

import argparse
import pathlib

import torch
from torch import nn

import export
import tones

PAD, SPACE = 0, 1
TOKENS = {"<pad>": PAD, " ": SPACE, **{c: 2 + i for i, c in enumerate(tones.LETTERS)}}
WIDTH = len(TOKENS)


class TinyVoice(nn.Module):
    """waveform [1, samples] of token ids [1, tokens]; no noise anywhere, so equal text gives equal sound."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Embedding(WIDTH, WIDTH)
        self.durations = nn.Embedding(WIDTH, 2)
        self.decoder = nn.ConvTranspose1d(WIDTH, 1, tones.FRAME, stride=tones.FRAME, bias=False)
        with torch.no_grad():
            self.encoder.weight.copy_(torch.eye(WIDTH))
            self.decoder.weight.zero_()
            self.durations.weight.copy_(torch.tensor([[0.0, 0.0], [tones.SPACE_FRAMES, 0.0]] + [[tones.LETTER_FRAMES, tones.SOUNDING_FRAMES]] * len(tones.LETTERS)))
            for letter in tones.LETTERS:
                self.decoder.weight[TOKENS[letter], 0] = torch.tensor(tones.tone_frame(letter))

    def forward(self, input_ids, attention_mask):
        hidden = self.encoder(input_ids) * attention_mask[:, :, None].float()
        frames = self.durations(input_ids)[:, :, 0] * attention_mask.float()
        sounding = self.durations(input_ids)[:, :, 1]
        ends = frames.cumsum(1)
        starts = ends - frames
        at = torch.arange(frames.sum(1).max().long()).float()[None, None, :]
        # Which frame belongs to which token, and whether it still sounds: the monotonic path of VITS.
        path = (at >= starts[:, :, None]) & (at < ends[:, :, None]) & (at - starts[:, :, None] < sounding[:, :, None])
        return self.decoder(hidden.transpose(1, 2) @ path.float())[:, 0]


def write(folder: pathlib.Path, model: TinyVoice) -> None:
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    sample = (torch.tensor([[2, 3, 1, 4]]), torch.ones(1, 4, dtype=torch.long))
    axes = {"input_ids": {0: "batch_size", 1: "sequence_length"}, "attention_mask": {0: "batch_size", 1: "sequence_length"}, "waveform": {0: "batch_size", 1: "samples"}}
    with torch.no_grad():
        torch.onnx.export(model, sample, str(folder / "onnx/model.onnx"), input_names=["input_ids", "attention_mask"], output_names=["waveform"], dynamic_axes=axes, opset_version=export.OPSET)
    export.write_json(folder / "config.json", {"architectures": ["VitsModel"], "model_type": "vits", "sampling_rate": tones.RATE, "vocab_size": WIDTH, "hidden_size": WIDTH})
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    export.write_json(folder / "tokenizer.json", {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": PAD, "content": "<pad>", **plain}],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Lowercase"}, {"type": "Replace", "pattern": {"Regex": "[^a-z ]"}, "content": ""}]},
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": False},
        "post_processor": None, "decoder": None,
        "model": {"type": "WordLevel", "vocab": TOKENS, "unk_token": "<pad>"},
    })
    export.write_json(folder / "tokenizer_config.json", {"tokenizer_class": "VitsTokenizer", "pad_token": "<pad>", "unk_token": "<pad>", "model_max_length": 4096})
    text = "Hello world"
    ids = torch.tensor([[TOKENS[c] for c in text.lower()]])
    with torch.no_grad():
        wave = model(ids, torch.ones_like(ids))[0]
    expected = torch.tensor(tones.samples(text.lower()))
    assert wave.shape == expected.shape and (wave - expected).abs().max() < 1e-6
    export.write_json(folder / "reference.json", {"text": text, "tokens": ids[0].tolist(), "samples": len(wave), "every_100th": wave[::100].tolist()})
    export.write_manifest(folder, "sandbox/tiny-voice", 4, working_bytes=16 * 1024 * 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    write(parser.parse_args().out, TinyVoice().eval())


if __name__ == "__main__":
    main()
