"""How hard the running text is to read, by the formula of its own language."""

from cynthia_pipeline.audit.artifacts import Viewport, ViewportArtifacts
from cynthia_pipeline.audit.readability import TextLanguage, count, language_of, reading_ease, words_of
from cynthia_pipeline.audit.report import Axis, FixType, Severity
from cynthia_pipeline.audit.rules.model import Finding, Rule, Texts, Verdict, bilingual, number
from cynthia_pipeline.audit.rules.surroundings import prose

_LEAST_WORDS = 200
"""Twice the sample that Flesch's formula was made for: below it one odd sentence decides."""

_SAMPLE_WORDS = 100
"""That sample itself (Flesch 1948): between the two only what is very hard to read is told."""

_HARD = {TextLanguage.ENGLISH: 50.0, TextLanguage.SPANISH: 55.0}
"""Below it Flesch's scale says "difficult", INFLESZ "somewhat difficult"."""

_VERY_HARD = {TextLanguage.ENGLISH: 30.0, TextLanguage.SPANISH: 40.0}
"""Below it both say "very difficult"."""

_FORMULA = {TextLanguage.ENGLISH: "Flesch Reading Ease", TextLanguage.SPANISH: "Flesch-Szigriszt (INFLESZ)"}


def _check(view: ViewportArtifacts) -> Verdict:
    passages = [
        view.content.passages[block.element] for block, _ in prose(view) if block.element in view.content.passages
    ]
    # A list of names or a row of figures is no sentence.
    sentences = [passage for passage in passages if any(end in passage for end in ".!?…")]
    words = [word for passage in sentences for word in words_of(passage)]
    language = language_of(words)
    if language is None or len(words) < _SAMPLE_WORDS:
        return Verdict(0)
    counts = count(sentences, language)
    ease = reading_ease(counts, language)
    readings = {"reading_ease": round(ease, 1), "words": counts.words, "sentences": counts.sentences}
    limits = _HARD if len(words) >= _LEAST_WORDS else _VERY_HARD
    if ease >= limits[language]:
        return Verdict(1, readings=readings)
    facts = {
        "measured": number(ease, 0),
        "required": number(_HARD[language], 0),
        "formula": _FORMULA[language],
        "per_sentence": number(counts.words / counts.sentences, 1),
        "per_word": number(counts.syllables / counts.words),
    }
    severity = Severity.MINOR if ease < _VERY_HARD[language] else Severity.INFO
    return Verdict(1, (Finding(severity, "hard", facts, view.elements[0]),), readings=readings)


RULES = (
    Rule(
        id="ctx-readability",
        axis=Axis.CTX,
        fix_type=FixType.CONTENT,
        source="Flesch 1948 (English); Szigriszt Pazos 1993 and Barrio-Cantalejo et al. 2008 (Spanish)",
        measures="reading ease of the running text, 0 (hard) to 100 (easy)",
        texts=bilingual(
            Texts(
                "The text is hard to read: {measured} of 100",
                "{formula}: {measured}, at {per_sentence} words a sentence and {per_word} syllables a word.",
                "From {required} upwards a text reads easily enough for most adults.",
                "Many visitors give up, most of all those who read in a hurry or in a second language.",
                "Cut sentences to 15–20 words and take the short, common word, until the value reaches {required}.",
            ),
            Texts(
                "El texto es difícil de leer: {measured} de 100",
                "{formula}: {measured}, con {per_sentence} palabras por frase y {per_word} sílabas por palabra.",
                "A partir de {required}, la mayoría de los adultos lee un texto sin esfuerzo.",
                "Muchos visitantes abandonan, sobre todo quienes leen con prisa o en una segunda lengua.",
                "Acorta las frases a 15–20 palabras y usa palabras cortas y comunes, hasta llegar a {required}.",
            ),
        ),
        check=_check,
        viewports=(Viewport.DESKTOP,),
    ),
)
