"""Topics as a person lists them who was asked what to follow: `football, Ukraine, ferries`. Pure.

What is followed here is not asked about again, so it must be a name by itself: no sentence, no
headline, nothing that is said to the bot. Where that is in doubt it is none.
"""

import re

from bot.news.query.function_words import base_of, is_joined, words_of
from bot.news.query.introducing import without_introducing
from bot.news.telling.spoken_times import PLEASE
from bot.news.text.words import fold
from handlers.routing.pleas import read_plea
from handlers.routing.typed import is_greeting, is_small_talk
from handlers.routing.verbs import Deed
from handlers.routing.wishes import read_wish

_BETWEEN = re.compile(
    r"\s*[,;、，،\n]\s*|\s+[&＆+＋]\s+|(?<=\w{3})[&＆+＋](?=\w{3})|(?<=\S)[和与與](?=\S)"
    r"|\s+(?:and|und|et|y|e|ed|и|і|й|та|ve|dan|و|או|और|اور|和|与|與)\s+"
)
_WRITTEN_WITH_IT = re.compile(r"(?<=\s)[וو](?P<rest>\w+)")
"""What Arabic and Hebrew write together with the word that it joins to the one before."""
_EXPLICIT = re.compile(r'["()=*:|<>]|(?:^|\s)-\w|\b(?:AND|OR|NOT)\b')
"""What somebody writes who knows the query language."""
ENDS = " .,!?。！？؟¿¡…"
"""What people end a sentence with, and begin one with in Spanish."""
_MOST_WORDS = 2
_SHORT = 4
_MOST_APART = 5
_MOST_SIGNS = 8  # of what is written without spaces
_UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_BUT_LIST = """
    but just only aber nur pero mais ma mas но а але ama fakat لكن ولكن
"""
_NOT_LIST = """
    no not without except excluding minus never none kein keine keinen nicht ohne außer sin excepto
    salvo menos tampoco pas sans sauf aucun aucune non niente nessun senza tranne não sem exceto не
    без кроме нет ні крім hariç لا بدون ليس إلا bukan tanpa kecuali ללא לא בלי नहीं बिना
"""
_NOT_UNSPACED = ("不要", "不看", "不想", "没有", "除了", "别")
# Besides what joins words: what people speak with, of themselves and to others.
_NO_NAMES_LIST = """
    i you he she we they me him them my your his her its our their it is am are was were be been
    has have had do does did can could will would should may must might what which who whom whose
    when where why how this that these those there here
    like love hate want need prefer enjoy follow mute stop send show tell give get read please
    more less fewer too also again everything nothing all any some
    ich du er sie wir ihr mich mir mein meine dein ist sind war waren hat haben wird werden kann
    will möchte mag liebe was wer wie wo warum sagt sagen sagte meldet melden warnt fordert fordern
    gewinnt verliert stirbt alles nichts mehr weniger
    je tu il elle nous vous ils mon ma mes est sont a ont veux aime quoi qui comment pourquoi dit
    disent annonce annoncent meurt gagne plus moins tout rien
    yo tú él nosotros ellos mi mis es son está están ha han quiero gusta qué quién cómo dice dicen
    anuncia anuncian muere gana más todo nada
    eu ele ela nós eles meu minha é são está tem têm quero gosto quê quem diz dizem anuncia morre
    ganha mais tudo
    io lui lei noi loro mio mia è sono ha hanno voglio piace cosa chi dice dicono annuncia muore
    vince più tutto
    я ты он она мы вы они мне мой моя это есть был была хочу люблю нравится что кто как где почему
    говорит говорят сообщает сообщают сообщил сообщили заявил заявили сказал сказали больше меньше
    всё все
    ти він вона ми ви вони мені мій моя це є хочу люблю що хто як де чому каже кажуть повідомляє
    заявив заявили більше менше
    ben sen biz siz onlar bana benim bu istiyorum seviyorum ne kim nasıl neden söyledi dedi açıkladı
    أنا أنت هو هي نحن هم أريد أحب ما ماذا من كيف لماذا قال قالت يقول أعلن
"""
# What headlines are told with, beside another word; alone they may be a topic.
_TELLING_LIST = """
    say says said tell tells told agree agrees agreed warn warns warned report reports reported
    claim claims claimed announce announces announced reject rejects rejected sign signs signed
    confirm confirms confirmed deny denies denied vow vows vowed urge urges urged call calls called
    hit hits kill kills killed die dies died win wins won lose loses lost beat beats resign resigns
    resigned attack attacks attacked strike strikes launch launches launched reach reaches reached
    begin begins began end ends ended fall falls fell rise rises rose collapse collapses collapsed
"""
_ARTICLES_LIST = """
    the a an der die das den dem le la les l' l’ du des au aux el los las lo il i gli o os as
"""
# Two with `and` between them that are one thing: countries first.
_ONE_THING_LIST = """
    antigua & barbuda|bosnia & herzegovina|st. kitts & nevis|saint kitts and nevis
    são tomé & príncipe|turks & caicos islands|trinidad & tobago|st. vincent & grenadines
    st vincent and the grenadines|saint vincent and the grenadines|wallis & futuna
    bosnien und herzegowina|st. vincent und die grenadinen|bosnia y herzegovina|antigua y barbuda
    san cristóbal y nieves|santo tomé y príncipe|san vicente y las granadinas|trinidad y tobago
    bosnie et herzégovine|trinité et tobago|bosnia ed erzegovina|bosnia e herzegovina
    bósnia e herzegovina|são cristóvão e névis|são vicente e granadinas|são tomé e príncipe
    антигуа и барбуда|босния и герцеговина|сент-китс и невис|сан-томе и принсипи
    тринидад и тобаго|сент-винсент и гренадины|боснія і герцеговина|боснія та герцеговина
    сент-кітс і невіс|сан-томе і принсіпі|тринідад і тобаго|сент-вінсент і гренадіни
    bosna ve hersek|trinidad dan tobago|bosnia dan herzegovina|saint kitts dan nevis
    أنتيغوا وبربودا|البوسنة والهرسك|سانت كيتس ونيفيس|ساو تومي وبرينسيبي|ترينيداد وتوباغو
    آنتیگوا و باربودا|بوسنی و هرزگوین|سنت کیتس و نویس|سائوتومه و پرینسیپ|ترینیداد و توباگو
    אנטיגואה וברבודה|בוסניה והרצגובינה|סנט קיטס ונוויס|סאו טומה ופרינסיפה|טרינידד וטובגו
    एंटिगुआ और बरबुडा|बोस्निया और हर्ज़ेगोविना|सेंट किट्स और नेविस|साओ टोम और प्रिंसिपे
    त्रिनिदाद और टोबैगो|安提瓜和巴布达|波斯尼亚和黑塞哥维那|圣基茨和尼维斯|圣多美和普林西比
    特立尼达和多巴哥
    law and order|research and development|marks and spencer|black and white|rock and roll
    rock and pop|rhythm and blues|drum and bass|health and safety|food and drink|bed and breakfast
    pros and cons|trial and error|supply and demand|profit and loss|oil and gas|crime and punishment
    search and rescue|hit and run|stop and search|bread and butter|salt and pepper|fish and chips
    mergers and acquisitions|war and peace|pride and prejudice|romeo and juliet|tom and jerry
    sense and sensibility|heaven and earth|life and death|hide and seek|dungeons and dragons
    fast and furious|dungeons & dragons|rhythm & blues|rock & roll|track and field|arts and crafts
    arts and culture|hotels and restaurants|terms and conditions|checks and balances
    johnson and johnson|procter and gamble|ernst and young|dolce and gabbana|barnes and noble
    smith and wesson|simon and garfunkel|crate and barrel|rolls and royce|black and decker
    mercedes and benz|abercrombie and fitch|bang and olufsen|standard and poor's|brown and brown
    tyne and wear|brighton and hove|turks and caicos|newfoundland and labrador|telford and wrekin
    dumfries and galloway|hammersmith and fulham|kensington and chelsea|andaman and nicobar
    jammu and kashmir|king and country|church and state|men and women|women and children
    boys and girls|man and woman|man and wife|brothers and sisters|ladies and gentlemen
    forschung und entwicklung|recht und ordnung|schwarz und weiß|krieg und frieden
    angebot und nachfrage
    essen und trinken|licht und schatten|gewinn und verlust|leben und tod|romeo und julia
    kind und kegel|grund und boden|feuer und flamme|haus und garten|bildung und forschung
    frauen und kinder|adam und eva|kunst und kultur|villeroy und boch|gut und böse
    recherche et développement|loi et ordre|noir et blanc|guerre et paix|offre et demande
    santé et sécurité|vie et mort|crime et châtiment|roméo et juliette|adam et ève|arts et métiers
    femmes et enfants|bien et mal|hommes et femmes|arts et culture|fusions et acquisitions
    investigación y desarrollo|ley y orden|blanco y negro|guerra y paz|oferta y demanda
    crimen y castigo|vida y muerte|romeo y julieta|adán y eva|arte y cultura|mujeres y niños
    pérdidas y ganancias|salud y seguridad|hombres y mujeres|castilla y león
    ricerca e sviluppo|legge e ordine|bianco e nero|guerra e pace|domanda e offerta|vita e morte
    delitto e castigo|romeo e giulietta|adamo ed eva|arte e cultura|donne e bambini
    salute e sicurezza
    pesquisa e desenvolvimento|investigação e desenvolvimento|lei e ordem|preto e branco
    guerra e paz|oferta e procura|oferta e demanda|crime e castigo|vida e morte|romeu e julieta
    adão e eva|saúde e segurança|mulheres e crianças
    закон и порядок|война и мир|преступление и наказание|спрос и предложение|жизнь и смерть
    ромео и джульетта|исследования и разработки|хлеб и соль|адам и ева|слияния и поглощения
    женщины и дети|мастер и маргарита|отцы и дети|наука и жизнь|черное и белое
    закон і порядок|війна і мир|злочин і кара|попит і пропозиція|життя і смерть|ромео і джульєтта
    дослідження і розробки|дослідження та розробки|закон та порядок|попит та пропозиція|жінки і діти
    suç ve ceza|savaş ve barış|arz ve talep|araştırma ve geliştirme|siyah ve beyaz|aşk ve gurur
    yaşam ve ölüm|kadın ve çocuk|ölüm ve yaşam|romeo ve juliet|adem ile havva
    القانون والنظام|البحث والتطوير|الحرب والسلام|العرض والطلب|الجريمة والعقاب|الأمر والنهي
    روميو وجولييت|الحياة والموت|بحث وتطوير|الصحة والسلامة|آدم وحواء|النساء والأطفال
    חוק וסדר|מחקר ופיתוח|מלחמה ושלום|היצע וביקוש|החטא ועונשו|שחור ולבן|רומיאו ויוליה|אדם וחווה
    تحقیق و توسعه|عرضه و تقاضا|جنگ و صلح|جنایت و مکافات|نظم و قانون|سیاه و سفید|آب و هوا
    زن و مرد|مرگ و زندگی|رومئو و ژولیت|آدم و حوا|پدر و مادر
    कानून और व्यवस्था|युद्ध और शांति|अनुसंधान और विकास|मांग और आपूर्ति|रोमियो और जूलियट
    जीवन और मृत्यु|अपराध और दंड|जम्मू और कश्मीर|काला और सफेद|महिला और बाल
    hukum dan ketertiban|penelitian dan pengembangan|riset dan pengembangan|perang dan damai
    hitam dan putih|permintaan dan penawaran|hidup dan mati|romeo dan juliet|ibu dan anak
    战争与和平|罪与罚|傲慢与偏见|研究与开发|罗密欧与朱丽叶|供给与需求|法律与秩序|黑与白
"""
_ARTICLES = frozenset(_ARTICLES_LIST.split())
_BUT, _NOT = (frozenset(map(fold, some.split())) for some in (_BUT_LIST, _NOT_LIST))
_NO_NAMES, _TELLING = (
    frozenset(map(fold, some.split())) for some in (_NO_NAMES_LIST, _TELLING_LIST)
)


