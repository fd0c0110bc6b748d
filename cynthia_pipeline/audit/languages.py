"""Tells the language of a text by its commonest words, or by its script. Sure or silent: "cannot tell" is an answer.

The words are each language's function words and commonest verbs: they make up a third to a half of any running text
(Zipf's law), and a text in another language shares few of them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

_COMMON: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in a is that it for was on are as with his they i at be this have from or had by hot but "
        "some what there we can out other were all your when up use how said each she which their will if into has "
        "more her two him see could no than been its who now my about these would you an he me them our do not so "
        "over just any because only then after also where very down should did get make through every one",
        "es": "el la de que y en un una los las se del por con no su para es al lo como más o pero sus le ha me si sin "
        "sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque "
        "qué sólo han yo hay vez puede todos así nos ni parte tiene él uno donde bien tiempo ella sí día otra después "
        "otros hacia nuestra nuestro tu te cada una cómo eso esto aquí ellos",
        "fr": "le la les de des et un une du à est en que qui dans pour pas sur plus par avec ce au il elle ne se sont "
        "mais nous vous je on ou son sa ses leur leurs cette ces aux tout tous faire comme être fait même aussi "
        "très bien où sans peut entre deux été avait était après c'est d'un d'une l'on votre notre nos vos mon "
        "ils elles donc si chez car dont moi toi lui quand",
        "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
        "er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor "
        "zur bis mehr durch man sein wurde ihr ihre ich wir uns unser mein du kann wenn was wo alle diese dieser "
        "dieses hier sehr schon immer gegen vom können muss",
        "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als dan maar bij nog uit door naar "
        "heeft hebben ze wordt worden kan geen wel over tot deze dit die hij zij wij je jij mijn ons onze was waren "
        "veel meer moet zo al zich hun hem haar wat waar wie toen tussen tegen onder na werd altijd alle u uw",
        "it": "di e il la che è per un una in con non del della dei delle le i gli da al alla sono si come anche più "
        "nel nella lo su ha questo questa o se ci suo sua loro era essere stato dal dalla tra ai alle hanno quando "
        "molto tutti tutto dove perché chi così ancora noi voi mi ti mio nostro nostra vostro sia solo dopo già",
        "pt": "o a os as de que e do da dos das em um uma para com não no na nos nas por se mais ao é são foi como mas "
        "seu sua seus ou ser quando muito há está eu também só pelo pela até isso ela ele entre era depois sem mesmo "
        "aos ter você nós meu minha já tem à às esse este esta onde bem nosso nossa todos tudo fazer",
        "da": "og i at det en den til er som på de med han af for ikke der var jeg et har om vi ud min havde sig hun "
        "over da fra du os man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ham end "
        "denne dem blive kan også have mod hende mange efter sin sine mig dig jer vores",
        "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan "
        "hon nu efter upp eller hade du under där vid man vara ut skulle också alla här mycket sin mot bara blev "
        "över mig hur dem vad oss utan detta någon mer sina henne honom bli varit vår våra er din",
        "nb": "og i det er på som en å til av for med at var de den ikke har jeg om et men han fra vi så seg kan hun "
        "ved ut skal eller over også noe da hadde ble sin være når etter opp mot bare du hva meg alle må min hvis "
        "blir mange mer dette disse oss deg andre gjør hvor vår våre ditt dere",
        "fi": "ja on ei se että hän oli en mutta kun ole niin joka ovat myös mitä kuin tai voi jos sen sitä vain minä "
        "olen ollut sinä me te he tämä nyt mikä vielä olla siitä kaikki koska ollaan hyvin missä jotka ilman sekä "
        "meidän minun sinun jo kuitenkin mukaan sitten",
        "pl": "i w na z nie się do to że jest o jak za co ale po tak od jego tym czy dla już być był przez tylko jej "
        "są może jako pod przed ich ze gdy było które który która bardzo sobie nam nas mnie tego też lub oraz ja "
        "ty my wy on ona oni mój nasz gdzie kiedy dlaczego",
        "cs": "a v se na je že s z do o k i to jako za by pro si ale po jsem jsou tak od byl jeho už jen co nebo jak "
        "když bylo který která které také před má být mezi tím této ten ta jsme není podle až kde proto náš moje "
        "vám nám můj jejich",
        "ro": "de și în a la cu pe nu este o că să din se un care mai ce pentru sunt ca fi au fost al ale lui ei dar "
        "prin după sau dacă cum lor foarte tot această acest când doar unde noi voi ea el eu mi își între până "
        "toate nostru",
        "hu": "a az és hogy nem is egy ez van volt de meg csak ha ki mint már még el azt kell mert lesz ami vagy "
        "itt ott én te ő mi ti ők nagyon után alatt között lehet vannak voltak ezt amit aki amely akkor most "
        "magyar jó olyan",
        "tr": "ve bir bu da de için ile çok daha olarak gibi en ne var o ama kadar sonra olan mi ben sen biz siz onlar "
        "her değil ya şey ki oldu olduğu diye iyi bana sana göre ise veya tüm neden hiç şimdi",
        "ca": "el la de i que a en un una els les del per amb no es al més com però seu seva són també és ha va han "
        "dels aquest aquesta hi ens us meu meva quan on molt tot totes sense entre fins després perquè així nostre",
        "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada "
        "lebih kami kita sudah atau saat oleh menjadi orang telah dapat seperti adalah sebagai anda dia hanya",
    }.items()
}

_SCRIPTS: Final[Mapping[str, frozenset[str]]] = {
    "CYRILLIC": frozenset(
        ["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "ba", "cv", "os", "ab", "bs", "uz", "az"]
    ),
    "GREEK": frozenset({"el", "grc"}),
    "HEBREW": frozenset({"he", "iw", "yi", "lad"}),
    "ARABIC": frozenset(["ar", "fa", "ur", "ps", "sd", "ug", "ckb", "ku", "ks", "arz", "azb", "pa", "az"]),
    "DEVANAGARI": frozenset(["hi", "mr", "ne", "sa", "kok", "mai", "bho", "sd", "ks"]),
    "THAI": frozenset({"th"}),
    "HANGUL": frozenset({"ko"}),
    "HIRAGANA": frozenset({"ja"}),
    "KATAKANA": frozenset({"ja"}),
    "CJK": frozenset(["zh", "ja", "ko", "yue", "wuu", "nan", "hak", "lzh", "cmn"]),
    "ARMENIAN": frozenset({"hy"}),
    "GEORGIAN": frozenset({"ka"}),
    "BENGALI": frozenset({"bn", "as"}),
    "TAMIL": frozenset({"ta"}),
}
"""Languages that are written in each script, besides any that names the script in its tag."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PRIMARY: Final = re.compile(r"[a-z]{2,3}(?=$|-)")

