"""How hard a text is to read, in English and in Spanish. docs/scoring.md gives the formulas with a worked example.

English: Flesch Reading Ease (R. Flesch, "A new readability yardstick", 1948).
Spanish: the Flesch-Szigriszt index, read on the INFLESZ scale (Szigriszt Pazos 1993; Barrio-Cantalejo et al. 2008).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


class TextLanguage(StrEnum):
    """The languages whose words can be counted."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas want to know of a text."""

    sentences: int
    words: int
    syllables: int


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s\"'»”)]|$)")

_FUNCTION_WORDS = {
    TextLanguage.ENGLISH: re.compile(
        "the|of|and|to|in|is|that|for|it|you|with|on|are|this|be|your|from|we|our|have|as|not|by|or|at|can|was|but|they"
        "|will|has"
    ),
    TextLanguage.SPANISH: re.compile(
        "el|la|los|las|de|del|y|que|en|un|una|es|para|con|por|se|su|al|lo|más|como|sus|no|o|le|este|esta|son|tu|nuestro"
        "|nuestra|te"
    ),
}
_TELLING_SHARE = 0.15
"""Of all words; running text of either language has about twice as many of these, other languages hardly any."""


def words_of(text: str) -> list[str]:
    """The words of a text, lower case; numbers are none."""
    return [word.lower() for word in _WORD.findall(text)]


def language_of(words: list[str]) -> TextLanguage | None:
    """The language that the words themselves are in; None for neither or for too few to tell."""
    if not words:
        return None
    shares = {
        language: sum(function_words.fullmatch(word) is not None for word in words) / len(words)
        for language, function_words in _FUNCTION_WORDS.items()
    }
    language = max(shares, key=shares.__getitem__)
    return language if shares[language] >= _TELLING_SHARE else None


def sentences_of(text: str) -> int:
    """How many sentences a passage holds: its ends of sentences, and at least one."""
    ends = len(_SENTENCE_END.findall(text))
    return max(ends, 1)


def count(passages: Iterable[str], language: TextLanguage) -> Counts:
    """Counts over whole passages; a passage ends its last sentence."""
    sentences = words = syllables = 0
    for passage in passages:
        found = words_of(passage)
        if found:
            sentences += sentences_of(passage)
            words += len(found)
            syllables += sum(syllables_of(word, language) for word in found)
    return Counts(sentences, words, syllables)


def reading_ease(counts: Counts, language: TextLanguage) -> float:
    """The ease of reading: about 0 (very hard) to 100 (very easy), beyond for extreme texts.

    Raises:
        ValueError: there are no words or no sentences.
    """
    if counts.words < 1 or counts.sentences < 1:
        raise ValueError("no text")
    per_sentence = counts.words / counts.sentences
    per_word = counts.syllables / counts.words
    match language:
        case TextLanguage.ENGLISH:
            return 206.835 - 1.015 * per_sentence - 84.6 * per_word
        case TextLanguage.SPANISH:
            return 206.835 - per_sentence - 62.3 * per_word
        case _:
            assert_never(language)


def syllables_of(word: str, language: TextLanguage) -> int:
    """How many syllables a lower-case word has; at least one."""
    match language:
        case TextLanguage.ENGLISH:
            return _english(word)
        case TextLanguage.SPANISH:
            return _spanish(word)
        case _:
            assert_never(language)


_ENGLISH_NUCLEUS = re.compile(r"[aeiouy]+")
_ENGLISH_SPLIT = re.compile(r"i[aou](?!us)|[^qg]ua(?!r)|eo(?!u)|ying|uou|[^aeiou]ier|iet|[^aeiou]ien(?!d)")
_ENGLISH_ONE = re.compile(r"[tcs]io|[tc]ia|[tcs]iou|gio|cien|sien|tien|people|geo[nr]|eou|lio|nio|rior")


def _english(word: str) -> int:
    """By spelling: vowel groups, less silent e's, more where vowels part. docs/scoring.md says how often it errs."""
    plain = re.sub(r"['’].*", "", word) or word
    nuclei = len(_ENGLISH_NUCLEUS.findall(plain))
    if plain.endswith("e") and not re.search(r"([^aeiouy]le|[aeiouy]{2}|^[^aeiouy]*e)$", plain):
        nuclei -= 1
    if re.search(r"[^aeiouytd]ed$", plain) or re.search(r"[^aeioulsxzcgh]es$|[^aeious][td]hes$", plain):
        nuclei -= 1
    if re.search(r"[^aeiouy](ely|ement|eful|eless)s?$", plain):
        nuclei -= 1
    nuclei += len(_ENGLISH_SPLIT.findall(plain)) - len(_ENGLISH_ONE.findall(plain))
    if plain.endswith(("sm", "thm")):
        nuclei += 1
    return max(nuclei, 1)


_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúüàèìòù]+|(?<=[^aeiouáéíóúü])y$")
_STRONG = frozenset("aeoáéóíúàèòìù")


def _spanish(word: str) -> int:
    """By the rules of spelling: two strong vowels part, a weak one without accent joins its neighbour; h is silent."""
    plain = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word)
    nuclei = 0
    for group in _SPANISH_VOWELS.findall(plain):
        strong = sum(letter in _STRONG for letter in group)
        nuclei += max(strong, 1)
    return max(nuclei, 1)