def bare(words: str) -> str:
    """The words, folded, without what people end a sentence with."""
    return fold(words).strip(ENDS)


def parts_of(words: str) -> list[str]:
    """What is listed, one by one, without a greeting and courtesy at either end. Who says to follow
    it, or for news on it, says no more than who names it. `law and order` is one thing.
    """
    wish = read_wish(words)
    said = wish.thing if wish and wish.deed is Deed.FOLLOW else without_introducing(words)
    said = PLEASE().sub("", said.strip(ENDS))
    split = [said] if _is_one_thing(said) else _split(said)
    parts = [part for each in split if (part := each.strip(ENDS))]
    while parts and is_greeting(parts[0]):
        del parts[0]
    while parts and is_greeting(parts[-1]):
        del parts[-1]
    bare_parts = [_without_article(part) for part in parts]
    # Where only some begin so it is rather a part of the name: `la liga, premier league`.
    is_each = all(len(each) < len(part) for each, part in zip(bare_parts, parts, strict=True))
    return bare_parts if is_each else parts


def named_apart(words: str) -> list[str]:
    """What is named with `and`, `&` or commas between, one by one; nothing where that is one thing,
    or is written as a query, or names one thing twice.
    """
    if _EXPLICIT.search(words):
        return []
    parts = parts_of(words)
    is_several = 1 < len(parts) == len(set(map(fold, parts))) and len(parts) <= _MOST_APART
    is_long = all(len(part) > 1 for part in parts)
    return parts if is_several and is_long else []


