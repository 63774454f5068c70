"""Characters that pass for a Latin letter, and which letter they pass for."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

LOOKALIKES = Path(__file__).with_name("lookalikes.txt")
# Compatibility forms that are a letter in another dress: fullwidth, mathematical, circled ...
DRESSED = ("<wide>", "<font>", "<circle>", "<square>", "<sub>", "<super>", "<small>")
# Latin-1 and Latin Extended-A are the letters of real languages (ø, ł, ı, ß): never folded.
REAL_LATIN_END = 0x0180
ORDINALS = "ªº"
SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True))
# Letters in black or outlined boxes, which Unicode does not decompose.
BOXED_ALPHABETS = (0x1F130, 0x1F150, 0x1F170)
ALPHABET = 26
# Close in form, and used so, but not in the Unicode list of confusables.
ALSO = dict(zip("ктмнвпияεκτηωχβµμ", "ktmhbnurektnwxbuu", strict=True))


@cache
def undressed(char: str) -> str | None:
    """The plain ASCII a dressed-up letter or digit stands for, else None."""
    code = ord(char)
    for first in BOXED_ALPHABETS:
        if first <= code < first + ALPHABET:
            return chr(ord("a") + code - first)
    if char in SMALL_CAPITALS:
        return SMALL_CAPITALS[char]
    decomposition = unicodedata.decomposition(char)
    if not decomposition.startswith(DRESSED) or char in ORDINALS:
        return None
    plain = unicodedata.normalize("NFKC", char)
    raised_digit = decomposition.startswith(("<sub>", "<super>")) and not plain.isalpha()
    return None if raised_digit or len(plain) != 1 or not plain.isascii() else plain


@cache
def latin_lookalike(char: str) -> str | None:
    """The Latin letter a letter of another script is confused with, else None.

    Letters that are Latin with an accent are themselves: é is not e, so fadas survive.
    """
    if ord(char) < REAL_LATIN_END and char not in ALSO:
        return None
    if not char.isalpha() or unicodedata.decomposition(char).startswith("0"):
        return None
    found = _table().get(char) or ALSO.get(char)
    # A capital I of another script is listed as a small l; it is read as the letter it is.
    return "I" if found == "l" and char.isupper() else found


@cache
def _table() -> dict[str, str]:
    """Lookalike → Latin letter, from the list beside this file."""
    lines = LOOKALIKES.read_text(encoding="utf-8").splitlines()
    entries = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    return {char: letter for letter, chars in entries for char in chars}
