"""Numbers as people spell them in languages of ours: how many days, how many alerts, which hour.
Pure.

A line is a language, or a form that words take in it, from one to twelve; `/` stands between words
for the same, `_` for a blank within one, and `-` where the word means something else as often.
"""

_SPELLED = """
    one two three four five six seven eight nine ten eleven twelve
    eins zwei drei vier fünf sechs sieben acht neun zehn - zwölf
    un/une deux trois quatre cinq six sept huit neuf dix onze douze
    uno/una dos tres cuatro cinco seis siete ocho nueve diez - doce
    uma dois/duas três quatro cinco seis sete oito nove dez onze doze
    uno/una due tre quattro cinque sei sette otto nove dieci undici dodici
    один/одна/одну два/две три четыре пять шесть семь восемь девять десять одиннадцать двенадцать
    одне дві три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять
    bir iki üç dört beş altı yedi sekiz dokuz - on_bir on_iki
    satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua_belas
    واحد اثنين/اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة - -
    یک دو سه چهار پنج شش هفت هشت - ده یازده دوازده
    אחד שני/שתי שלושה ארבעה חמישה שישה שבעה שמונה תשעה עשרה - -
    אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר אחת_עשרה שתים_עשרה
    एक दो तीन चार पाँच/पांच छह सात आठ नौ दस ग्यारह बारह
    一 两/二 三 四 五 六 七 八 九 十 十一 十二
"""
_OF_THE_CLOCK = """
    - двух трёх/трех четырёх/четырех пяти шести семи восьми девяти десяти одиннадцати двенадцати
    перша друга третя четверта п'ята шоста сьома восьма дев'ята десята одинадцята дванадцята
    першій другій третій четвертій п'ятій шостій сьомій восьмій дев'ятій десятій одинадцятій дванадцятій
    першої другої третьої четвертої п'ятої шостої сьомої восьмої дев'ятої десятої одинадцятої дванадцятої
    першу другу третю четверту п'яту шосту сьому восьму дев'яту десяту одинадцяту дванадцяту
    birde ikide üçte dörtte beşte altıda yedide sekizde dokuzda onda on_birde on_ikide
    birden ikiden üçten dörtten beşten altıdan yediden sekizden dokuzdan ondan on_birden on_ikiden
    bire ikiye üçe dörde beşe altıya yediye sekize dokuza ona on_bire on_ikiye
    الواحدة الثانية الثالثة الرابعة الخامسة السادسة السابعة الثامنة التاسعة العاشرة الحادية_عشرة الثانية_عشرة
    - - - - - - - - - - elf -
"""  # noqa: E501
_BEGUN = """
    первого второго третьего четвёртого/четвертого пятого шестого седьмого восьмого девятого
    десятого одиннадцатого двенадцатого
"""
_ARTICLES = "a an ein eine einen einer um"


def _numbered(lines: str) -> dict[str, int]:
    """Numbers by their words, from a table like those above."""
    return {
        word.replace("_", " "): number
        for line in lines.strip().splitlines()
        for number, words in enumerate(line.split(), 1)
        for word in words.split("/")
        if word != "-"
    }


SPELLED = _numbered(_SPELLED)
"""Numbers from one to twelve by their words."""
COUNTS = SPELLED | dict.fromkeys(_ARTICLES.split(), 1)
"""The same before something that is counted, where an article says one too."""
HOURS = SPELLED | _numbered(_OF_THE_CLOCK)
"""Hours by their words; some are words of other things where no clock is meant."""
HOURS_BEGUN = _numbered(" ".join(_BEGUN.split()))
"""The hour that a part of is over, as Russian tells the time: half of the eighth is 7:30."""