def _split(said: str) -> list[str]:
    return _BETWEEN.split(_WRITTEN_WITH_IT.sub(_apart, said))


def _apart(found: re.Match[str]) -> str:
    return f", {found['rest']}" if is_joined(fold(found[0])) else found[0]


def _without_article(part: str) -> str:
    """The part without `the` and the like before it, but for that of `Los Angeles`."""
    first, _, rest = part.partition(" ")
    if rest and first in _ARTICLES:
        return rest.strip()
    elided = next((each for each in _ARTICLES if each[-1] in "'’" and part.startswith(each)), "")
    return part[len(elided) :]


_ONE_THING = frozenset(
    tuple(map(fold, _split(each.strip())))
    for each in re.split(r"[|\n]", _ONE_THING_LIST)
    if each.strip()
)


def _is_one_thing(said: str) -> bool:
    return tuple(map(fold, _split(said))) in _ONE_THING


def left_out(part: str) -> str:
    """What is named to be left out, `but no politics`, `aber keine Politik`; "" for nothing."""
    if part.startswith(_NOT_UNSPACED):
        return part
    said = part.split()
    while said and fold(said[0]) in _BUT:
        del said[0]
    rest = list(said)
    while rest and fold(rest[0]) in _NOT:
        del rest[0]
    if rest and len(rest) < len(said):
        return " ".join(rest)
    wish = read_wish(" ".join(said))
    return wish.thing if wish and wish.deed is not Deed.FOLLOW else ""


def is_name(part: str, language: str) -> bool:
    """Whether it names something by itself for a reader of this language (BCP 47), so that it can
    be followed as it stands: a word or two of which none is said to the bot, turns the sense, or
    makes a sentence.
    """
    if _is_said_to_us(part):
        return False
    if _UNSPACED.search(part):
        return len(part) <= _MOST_SIGNS
    words = part.split()
    # EU and AI are small words elsewhere.
    said = {fold(word).strip(".,:!?'\"") for word in words if not _is_short_name(word)}
    small = words_of("en") | words_of(base_of(language)) | _NO_NAMES
    is_told = len(words) > 1 and not _TELLING.isdisjoint(said)
    return len(words) <= _MOST_WORDS and small.isdisjoint(said) and not is_told


def _is_short_name(word: str) -> bool:
    return word.isupper() and 1 < len(word) <= _SHORT


def _is_said_to_us(part: str) -> bool:
    """Whether it asks for something, leaves something out, or is a greeting or thanks."""
    return bool(read_wish(part) or read_plea(part) or left_out(part) or is_small_talk(part))
