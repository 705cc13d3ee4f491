"""What people write who were asked something with buttons: yes, no, or later. Pure."""

from collections.abc import Container
from enum import Enum

from bot.news.chat import FirstStep
from bot.news.telling.hours import is_night, is_off, is_on
from bot.news.telling.spoken_times import PLEASE
from bot.news.text.words import fold
from handlers.routing.listed import bare
from handlers.routing.pleas import Plea, read_plea
from handlers.routing.typed import asks_for_help, called, is_greeting, link_in
from handlers.routing.wishes import read_wish

_YES = """
    ok|okay|k|sure|sure thing|of course|fine|good|great|cool|yes|yep|yeah|yup|alright|all right
    |sounds good|why not|agreed|👍|klar|gern|gerne|passt|okey|ja gerne|einverstanden|jawohl
    |in ordnung
    |d'accord|bien sûr|ça marche|volontiers|vale|claro|de acuerdo|por supuesto|bueno|va bene|certo
    |d'accordo|certamente|tudo bem|claro que sim|com certeza|beleza|pode ser|хорошо|ладно|конечно
    |ок|окей|давай|ага|добре|гаразд|звичайно|авжеж|tamam|olur|elbette|tabii|peki|baik|boleh|tentu
    |حسنا|حسنًا|طبعا|طبعًا|موافق|تمام|باشه|حتما|בסדר|בטח|ठीक है|ज़रूर|好|好的|可以|行|没问题|嗯
"""
_NO = """
    nope|nah|no way|not really|nothing|nicht|nö|nee|lieber nicht|nichts|pas vraiment|rien|para nada
    |nada|niente|direi di no|de jeito nenhum|не надо|не нужно|не хочу|неа|ничего|не треба|нічого
    |hiç|istemem|gerek yok|tidak perlu|tidak usah|لا أريد|لا شيء|نمی‌خواهم|לא צריך
    |不用|不用了|不|不了|不需要
"""
_LATER = """
    later|maybe later|later today|another time|not now|skip|skip it|skip this|next|pass|no idea
    |dunno
    |i don't know|i dont know|idk|not sure|don't care|whatever|später|vielleicht später|nicht jetzt
    |jetzt nicht|überspringen|weiter|weiss nicht|weiß nicht|ich weiß nicht|keine ahnung|egal
    |plus tard|pas maintenant|passer|suivant|je ne sais pas|aucune idée|más tarde|luego|después
    |ahora no|saltar|omitir|siguiente|no sé|ni idea|più tardi|dopo|non ora|non adesso|salta|avanti
    |non so|non lo so|mais tarde|depois|agora não|pular|próximo|não sei|позже|потом|не сейчас
    |пропустить|дальше|далее|не знаю|без разницы|пізніше|потім|не зараз|пропустити|далі
    |sonra|daha sonra|şimdi değil|atla|geç|ileri|bilmiyorum|nanti|nanti saja|lewati|lanjut
    |tidak tahu
    |لاحقا|لاحقًا|ليس الآن|تخطي|التالي|لا أعرف|بعدا|بعداً|الان نه|رد کردن|نمی‌دانم
    |אחר כך|לא עכשיו|דלג|הבא
    |לא יודע|बाद में|अभी नहीं|छोड़ें|पता नहीं|以后|以后再说|稍后|跳过|下一步|不知道|随便|现在不
"""


_NEVER_MIND_LIST = """
    cancel|never mind|nevermind|forget it|abbrechen|vergiss es|schon gut|annuler|laisse tomber
    |cancelar|olvídalo|déjalo|annulla|lascia stare|deixa pra lá|отмена|отмени|забудь|скасувати
    |забудь про це|iptal|vazgeç|batal|إلغاء|لغو|בטל|रद्द करें|取消|算了
"""


class Meant(Enum):
    """What an answer says that is no more than that."""

    YES = "yes"
    NO = "no"
    LATER = "not now, or no matter"


def _said(phrases: str) -> frozenset[str]:
    return frozenset(bare(each.strip()) for each in phrases.split("|"))


_THANKS_LIST = """
    thanks thank you thx danke schön merci beaucoup gracias muchas grazie mille obrigado obrigada
    спасибо большое дякую teşekkürler teşekkür ederim sağol terima kasih شكرا شكرًا شكراً ممنون תודה
    धन्यवाद 谢谢 谢谢你
"""
_THANKS = frozenset(map(fold, _THANKS_LIST.split()))
_NEVER_MIND = _said(_NEVER_MIND_LIST)
_ANSWERS = {Meant.YES: _said(_YES), Meant.NO: _said(_NO), Meant.LATER: _said(_LATER)}


def answer_in(words: str) -> Meant | None:
    """Yes, no or later, perhaps with thanks: `no thanks`, `nein danke`, `не сейчас`. None for what
    says more, or something else.
    """
    said = PLEASE().sub("", bare(words))
    # As it was typed, too: the words for yes and no of the settings keep their accents.
    for each in (said, _without_thanks(said), words.strip(" .,!")):
        for meant, phrases in _ANSWERS.items():
            if each in phrases:
                return meant
        if is_off(each):
            return Meant.NO
        if is_on(each):
            return Meant.YES
    return None


def ends_command(words: str) -> bool:
    """Whether it can be the end of a command that was asked for: no greeting, no link, nothing that
    says no or asks for something else.
    """
    asks = read_plea(words) or read_wish(words) or asks_for_help(words) or is_greeting(words)
    is_no = answer_in(words) in (Meant.NO, Meant.LATER) or bare(words) in _NEVER_MIND
    return not (asks or is_no or link_in(words))


def only_answers(words: str, commands: Container[str]) -> bool:
    """Whether it says no more than yes, no or later, and is not the name of one of the `commands`
    as people call it: `stop` is more than no.
    """
    return called(fold(bare(words))) not in commands and answer_in(words) is not None


def _without_thanks(said: str) -> str:
    words = said.replace(",", " ").replace("，", " ").split()
    return " ".join(word for word in words if word not in _THANKS)


def is_for_commands(words: str, step: FirstStep, commands: Container[str]) -> bool:
    """Whether it is said to the bot as at any other time, and answers no step: the name of one of
    the `commands`, a greeting, or what asks for something.
    """
    if called(fold(bare(words))) in commands or asks_for_help(words):
        return True
    plea = read_plea(words)
    is_of_night = plea is Plea.NIGHT or is_night(bare(words))
    if answer_in(words) or (step is FirstStep.NIGHT and is_of_night):
        return False
    if is_greeting(words):
        return True
    # Who lists topics may name some to be left out, or say to follow them.
    return step is not FirstStep.TOPICS and bool(plea or read_wish(words))
