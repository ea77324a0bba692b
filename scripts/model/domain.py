"""The small world the sandbox chat model is taught: prompts, their one right answer, and which prompts are kept unseen (README.md here)."""

import hashlib
import random

WORDS = (
    "lamp cup key book bell rope coin fan disk clock chair desk "
    "drum fork kite map nail pen ring tent wire mug plug hat"
).split()
NAMES = "Ada Ben Cleo Dan Eva Finn Gus Hana Ivo Jill Kai Lena Max Nora Otto Pia".split()
COLOURS = "red blue green white black pink gold grey".split()
ROOMS = "hall kitchen attic garage cellar office".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

# One prompt in ten is never trained on; which one is decided by the prompt itself, so no list can drift.
HELD_OUT_SHARE = 26 / 256


def room_of(word: str) -> str:
    """Every object has one room; the table is nothing but the object's place in WORDS."""
    return ROOMS[WORDS.index(word) % len(ROOMS)]


def shelf_of(colour: str) -> int:
    """Every colour has one shelf, 1 to 8."""
    return COLOURS.index(colour) + 1


def greet(r: random.Random) -> tuple[str, str]:
    a, b = r.sample(NAMES, 2)
    prompt = r.choice(["Say hello to {} and {}.", "Greet {} and {}."]).format(a, b)
    return prompt, f"Hello {a} and {b}!"


def where(r: random.Random) -> tuple[str, str]:
    colour, word = r.choice(COLOURS), r.choice(WORDS)
    prompt = r.choice(["Where is the {} {}?", "Where can I find the {} {}?", "In which room is the {} {}?"])
    return prompt.format(colour, word), f"The {colour} {word} is in the {room_of(word)}, shelf {shelf_of(colour)}."


def double(r: random.Random) -> tuple[str, str]:
    name, word, n = r.choice(NAMES), r.choice(WORDS), r.randint(2, 20)
    return f"{name} has {n} {word}s and gets {n} more.", f"{name} has {2 * n} {word}s."


def capitals(r: random.Random) -> tuple[str, str]:
    a, b = r.choice(WORDS), r.choice(WORDS)
    prompt = r.choice(["Write {} and {} in capitals.", "Capitals please: {} and {}."]).format(a, b)
    return prompt, f"{a.upper()} {b.upper()}"


def spell(r: random.Random) -> tuple[str, str]:
    name, word = r.choice(NAMES), r.choice(WORDS)
    prompt = r.choice(["Spell {1} for {0}.", "{0} asks how to spell {1}."]).format(name, word)
    return prompt, f"{name}, it is {'-'.join(word)}."


def count(r: random.Random) -> tuple[str, str]:
    a, b = r.choice(WORDS), r.choice(WORDS)
    return f"How many letters have {a} and {b}?", f"{a} has {len(a)} and {b} has {len(b)}."


def backwards(r: random.Random) -> tuple[str, str]:
    a, b = r.choice(WORDS), r.choice(WORDS)
    return f"Write {a} and {b} backwards.", f"{a[::-1]} {b[::-1]}"


def paint(r: random.Random) -> tuple[str, str]:
    name, word, colour = r.choice(NAMES), r.choice(WORDS), r.choice(COLOURS)
    return f"{name} paints the {word} {colour}. What now?", f"The {word} of {name} is {colour}."


def day(r: random.Random) -> tuple[str, str]:
    name, today = r.choice(NAMES), r.choice(DAYS)
    word, step = r.choice([("came yesterday", -1), ("comes tomorrow", 1)])
    verb = word.split()[0]
    return f"It is {today}. {name} {word}. When?", f"{name} {verb} on {DAYS[(DAYS.index(today) + step) % 7]}."


TASKS = (greet, where, double, capitals, spell, count, backwards, paint, day)


def held_out(prompt: str) -> bool:
    """True for the prompts that training never sees: the first byte of their SHA-256 decides."""
    return hashlib.sha256(prompt.encode()).digest()[0] < HELD_OUT_SHARE * 256


def draw(r: random.Random, unseen: bool) -> tuple[str, str, str]:
    """One (task name, prompt, answer), each task equally likely, from the trained or from the unseen part."""
    while True:
        task = r.choice(TASKS)
        prompt, answer = task(r)
        if held_out(prompt) == unseen:
            return task.__name__, prompt, answer