_LEAST_LETTERS: Final = 12
_OF_SCRIPT: Final = 0.8
"""Share of letters from which a text is in a script."""

_KNOWN_SHARE: Final = 0.25
"""Share of common words from which a text is in a language; running text has 0.3 to 0.5."""

_LEAST_DISTINCT: Final = 3
_CLEARLY_MORE: Final = 3.0
"""How many times more common words of one language than of another tell it from the other."""

_LEAST_HITS, _LIKELIER = 3, 1.2
"""Common words, and times more of them than of any other language, from which one is the likely one."""

_RELATIVES: Final = (frozenset({"da", "nb"}), frozenset({"es", "ca"}), frozenset({"es", "pt"}))
"""Pairs that share so many words that short texts do not tell them apart."""

_ALIASES: Final[Mapping[str, str]] = {
    "no": "nb",
    "nn": "nb",
    "gl": "pt",
    "af": "nl",
    "ms": "id",
    "sk": "cs",
    "lb": "de",
}
"""Languages without a list, and the relative whose list stands in: their texts are never claimed to be the other."""


def contradicts(declared: str, text: str) -> str | None:
    """The language that `text` is in, if it is surely not in the `declared` one.

    Args:
        declared: a language tag (BCP 47).
        text: running text, white space collapsed.

    Returns:
        A primary language subtag, or a script's name where only the script is told; None if the text is in the declared
        language, too short, mixed, or in a language that is not known here.
    """
    tag = _PRIMARY.match(declared.strip().lower())
    if tag is None:
        return None
    primary = tag.group()
    script = _script(text)
    if script is None:
        return None
    if script != "LATIN":
        in_script = primary in _SCRIPTS[script] or (len(declared.split("-")) > 1 and len(declared.split("-")[1]) == 4)
        languages = _SCRIPTS[script]
        return None if in_script else (next(iter(languages)) if len(languages) == 1 else script.lower())
    found = _by_words(text)
    if found is None:
        return None
    language, hits, counts = found
    own = _ALIASES.get(primary, primary)
    if own == language or frozenset({own, language}) in _RELATIVES:
        return None
    return language if hits >= _CLEARLY_MORE * counts.get(own, 0) else None


def likely(text: str) -> str | None:
    """The language that `text` is most likely in, for a person to look at; a primary language subtag.

    Unlike `contradicts` it answers for texts with many names and labels among their words, too. None where no language
    has clearly the most common words, or a script is that of several languages.
    """
    script = _script(text)
    if script != "LATIN":
        languages = _SCRIPTS.get(script or "", frozenset())
        return next(iter(languages)) if len(languages) == 1 else None
    (best, hits), (_, second) = _counts(_words(text)).most_common(2)
    return best if hits >= _LEAST_HITS and hits > _LIKELIER * second else None


def _script(text: str) -> str | None:
    scripts: Counter[str] = Counter()
    for char, times in Counter(text).items():
        if char.isalpha():
            name = unicodedata.name(char, "")
            scripts["LATIN" if name.startswith("LATIN") else name.partition(" ")[0]] += times
    letters = scripts.total()
    if not letters:
        return None
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > letters * 0.1:
        return "HIRAGANA"
    name, count = scripts.most_common(1)[0]
    least = _LEAST_LETTERS if name not in ("CJK", "HANGUL") else 5
    return name if count >= least and count >= _OF_SCRIPT * letters and (name == "LATIN" or name in _SCRIPTS) else None


def _words(text: str) -> list[str]:
    return [word.replace("’", "'").lower() for word in _WORD.findall(text)]


def _counts(words: Sequence[str]) -> Counter[str]:
    """Of each language, how many of the words are among its common ones."""
    times = Counter(words)
    return Counter(
        {language: sum(times[word] for word in times.keys() & common) for language, common in _COMMON.items()}
    )


def _by_words(text: str) -> tuple[str, int, Counter[str]] | None:
    """The language with clearly the most common words in `text`, how many, and every language's count."""
    words = _words(text)
    counts = _counts(words)
    language, hits = counts.most_common(1)[0]
    distinct = len(set(words) & _COMMON[language])
    rivals = [
        count for other, count in counts.items() if other != language and frozenset({other, language}) not in _RELATIVES
    ]
    is_clear = hits >= 2 * max(rivals)
    if not is_clear or distinct < _LEAST_DISTINCT or hits < _KNOWN_SHARE * len(words):
        return None
    return language, hits, counts
