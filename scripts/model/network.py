"""The network: a Llama-shaped decoder over bytes (RMS norm, rotary positions, SwiGLU), with a key-value cache that batches safely."""

import math

import torch
import torch.nn.functional as F
from torch import nn

WIDTH, LAYERS, HEADS, HIDDEN = 160, 4, 4, 432
HEAD_WIDTH = WIDTH // HEADS
ROPE_BASE = 10000.0
EPSILON = 1e-5


class RmsNorm(nn.Module):
    """Scale by the root mean square, then by a learned weight."""

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * self.weight


def rotate(x, cos, sin):
    """Rotary positions in the half-split convention of Llama checkpoints."""
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


class Block(nn.Module):
    """One layer: attention over past and present, then the gated feed-forward. Fused projections keep the graph short."""

    def __init__(self, width: int = WIDTH, heads: int = HEADS, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.width, self.heads, self.hidden = width, heads, hidden
        self.norm_in, self.norm_mid = RmsNorm(width), RmsNorm(width)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate_up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x, cos, sin, bias, past_key=None, past_value=None):
        rows, length, _ = x.shape
        head_width = self.width // self.heads
        qkv = self.qkv(self.norm_in(x)).view(rows, length, 3 * self.heads, head_width).transpose(1, 2)
        query, key, value = qkv.split(self.heads, 1)
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        if past_key is not None:
            key, value = torch.cat([past_key, key], 2), torch.cat([past_value, value], 2)
        weights = (query @ key.transpose(2, 3) / math.sqrt(head_width) + bias).softmax(-1)
        x = x + self.out((weights @ value).transpose(1, 2).reshape(rows, length, self.width))
        gate, up = self.gate_up(self.norm_mid(x)).split(self.hidden, -1)
        return x + self.down(F.silu(gate) * up), key, value


def run_blocks(blocks, x, attention_mask, position_ids, past):
    """All layers over embedded tokens; gives the last states and the new cache."""
    length, total = x.shape[1], attention_mask.shape[1]
    head_width = blocks[0].width // blocks[0].heads
    at_key, at_query = torch.arange(total), torch.arange(length) + (total - length)
    visible = (at_key[None, :] <= at_query[:, None])[None, None] & attention_mask[:, None, None, :].bool()
    # A finite value: a row that is all padding then yields an even spread instead of NaN.
    bias = torch.where(visible, torch.tensor(0.0), torch.tensor(-1e9))
    frequency = 1.0 / (ROPE_BASE ** (torch.arange(0, head_width, 2).float() / head_width))
    angle = position_ids[:, :, None].float() * frequency[None, None, :]
    angle = torch.cat([angle, angle], -1)[:, None]
    cos, sin = angle.cos(), angle.sin()
    cache = []
    for i, block in enumerate(blocks):
        x, key, value = block(x, cos, sin, bias, *past[2 * i : 2 * i + 2])
        cache += [key, value]
    return x, cache


class TinyChat(nn.Module):
    """Logits and the new cache from token ids, an attention mask over past and present, position ids and the past."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, WIDTH)
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm = RmsNorm()
        self.head = nn.Linear(WIDTH, vocabulary, bias=False)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, 0.0, 0.04)

    def forward(self, input_ids, attention_mask, position_ids, *past):
        x, cache = run_blocks(self.blocks, self.embed(input_ids), attention_mask, position_ids, past)
        return (self.head(self.norm(x)), *cache)
