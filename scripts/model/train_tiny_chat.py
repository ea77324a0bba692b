"""Trains the sandbox's chat model with fixed seeds and a fixed number of steps, measures it on unseen prompts and writes the model folder."""

import argparse
import pathlib
import random
import time

import torch
import torch.nn.functional as F

import domain
import export
from network import TinyChat

SEED, EVAL_SEED = 20260101, 77
BATCH, PEAK_RATE, WARM_STEPS = 32, 3e-3, 40
THREADS = 2  # part of the recipe: sums of floats depend on how the work is split
EVAL_PROMPTS = 600


def encode(prompt: str, answer: str) -> tuple[list[int], int]:
    """Token ids of a whole exchange in the chat template, and where the answer starts."""
    ids = lambda text: [export.TOKEN_OF_BYTE[b] for b in text.encode()]
    head = [export.START, *ids("user\n" + prompt), export.END, *ids("\n"), export.START, *ids("assistant\n")]
    return head + ids(answer) + [export.END], len(head)


def tensors(pairs: list[tuple[str, str]]):
    """Inputs, targets and the mask of answer positions, padded on the right."""
    rows = [encode(*pair) for pair in pairs]
    width = max(len(ids) for ids, _ in rows)
    whole = torch.tensor([ids + [export.PAD] * (width - len(ids)) for ids, _ in rows])
    mask = torch.tensor([[head <= i < len(ids) for i in range(1, width)] for ids, head in rows])
    return whole[:, :-1], whole[:, 1:], mask


def forward(model: TinyChat, inputs):
    """Logits of a batch without a past; causality makes the padding on the right invisible."""
    rows, length = inputs.shape
    positions = torch.arange(length)[None].expand(rows, length)
    return model(inputs, torch.ones(rows, length, dtype=torch.long), positions)[0]


def train(model: TinyChat, steps: int) -> None:
    """AdamW with warm-up and linear decay on the answers alone; prompts are given, not predicted."""
    source = random.Random(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.02)
    started = time.time()
    for step in range(steps):
        inputs, targets, mask = tensors([domain.draw(source, unseen=False)[1:] for _ in range(BATCH)])
        loss = F.cross_entropy(forward(model, inputs)[mask], targets[mask])
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(1.0, (step + 1) / WARM_STEPS) * max(0.02, 1 - step / steps)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 50 == 0:
            print(f"step {step + 1}/{steps} loss {loss.item():.4f} {time.time() - started:.0f} s", flush=True)
        if (step + 1) % 300 == 0:
            print(f"  exact on 200 unseen: {exactness(model, unseen_prompts()[:200]):.3f}", flush=True)


def unseen_prompts() -> list[tuple[str, str, str]]:
    """EVAL_PROMPTS different prompts that training never draws."""
    source, found = random.Random(EVAL_SEED), {}
    while len(found) < EVAL_PROMPTS:
        task, prompt, answer = domain.draw(source, unseen=True)
        found[prompt] = (task, prompt, answer)
    return list(found.values())


def exactness(model: TinyChat, cases: list[tuple[str, str, str]]) -> float:
    """Share of answers that greedy decoding gives exactly: the argmax is right at every place of the answer, given the places before."""
    right, wrong = 0, {}
    with torch.no_grad():
        for at in range(0, len(cases), 50):
            part = cases[at : at + 50]
            inputs, targets, mask = tensors([case[1:] for case in part])
            agrees = ((forward(model, inputs).argmax(-1) == targets) | ~mask).all(1).tolist()
            right += sum(agrees)
            for case, ok in zip(part, agrees):
                wrong[case[0]] = wrong.get(case[0], 0) + (0 if ok else 1)
    print("  wrong by task:", wrong, flush=True)
    return right / len(cases)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    model = TinyChat(export.VOCABULARY)
    print("parameters", sum(p.numel() for p in model.parameters()), flush=True)
    train(model, options.steps)
    model.eval()
    cases = unseen_prompts()
    share = exactness(model, cases)
    export.write_folder(options.out, model, cases)
    print(f"exact on {len(cases)} unseen prompts: {share:.4f}", flush=True)


if __name__ == "__main__":
    main()
