#!/usr/bin/python3
"""Writes src/Rlaif/Data/Resources/unicode-base-letters.txt: what is left of a character when its accents are taken away.

A line is a code point and those of its canonical decomposition (NFD) without non-spacing marks, in hex. Characters that stay as they
are, marks alone and Hangul syllables (which are computed) have no line. Needs Python only.
"""

import pathlib
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[5]
HANGUL = range(0xAC00, 0xD7A4)


def main():
    lines = [
        "# Canonical decompositions without non-spacing marks, from the Unicode Character Database "
        f"{unicodedata.unidata_version}; made by make_base_letters.py."
    ]
    for point in range(sys.maxunicode + 1):
        char = chr(point)
        if 0xD800 <= point < 0xE000 or point in HANGUL or unicodedata.category(char) == "Mn":
            continue
        base = "".join(c for c in unicodedata.normalize("NFD", char) if unicodedata.category(c) != "Mn")
        if base != char:
            lines.append(" ".join(f"{p:04X}" for p in [point, *map(ord, base)]))
    path = ROOT / "src/Rlaif/Data/Resources/unicode-base-letters.txt"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(f"{len(lines) - 1} characters in {path}")


main()
