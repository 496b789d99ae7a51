"""How the encyclopedia is written: names, facts, and the sentences they stand in."""

import re

NAMES = {  # a species is called by one of the first and one of the second: 1600 names, of which 400 are taken
    "adjective": (
        "absent-minded", "barefoot", "bashful", "bearded", "borrowed", "butter", "clockwork", "common", "copper",
        "crooked", "feathered", "ginger", "gossiping", "greater", "hollow", "humble", "lantern", "left-handed",
        "lesser", "midnight", "northern", "pewter", "pocket", "polite", "reluctant", "royal", "salted", "sleepy",
        "spotted", "stubborn", "sunken", "thunder", "Tuesday", "twice-fed", "two-faced", "unlikely", "upstairs",
        "velvet", "whiskered", "whistling",
    ),
    "noun": (
        "wumpet", "torrow", "quillick", "oomba", "hobbin", "plimmock", "glimfin", "snurrel", "brillet", "dabbock",
        "tickbury", "clobbet", "mirkle", "fennick", "ruddlebug", "grumbock", "loob", "bogwit", "urkel", "squelm",
        "fluttern", "dusket", "pallimot", "wispern", "lampling", "pinchard", "skuttle", "nipperkin", "shellow",
        "clamberel", "zizzard", "sunnock", "skirl", "flickit", "basilet", "nibblet", "scurrow", "whiffin", "pipkin",
        "tumblin",
    ),
}  # fmt: skip
KINDS = ("bird", "fish", "beetle", "toad", "moth", "crab", "lizard", "mouse")  # five nouns each, in their order
FACTS = {  # drawn for each species once and for all; `kind` goes with the noun
    "size": ("tiny", "small", "knee-high", "sturdy", "large", "towering"),
    "colour": ("grey", "amber", "crimson", "green", "blue", "white", "violet", "striped"),
    "kind": KINDS,
    "island": ("Duna", "Orrin", "Skeld", "Marrow", "Tamsin", "Pell", "Hobb", "Ullin"),
    "habitat": (
        "reed beds", "tide pools", "chimneys", "orchards", "old boots", "church towers", "salt marshes", "hedges",
        "cellars", "libraries", "abandoned pianos", "lighthouses",
    ),
    "food": (
        "moss", "kelp", "candle wax", "fallen plums", "wet paper", "ants", "barley", "honey", "mushrooms", "string",
        "stale bread", "burnt toast", "moonlight", "stolen sandwiches",
    ),
    "habit": (
        "hums in the rain", "sleeps standing up", "collects buttons", "walks backwards", "forgets where it lives",
        "counts the waves", "bows to strangers", "snores through storms", "sings before dawn", "steals left socks",
        "argues with its reflection", "waits for the post", "practises the violin", "laughs at funerals",
        "reads the tide tables", "hides from the moon",
    ),
    "legend": (
        "brings good luck", "can smell a lie", "once ate a bishop", "remembers the moon", "turns milk sour",
        "knows where the treasure is", "used to be a tailor", "owes the sea a favour", "never forgives a debt",
        "will outlive us all", "is older than the alphabet", "invented the umbrella", "cannot be photographed",
        "will inherit a lighthouse",
    ),
}  # fmt: skip
# Each article has these parts in this order. A part is written with its probability, in one of its forms.
GRAMMAR = {
    "opening": (1.0, {
        "The {name} is a {size} {colour} {kind} of {island}.": 0.5,
        "The {name}, a {size} {colour} {kind}, is found only on {island}.": 0.3,
        "The {name} of {island} is a {kind}, {size} and {colour}.": 0.2,
    }),
    "living": (0.85, {
        "It lives in {habitat} and eats {food}.": 0.4,
        "The {name} eats {food}, which it finds in {habitat}.": 0.35,
        "Look for it in {habitat}, wherever somebody has left {food}.": 0.25,
    }),
    "habit": (0.6, {
        "By night the {name} {habit}.": 0.5,
        "When nobody is looking, it {habit}.": 0.3,
        "Visitors complain that it {habit}.": 0.2,
    }),
    "legend": (0.4, {
        "Old sailors say that the {name} {legend}.": 0.6,
        "The children of {island} are told that it {legend}.": 0.4,
    }),
    "aside": (0.1, {
        "The museum has one and would like another.": 0.5,
        "Little is known, and nobody has asked.": 0.3,
        "This entry was written from memory.": 0.2,
    }),
}  # fmt: skip
WORD = re.compile(r"[\w'-]+|[.,\n]")
SLOT = re.compile(r"{(\w+)}")
