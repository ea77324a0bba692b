"""The sandbox's tone alphabet: each letter is a tone, so that what one model speaks another can hear (README.md here)."""

import math

RATE = 16_000
FRAME = 320  # 20 ms
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SOUNDING_FRAMES, LETTER_FRAMES, SPACE_FRAMES = 5, 7, 7


def frequency(letter: str) -> int:
    """Multiples of 50 Hz: a tone then goes on without a break from one 20 ms frame to the next."""
    return 400 + 150 * LETTERS.index(letter)


def tone_frame(letter: str) -> list[float]:
    return [0.5 * math.sin(2 * math.pi * frequency(letter) * n / RATE) for n in range(FRAME)]


def samples(text: str) -> list[float]:
    """A text as sound: five frames of tone and two of silence for a letter, seven of silence for a space."""
    out: list[float] = []
    for c in text:
        sounding = SOUNDING_FRAMES if c in LETTERS else 0
        frames = LETTER_FRAMES if c in LETTERS else SPACE_FRAMES
        for _ in range(sounding):
            out += tone_frame(c)
        out += [0.0] * FRAME * (frames - sounding)
    return out
