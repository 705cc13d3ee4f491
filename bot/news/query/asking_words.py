"""Words with which people ask and tell this bot something: alone they find news that nobody meant.
Pure.
"""

from bot.news.text.words import fold

_WORDS = """
    send sending show give tell want need please remove delete unfollow follow subscribe unsubscribe
    stop mute unmute make get got let know about only just some any no not don't
    dont me my you your i'm im this that these what when where why how who alerts alert message
    messages notifications news update updates stuff things topic topics thanks hello hi every
    schick schicke sende sendest zeig zeige gib sag will möchte brauche bitte entferne lösche folge
    folgen abonniere stopp mir mich mein meine du dein kein keine keinen keiner nicht nur alle alles
    was wann wo warum wie wer nachrichten meldungen mitteilungen neues themen thema danke jeden
    manda mándame envía envíame muestra muestrame dame dime quiero quita elimina borra sigue seguir
    solo sólo no nada mis mi mensajes noticias alertas tema temas gracias favor cada qué
    envoie montre donne veux voudrais supprime retire suivre pas seulement messages nouvelles
    alertes sujet sujets merci chaque mes
    manda mostra dammi voglio rimuovi elimina segui solo messaggi notizie avvisi argomenti grazie
    envie mostre quero remova siga apenas não mensagens notícias alertas temas obrigado
    пришли присылай присылать покажи дай скажи хочу надо удали убери подпишись отпишись следи стоп
    мне меня мои мой ты вы не только все что когда где почему как кто новости новостей сообщения
    сообщений уведомления тему темы подписан спасибо пожалуйста каждый каждое я
    надішли надсилай покажи хочу видали прибери підпишись відпишись мені мої тільки лише всі що коли
    чому як новини повідомлення сповіщення тему теми дякую
    gönder göster ver istiyorum sil kaldır takip et sadece yalnızca bana benim mesaj mesajlar haber
    haberler haberleri bildirim konu konuları her lütfen teşekkürler
    أرسل ارسل أرني أعطني أريد احذف أزل تابع توقف فقط كل لي في أخبار الأخبار الرسائل رسائل تنبيهات
    المواضيع اليوم شكرا
"""
_FOLDED = frozenset(map(fold, _WORDS.split()))
_MOST_DIGITS = 2


def is_asking(word: str) -> bool:
    """Whether a folded word is one of them, or a number that is an hour rather than a year."""
    return word in _FOLDED or (word.isdecimal() and len(word) <= _MOST_DIGITS)
