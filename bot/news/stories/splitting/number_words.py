"""Small numbers in words: "three killed" and "3 killed" say the same, "four killed" does not.

Left out is what means something else as often: French *neuf* (new), Italian *sei* (you are),
Turkish *on* and *yedi*, Hindi *दो*; and what has an
apostrophe within. One is no figure: it is an article in most languages.
"""

from collections.abc import Mapping

from bot.news.text.words import fold

_WORDS = {
    "en": "2 two 3 three 4 four 5 five 6 six 7 seven 8 eight 9 nine 10 ten 11 eleven 12 twelve",
    "de": "2 zwei 3 drei 4 vier 5 fünf 6 sechs 7 sieben 8 acht 9 neun 10 zehn 11 elf 12 zwölf",
    "fr": "2 deux 3 trois 4 quatre 5 cinq 6 six 7 sept 8 huit 10 dix 11 onze 12 douze",
    "es": "2 dos 3 tres 4 cuatro 5 cinco 6 seis 7 siete 8 ocho 9 nueve 10 diez 11 once 12 doce",
    "it": "2 due 3 tre 4 quattro 5 cinque 7 sette 8 otto 9 nove 10 dieci 11 undici 12 dodici",
    "pt": "2 dois duas 3 três 4 quatro 5 cinco 6 seis 7 sete 8 oito 9 nove 10 dez 11 onze 12 doze",
    "nl": "2 twee 3 drie 4 vier 5 vijf 6 zes 7 zeven 8 acht 9 negen 10 tien 11 elf 12 twaalf",
    "sv": "2 två 3 tre 4 fyra 5 fem 6 sex 7 sju 8 åtta 9 nio 10 tio 11 elva 12 tolv",
    "pl": "2 dwa dwie dwóch 3 trzy trzech 4 cztery czterech 5 pięć pięciu 6 sześć 7 siedem 8 osiem"
    " 9 dziewięć 10 dziesięć",
    "ru": "2 два две двое двух 3 три трое трех 4 четыре четверо четырех 5 пять пятеро пяти"
    " 6 шесть шестеро шести 7 семь семеро семи 8 восемь восьми 9 девять 10 десять 11 одиннадцать"
    " 12 двенадцать",
    "uk": "2 два дві двоє двох 3 три троє трьох 4 чотири четверо чотирьох"
    " 6 шість шестеро 7 сім семеро 8 вісім 10 десять",
    "tr": "2 iki 3 üç 4 dört 5 beş 8 sekiz 9 dokuz",
    "id": "2 dua 3 tiga 4 empat 5 lima 6 enam 7 tujuh 8 delapan 9 sembilan 10 sepuluh",
    "ar": "3 ثلاثة ثلاث 4 أربعة أربع 5 خمسة خمس 6 ستة 7 سبعة سبع 8 ثمانية 9 تسعة تسع 10 عشرة",
    "he": "2 שני שתי שניים שתיים 3 שלושה שלוש 4 ארבעה ארבע 5 חמישה חמש 6 שישה 7 שבעה 8 שמונה 9 תשעה"
    " 10 עשרה",
    "fa": "3 سه 4 چهار 5 پنج 6 شش 7 هفت 8 هشت",
    "hi": "3 तीन 4 चार 5 पांच पाँच 6 छह 7 सात 8 आठ 9 नौ 10 दस",
}


def _by_word(listed: str) -> Mapping[str, str]:
    found, figure = {}, ""
    for word in listed.split():
        if word.isdigit() and word.isascii():
            figure = word
        else:
            found[fold(word)] = figure
    return found


_FIGURES = {language: _by_word(listed) for language, listed in _WORDS.items()}


def number_words(language: str) -> Mapping[str, str]:
    """The figures that folded words of a language stand for; none of a language without a list."""
    return _FIGURES.get(language) or {}


SMALL_FIGURES = frozenset(map(str, range(2, 13)))
"""What words stand for."""
