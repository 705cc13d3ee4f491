"""What people ask of the bot that names no thing: `too many messages`, `not at night`, `why did I
get this?`. Pure.

Who says so needs no word of ours: it is enough that all the words are among those with which it is
said, and that some of the telling ones are there.
"""

from enum import Enum

from msgspec import Struct

from bot.news.telling.days import WEEKDAYS, WEEKEND, split_days
from bot.news.telling.durations import is_time
from bot.news.telling.spoken_numbers import SPELLED
from bot.news.telling.spoken_times import PLEASE
from bot.news.text.words import fold
from handlers.routing.no_things import Kind, bare_words, kinds_of
from handlers.routing.verbs import LESS, Deed
from handlers.routing.wishes import (
    LONGEST,
    STOPS,
    Parted,
    is_to_somebody,
    parted,
    read_wish,
    without_time,
)

_MOST_WORDS = 12
_ENDS_OF_WEEK = (WEEKDAYS[0], WEEKDAYS[-1])


class Plea(Enum):
    """What somebody asks for that names no thing."""

    FEWER = "fewer alerts"
    NIGHT = "none at night"
    WHY = "why an alert came"
    MORE = "more like it"
    LESS = "less like it"
    UNDO = "what was done last, undone"
    HELP = "what the bot can do"
    TOPICS = "what is followed"
    SOURCES = "what is read"
    SOUND = "no sound"
    FORGET = "all about the chat deleted"
    WHICH = "something done with an alert, and none is named"
    WAITING = "what waits, now"
    WEEKDAYS = "none on weekends"
    RESUME = "alerts again"
    STATUS = "why nothing comes"
    CHATS = "how the bot comes to a group or a channel"


_WHY = """
    why wherefore warum wieso weshalb pourquoi
    porque perché почему зачем отчего чому навіщо neden
    niye niçin لماذا ليش لما چرا למה क्यों mengapa kenapa
"""
_OF_ALERT = """
    this that it the is was are am i me you get got getting did do does send sent show showing here
    alert message story news one come came see seeing for to of
    das diese dieser dieses dies bekomme habe ich mir kommt kam hier nachricht meldung die der es
    ça ce cela cette je reçois reçu ai j'ai message
    esto este esta eso me llega llegó recibo recibí mensaje lo
    questo questa mi arriva arrivato ricevo
    isto isso recebi recebo veio
    это этот эта мне я получил получаю пришло прислал такое такого этого об этом
    це цей мені я отримав надіслав таке такого цього
    bu bunu bana geldi bundan bunun aldım
    هذا هذه وصلني لي من ذلك
"""
_BESIDE_LESS = """
    i'm again like please pls don't dont want need care about kind sort stuff a old news see saw
    such already read known bitte schon sowas so wie por favor así como tipo déjà vu cette ce
    mais così come già мне уже такое подобное böyle artık bir مثل لست غير
    interested interesting source want like more interessiert interessant quelle mich davon mehr
    darüber intéressé intéressant intéresse interesa interesante fuente interessa interessante
    fonte интересно интересует источник надо хочу больше цікаво джерело daha ilginç ilgimi kaynak
    يهمني مهتم مصدر المصدر أريد
"""
_LESS = """
    less fewer not stop mute boring irrelevant wrong unsubscribe duplicate duplicates repeated
    repost old outdated unfollow don't dont enough spam hide no
    uninteresting
    weniger nicht nein kein stopp stumm stummschalten uninteressant langweilig genug veraltet
    doppelt aburrido aburrida silenciar silencia repetido repetida noioso silenzia chato
    desinteressante ennuyeux скучно старое повтор нудно sustur sıkıcı غير ممل
    moins pas non assez menos no basta meno non não chega
    меньше не нет стоп хватит неинтересно менше ні досить нецікаво
    az değil hayır dur yeter ilgilenmiyorum istemiyorum çekmiyor أقل لا ليس توقف كفى
"""
_BESIDE_MORE = """
    like another davon di daha اكثر please pls tell me about dazu darüber wie como cose come такого
    об это de esto comme ça sur por favor bitte mehr show give one ones
"""
_MORE = """
    more similar mehr ähnliches plus encore más ancora
    più mais ещё еще больше подробнее ще більше fazla
    المزيد أكثر lagi
"""
_WHOLE = {
    Plea.WHY: """
        为什么|为什么发给我|为什么给我发这个|为什么发这个|为什么给我发|为何|why am i getting this
        neden gönderdin|bunu neden gönderdin|niye gönderdin|warum hast du mir das geschickt
        warum schickst du mir das|por qué me mandas esto|por qué me envías esto
        pourquoi tu m'envoies ça|pourquoi m'envoies-tu ça|perché mi mandi questo
        perché mi hai mandato questo|por que você me mandou isso|зачем ты мне это прислал
        почему ты мне это прислал|навіщо ти мені це надіслав|чому ти мені це надіслав
        لماذا أرسلت لي هذا|چرا این را فرستادی|למה שלחת לי את זה|यह मुझे क्यों भेजा
        kenapa kamu kirim ini|为什么发这个给我|为什么给我发这条
    """,
    Plea.MORE: """
        更多|再来|再来一些|更多这样的|多来点|多发点|多发这种|mehr dazu|más como esto|más de esto
        quiero más
        mais disso|mais como esta|altro così|altre così|più notizie così|bunun gibi daha fazla
        bunun gibi daha çok
    """,
    Plea.LESS: """
        不感兴趣|没兴趣|少一点|别发了|不要了|少发这个|不想看|静音|屏蔽
        不要发了|👎|غير مهتم|لست مهتما
        ça ne m'intéresse pas|não tenho interesse|não me interessa|i'm not interested in this
        this is old news|seen it already|already seen|that's wrong|this is wrong|wrong topic
        that's not it|not about this|das ist falsch|falsches thema|está mal|tema equivocado
        c'est faux|mauvais sujet|è sbagliato|argomento sbagliato|está errado|tema errado|это не то
        не та тема|не по теме|це не те|не та тема|yanlış konu|bu yanlış|هذا خطأ|الموضوع خطأ
        این اشتباه است|זה לא נכון|נושא לא נכון|यह गलत है|गलत विषय|topik salah|ini salah|不对|主题不对
    """,
    Plea.FORGET: """
        delete my data|delete my account|delete all my data|remove my data|erase my data
        lösche meine daten|lösch meine daten|mein konto löschen|borra mis datos|elimina mis datos
        borrar mi cuenta|supprime mes données|supprimer mon compte|cancella i miei dati
        elimina il mio account|apague meus dados|apagar meus dados|удали мои данные
        удали мой аккаунт|видали мої дані|verilerimi sil|hesabımı sil|احذف بياناتي|احذف حسابي
        删除我的数据|删除我的账号
    """,
    Plea.SOUND: """
        без звука|без звуку|sem som|sin sonido|ohne ton|ohne töne|sans son|senza suono|no sound
        without sound|sessiz|بدون صوت|不要声音
    """,
    Plea.FEWER: """
        消息太多|消息太多了|太多消息|太多了|通知太多|通知太多了|太多通知|信息太多|信息太多了|新闻太多|新闻太多了
        少发一点|少发点|少一点|只要重要新闻|只要重要的新闻|只看重要新闻|只发重要新闻|只要大新闻
        solo lo importante|solo l'essentiel|nur das wichtigste|seulement l'essentiel
        solo le cose importanti|só o importante|только важное|тільки важливе|sadece önemli olanlar
        nicht so viel|nicht so viele|nicht so oft|pas autant|pas si souvent|no tanto|no tantos
        once a day is enough|only once a day|只要重要的
        not so many|not so much|not that many|not so often|slow down|calm down|langsamer
        mach langsam
        no tantas|no tantos mensajes|más despacio|pas tant|moins vite|ralentis|non così tanti
        non così tante|non così spesso|rallenta|não tantos|não tantas|nem tanto|mais devagar
        не так много|не так часто|помедленнее|не столько|не так багато|не так часто|повільніше
        bu kadar çok değil|bu kadar değil|bu kadar sık değil|yavaşla|ليس بهذا القدر|ليس بهذه الكثرة
        أبطئ|نه این‌قدر|این‌قدر زیاد نه|کمتر بفرست|לא כל כך הרבה|לא כל כך הרבה הודעות|תאט
        इतने ज़्यादा नहीं|इतने नहीं|इतना नहीं|कम भेजो|jangan sebanyak ini|jangan terlalu sering
        pelan-pelan|不要这么多|别这么多|不用这么多|慢一点|慢点|少来点
        less is enough|stop spamming|stop spamming me|you talk too much|spam
    """,
    Plea.NIGHT: """
        晚上不要|晚上不要发|晚上别发|晚上别吵|夜里不要发|夜间勿扰|半夜别发|晚上不要打扰
        do not disturb
        晚上不要发消息|晚上别打扰我|晚上别发消息|晚上不要消息|晚上不要通知
        don't disturb|don't wake me|don't disturb me while i sleep|don't disturb me
        nicht stören|не беспокоить
        ne pas déranger|no molestar|rahatsız etme|gece rahatsız etme
        gece bildirim gelmesin|gece mesaj gelmesin|gece gelmesin
        रात को सूचना मत भेजो|रात को मत भेजो|रात में मत भेजो|रात को परेशान मत करो
    """,
    Plea.UNDO: """
        undo|undo that|undo this|undo it|undo please|no, undo
        no undo|please undo|bring it back|bring that back
        put it back|give it back|go back|take it back|i didn't mean that
        that was a mistake|oops|my mistake
        rückgängig|mach das rückgängig|rückgängig machen|mach es rückgängig|zurück|hol es zurück
        deshacer|deshaz|deshazlo|deshacer eso|annuler|annule
        annule ça|annulla|annulla tutto|desfazer|desfaça
        отмени|отменить|верни|верни назад|верни обратно|назад|отмена|скасуй|скасувати|поверни|назад
        geri al|geri getir
        تراجع|ألغ ذلك|أعده|撤销|撤回|恢复|取消上一步|取消操作|restore it|urungkan|वापस लाओ
        ביטול|בטל|واگرد|برگردان
    """,
    Plea.HELP: """
        what can you do|what can you do for me|what is this|what's this|what do you do|who are you
        how does this work|how does it work|how do i use this|how do you work|what are you|help me
        i need help|i don't understand|what can i do here|what can i do
        was kannst du|was ist das|wie funktioniert das|wie geht das|wer bist du|hilf mir
        ich verstehe nicht|ich verstehe das nicht|was kann ich hier machen
        qué puedes hacer|qué es esto|cómo funciona|cómo funciona esto|quién eres|ayúdame|no entiendo
        que peux-tu faire|qu'est-ce que c'est|c'est quoi|comment ça marche|qui es-tu|aide-moi
        je ne comprends pas|cosa sai fare|cosa puoi fare|che cos'è|cos'è questo|come funziona
        chi sei|aiutami|non capisco|o que você faz|o que é isso|como funciona|quem é você
        me ajuda|não entendo|não entendi
        что ты умеешь|что ты можешь|что это|что это такое|как это работает|кто ты|ты кто|помоги
        помогите|не понимаю|что делать|що ти вмієш|що це|що це таке|як це працює|хто ти|допоможи
        не розумію|ne yapabilirsin|bu ne|bu nedir|nasıl çalışır|nasıl çalışıyor|sen kimsin
        yardım et|anlamadım|ماذا تفعل|ما هذا|كيف يعمل|كيف تعمل|من أنت|ساعدني|لا أفهم
        كيف يعمل هذا|كيف أستخدم هذا|این چطور کار می‌کند|چه کاری می‌توانی بکنی|איך זה עובד
        מה אתה יכול לעשות|यह कैसे काम करता है|यह क्या है|तुम क्या कर सकते हो|मदद करो
        bu nasıl çalışıyor|bagaimana cara kerjanya|apa yang bisa kamu lakukan
        你能做什么|你会什么|这个怎么用|这是什么|怎么用|你是谁|帮帮我|我不懂
    """,
    Plea.TOPICS: """
        what am i following|what do i follow|what are my topics|show my topics|show me my topics
        list my topics|my topics|my subscriptions|what am i subscribed to
        was abonniere ich|wem folge ich|was habe ich abonniert|welchen themen folge ich|meine themen
        qué estoy siguiendo|qué sigo|a qué estoy suscrito|mis temas|mes sujets|mes abonnements
        cosa seguo|i miei temi|o que eu sigo|o que estou seguindo|meus temas
        на что я подписан|на что я подписана|мои темы|мои подписки|на що я підписаний|мої теми
        мої підписки|neleri takip ediyorum|ne takip ediyorum|konularım|ماذا أتابع|مواضيعي
        我关注了什么|我的主题|我的关注
    """,
    Plea.STATUS: """
        what's waiting|what is waiting|what waits|was wartet|was wartet noch|qué está esperando
        qué hay pendiente|qué está pendiente|qu'est-ce qui attend|cosa c'è in attesa
        o que está esperando|o que está pendente|что ждёт отправки|що чекає надсилання
        neler bekliyor|ما الذي ينتظر|چه چیزی منتظر است|מה ממתין|क्या भेजना बाकी है
        apa yang menunggu|有什么在等待|还有什么没发
        why no alerts|where are my alerts|where is my news|nothing comes|no alerts come
        i get no alerts|i don't get any alerts|i don't get alerts|why don't i get alerts
        why do i get nothing|why does nothing come|warum kommt nichts|es kommt nichts
        warum bekomme ich nichts|wo sind meine mitteilungen|por qué no llega nada|no llega nada
        no recibo alertas|no me llega nada|pourquoi rien n'arrive|rien n'arrive
        je ne reçois rien|je ne reçois pas d'alertes|perché non arriva niente|non arriva niente
        non ricevo avvisi|por que não chega nada|não chega nada|não recebo alertas
        почему ничего не приходит|ничего не приходит|где мои уведомления|чому нічого не приходить
        нічого не приходить|neden bildirim gelmiyor|hiçbir şey gelmiyor|bildirim gelmiyor
        لماذا لا تصلني تنبيهات|لا يصلني شيء|لا تصلني تنبيهات|چرا هشداری نمی‌آید|چیزی نمی‌آید
        למה אין התראות|לא מגיע כלום|לא מגיעות התראות|अलर्ट क्यों नहीं आ रहे|कुछ नहीं आ रहा
        kenapa tidak ada pemberitahuan|tidak ada yang datang|为什么没有提醒|收不到提醒|没有收到提醒
    """,
    Plea.RESUME: """
        unpause|un-pause|resume alerts|resume the alerts|start again|start it again
        start alerts again|turn on again|turn it on again|turn alerts on again|turn alerts on
        turn on alerts|turn it back on|turn alerts back on|switch alerts on|switch it on again
        send alerts again|start sending again|end the pause|end pause|mach weiter
        mitteilungen wieder an|wieder einschalten|schalte wieder ein|pause beenden
        beende die pause|fang wieder an|empieza de nuevo|empezar de nuevo|vuelve a empezar
        activa las alertas|activar alertas|activa de nuevo|quita la pausa|termina la pausa
        réactive les alertes|réactiver les alertes|remets les alertes|active les alertes
        termine la pause|arrête la pause|riattiva gli avvisi|attiva gli avvisi|riaccendi gli avvisi
        togli la pausa|recomece|comece de novo|ative os alertas|ativar alertas|tira a pausa
        возобнови|включи уведомления|включи снова|включи обратно|сними с паузы|снять с паузы
        начни снова|включить уведомления|увімкни сповіщення|увімкни знову|зніми з паузи|почни знову
        devam ettir|yeniden başlat|tekrar başlat|bildirimleri aç|duraklatmayı kaldır|استأنف
        شغل التنبيهات|فعل التنبيهات|ابدأ من جديد|از سر بگیر|هشدارها را روشن کن|دوباره شروع کن
        הפעל מחדש|הפעל התראות|תפעיל שוב|בטל את ההשהיה|फिर शुरू करो|फिर से शुरू करो
        अलर्ट चालू करो|वापस चालू करो|mulai lagi|nyalakan lagi|nyalakan peringatan|aktifkan lagi
        恢复提醒|继续发送|继续发|打开通知|开启通知|重新开始|取消暂停|恢复推送
    """,
    Plea.WAITING: """
        send now|send it now|send them now|send me the digest now|send the digest now|digest now
        send what waits|send what's waiting|schick es jetzt|schick es mir jetzt|sende es jetzt
        jetzt schicken|jetzt senden|schick mir die übersicht jetzt|übersicht jetzt|envíalo ahora
        mándalo ahora|enviar ahora|resumen ahora|envoie-le maintenant|envoie maintenant
        envoyer maintenant|résumé maintenant|invialo ora|mandalo ora|mandalo adesso|invia ora
        invia adesso|riepilogo ora|envie agora|manda agora|mande agora|enviar agora|resumo agora
        пришли сейчас|отправь сейчас|пришли это сейчас|отправить сейчас|дайджест сейчас
        сводка сейчас|надішли зараз|надіслати зараз|пришли зараз|дайджест зараз|şimdi gönder
        hemen gönder|özet şimdi|أرسله الآن|أرسل الآن|الملخص الآن|الان بفرست|همین حالا بفرست
        چکیده الان|שלח עכשיו|תשלח עכשיו|תקציר עכשיו|अभी भेजो|अभी भेजें|सार अभी|kirim sekarang
        rangkuman sekarang|现在发|现在发送|马上发|立即发送|现在发摘要
    """,
    Plea.CHATS: """
        how do i add you to a group|how do i add you to my group|how to add you to a group
        how can i add you to a group|how do i add you to a channel|how do i add you to my channel
        how can i add you to my channel|how to add you to a channel|add you to a group
        can i add you to a group|can you join my group|can i use you in a group
        i want to set up my channel|set up my channel|set up a channel|i have a channel
        manage my channel|manage my channels|manage a channel|manage channels|my channels|my channel
        wie füge ich dich zu einer gruppe hinzu|wie füge ich dich einer gruppe hinzu
        wie kommst du in eine gruppe|wie füge ich dich zu meinem kanal hinzu|meinen kanal verwalten
        meine kanäle|cómo te añado a un grupo|cómo te agrego a un grupo|cómo te añado a mi canal
        gestionar mi canal|mis canales|comment t'ajouter à un groupe|comment t'ajouter à mon canal
        comment vous ajouter à un groupe|gérer mon canal|mes canaux|come ti aggiungo a un gruppo
        come ti aggiungo al mio canale|gestire il mio canale|i miei canali
        como adiciono você a um grupo|como te adiciono a um grupo|como te adiciono ao meu canal
        gerenciar meu canal|meus canais|как добавить тебя в группу|как добавить вас в группу
        как добавить тебя в канал|как добавить в группу|управлять каналом|мои каналы|мой канал
        як додати тебе до групи|як додати тебе в групу|як додати тебе до каналу|мої канали
        seni gruba nasıl eklerim|seni kanalıma nasıl eklerim|kanalımı yönet|kanallarım
        كيف أضيفك إلى مجموعة|كيف أضيفك إلى قناة|قنواتي|چطور تو را به گروه اضافه کنم|کانال‌های من
        איך מוסיפים אותך לקבוצה|איך מוסיפים אותך לערוץ|הערוצים שלי
        आपको ग्रुप में कैसे जोड़ें|मेरे चैनल|bagaimana menambahkanmu ke grup|kanal saya
        怎么把你加到群里|怎么把你加进群|如何把你加到群里|怎么把你加到频道|管理我的频道|我的频道
    """,
    Plea.SOURCES: """
        what sources do you have|which sources do you have|what sources are there|how many sources
        how many sources are there|how many sources do you have|what are your sources
        which sources do you read|what do you read|welche quellen hast du|welche quellen gibt es
        woher kommen die nachrichten|qué fuentes tienes|quelles sources|quelles sont tes sources
        quali fonti|quais fontes|какие источники|какие у тебя источники|откуда новости
        які джерела|звідки новини|hangi kaynaklar var
        ما المصادر|ما هي المصادر|你有哪些来源|有哪些来源
    """,
}
_BESIDE_MUCH = """
    from von dir de ti vous toi da te você от тебя від тебе
    too so lot lots zu souvent autant tanti tante столько реже занадто daha جدا terlalu lebih बहुत
    خیلی יותר
"""
_MUCH = """
    many much less fewer often way поменьше muitas muitos muchos muchas tantos tantas
    viele viel weniger oft trop moins demasiado demasiados demasiadas
    menos troppi troppe troppo meno demais слишком много
    меньше часто забагато багато менше fazla az çok sık
    كثيرة كثير كثيرا أقل banyak sedikit ज़्यादा ज्यादा कम زیاد کمتر מדי פחות
"""
_ONLY = """
    only just nur seulement uniquement solo sólo solamente
    soltanto apenas só только лише тільки sadece
    yalnızca فقط hanya सिर्फ केवल רק
"""
_MAJOR = """
    important major big breaking wichtige wichtigste wichtigen
    große wesentliche importantes importants
    importante importanti grandes важные важное главные
    главное важливі найважливіше önemli büyük المهمة
    الهامة المهم penting ज़रूरी जरूरी مهم חשובות חשוב
"""
_NIGHT = """
    night nights nacht nachts nuit noche noches notte noite ночью ночам вночі ночами gece geceleri
    الليل ليلا ليلاً malam रात شب בלילה
"""
_BESIDE_NIGHT = """
    disturb bother write wake sleep sleeping while when any anything everything all from after
    before
    wenn schlafe schreib schreibe störe stören molestes molestar mientras duermo dérange pendant
    dors je disturbare disturbarmi mentre dormo perturbe durante enquanto durmo пиши пишите беспокой
    беспокоить беспокойте тревожь сплю когда пока турбуй rahatsız etme uyurken
"""
_NOT = """
    not no don't dont nothing quiet off stop nicht nichts keine kein ruhe leise
    pas rien no nada sin silencio non niente não не ничего без тихо тише нічого без
    istemiyorum yok gönderme sessiz olmasın لا بدون jangan tidak मत नहीं نه לא
"""
_MESSAGES = """
    messages message alerts alert notifications notification news stories things stuff pings texts
    you you're youre sending can could would u pls plz svp stp les quiero recibir receive most the
    you are is it's its that's thats that this it there there's
    i get am getting send sending me a of the way
    please at to in by for make be want only turn during them off stop so and
    nachrichten nachricht meldungen mitteilungen benachrichtigungen
    infos du schickst sendest schick schicke sende schreib mir ich keinen mehr
    bekomme das ist sind es bitte in der am die bei will möchte
    messages alertes notifications actualités nouvelles
    ne m'envoie m'envoyez envoie plus de d' infos tu envoies c'est la les de des y a il m' me
    mensajes alertas notificaciones noticias son es envías mandas por la de las favor en el
    messaggi avvisi notifiche notizie sono di la le per mi mandi
    mandarmi voglio più
    mensagens alertas notificações notícias são à a o de por me
    mande envie quero mais
    сообщений сообщения уведомлений уведомления новостей новости это мне ты вы присылай присылайте
    надо нужно хочу получать больше меня
    пожалуйста по и шли
    повідомлень повідомлення сповіщень новин новини це мені надсилай будь ласка
    mesaj mesajlar bildirim bildirimler haber haberler bu bana geliyor gönderiyorsun lütfen
    ترسل شيء أي الرسائل رسائل الإشعارات إشعارات التنبيهات تنبيهات الأخبار اخبار أخبار في هذا لي ترسل
    pesan notifikasi berita ini संदेश सूचनाएं खबरें खबर
    में यह پیام پیامها خبر است הודעות התראות חדשות זה
    me mandes envíes quiero los
"""

_BESIDE_DAYS = """
    during over the all every der den die das le les las los il i gli o os as на в по у bu di pada
    pro nos nei nel en em from von vom de du del da dal с з
    escribas escribir escribe scrivere scrivermi écris écrire escreva escrever yazma yazmayın
    rahatsız kirim ganggu gönderme
"""
_TO = "to through till until bis à au a al hasta ad до по sampai ile"
_NOT_IN_CHINESE = "不要发 别发 不要 不发 不要打扰 别打扰 不要通知 不要发消息 别发消息"

_NOUNS = """
    messages alerts notifications news stories nachrichten meldungen mitteilungen alertes
    notifications mensajes alertas noticias messaggi avvisi notizie mensagens сообщения сообщений
    сообщение новости новостей уведомлений уведомления повідомлення повідомлень новин mesaj haber
    bildirim رسائل تنبيهات أخبار pesan
"""
_A_DAY = """
    day daily tag täglich jour día dia giorno день gün günde اليوم يوميا hari
"""
_BESIDE_NUMBER = """
    ich je io ben я yo eu
    max most maximum only per each every at a höchstens maximal nur pro am jeden par máximo solo al
    por cada massimo al massimo no máximo только максимум не больше в лише максимум на sadece en
    fazla أريد فقط في i want will möchte quiero voglio quero хочу istiyorum
"""
_NUMBERS = frozenset(fold(word) for word, number in SPELLED.items() if number > 1)
_GOING_ON_WORDS = """
    resume|continue|go on|on|start|start over|back on|turn on|fortsetzen|weitermachen|weiter
    wieder an|einschalten|reanudar|reanuda|continuar|continúa|sigue|reprendre|reprends|continuer
    recommence|riprendi|riprendere|continua|ricomincia|retomar|retome|продолжить|продолжай|продолжи
    дальше|возобновить|продовжити|продовжуй|віднови|відновити|devam|devam et|yeniden başla|استمر
    استئناف|ادامه|ادامه بده|המשך|תמשיך|जारी रखो|जारी रखें|चालू करो|lanjutkan|lanjut|继续|恢复
"""
_NUMBER = "#"
"""Stands for a number, in digits or as a word."""


def _set(*lists: str) -> frozenset[str]:
    return frozenset(word for some in lists for each in some.split() for word in _bare(each))


def _bare(text: str) -> list[str]:
    return bare_words(fold(text).replace("por que", "porque"))


class _Bag(Struct, frozen=True):
    """Words of a plea: all must be among some, and some of each of the `telling` must be there."""

    plea: Plea
    among: frozenset[str]
    telling: tuple[frozenset[str], ...]

    def fits(self, bare: list[str]) -> bool:
        said = {_NUMBER if word.isdecimal() or word in _NUMBERS else word for word in bare}
        return said <= self.among and all(not said.isdisjoint(each) for each in self.telling)


_OF_ALL = (
    _Bag(Plea.NIGHT, _set(_NIGHT, _NOT, _MESSAGES, _BESIDE_NIGHT), (_set(_NIGHT), _set(_NOT))),
    _Bag(Plea.FEWER, _set(_MUCH, _BESIDE_MUCH, _MESSAGES), (_set(_MUCH),)),
    _Bag(Plea.FEWER, _set(_ONLY, _MAJOR, _MESSAGES), (_set(_ONLY), _set(_MAJOR))),
)
_FEW = _Bag(
    Plea.FEWER,
    _set(_NOUNS, _A_DAY, _BESIDE_NUMBER, _ONLY) | {_NUMBER},
    (_set(_NOUNS), _set(_A_DAY), frozenset((_NUMBER,))),
)
_NEVER_ALONE = _set(_MUCH) - _set("less fewer weniger moins menos meno меньше менше أقل")
_WHY_BAG = _Bag(Plea.WHY, _set(_WHY, _OF_ALERT), (_set(_WHY),))
_OF_ONE = (
    _WHY_BAG,
    _Bag(Plea.MORE, _set(_MORE, _BESIDE_MORE, _OF_ALERT), (_set(_MORE),)),
    _Bag(Plea.LESS, _set(_LESS, _BESIDE_LESS, _OF_ALERT), (_set(_LESS),)),
)
_WITHOUT_ALERT = (
    Plea.FEWER, Plea.NIGHT, Plea.UNDO, Plea.WHY, Plea.HELP, Plea.TOPICS, Plea.SOURCES,
    Plea.FORGET, Plea.SOUND, Plea.CHATS, Plea.WAITING,
    Plea.RESUME, Plea.STATUS,
)  # fmt: skip
_ON_DAYS = _set(_ONLY, _NOT, _MESSAGES, _BESIDE_NIGHT, _BESIDE_DAYS, _TO, _NOT_IN_CHINESE)
_WANTED, _NEGATED, _UP_TO = (
    _set(_ONLY, "只在 只要 仅 仅在 只"),
    _set(_NOT, _NOT_IN_CHINESE),
    _set(_TO),
)
_ON_DAYS |= _WANTED
_GOING_ON = frozenset(
    " ".join(_bare(each)) for each in _GOING_ON_WORDS.strip().replace("\n", "|").split("|")
)
_EXACTLY = {
    plea: frozenset(
        " ".join(_bare(each)) or each
        for line in phrases.strip().splitlines()
        for each in line.strip().split("|")
    )
    for plea, phrases in _WHOLE.items()
}


def read_plea(words: str) -> Plea | None:
    """What is asked for, if no thing is named: `too many messages`, `not at night`, `undo that`."""
    if _spares_weekends(words):
        return Plea.WEEKDAYS
    found = _plea(words, _WITHOUT_ALERT, (*_OF_ALL, _FEW, _WHY_BAG))
    if found in (None, Plea.FEWER, Plea.NIGHT) and (of_verb := _of_verb(words)):
        return of_verb
    return found


def _spares_weekends(words: str) -> bool:
    """Whether alerts are wanted on weekdays only: `only weekdays`, `no news on weekends`. Who says
    to stop or to mute them means the next weekend.
    """
    days, rest = split_days(words.strip(" .!?。！"))
    said = set(_bare(rest))
    if not said <= _ON_DAYS or len(said) > _MOST_WORDS:
        return False
    if days == WEEKDAYS or (days == _ENDS_OF_WEEK and not said.isdisjoint(_UP_TO)):
        return not said.isdisjoint(_WANTED)
    if days != WEEKEND or said.isdisjoint(_NEGATED):
        return False
    verb, wish = parted(words), read_wish(words)
    is_pause = wish is not None and wish.deed is Deed.PAUSE
    return not is_pause and (
        verb is None or (verb.deed is not Deed.MUTE and verb.verb not in STOPS)
    )


def says_go_on(words: str) -> bool:
    """Whether somebody whose alerts are paused wants them again, in words that are a search where
    they are not: `continue`, `on`, `weiter`.
    """
    plain = PLEASE().sub("", words.strip(" .!"))
    return read_plea(plain) is Plea.RESUME or " ".join(_bare(plain)) in _GOING_ON


def said_of_alert(words: str) -> Plea | None:
    """What is asked for in a reply to an alert: `why?`, `more`, `not interested`."""
    exact = (Plea.WHY, Plea.MORE, Plea.LESS, Plea.FEWER)
    found = _plea(words, exact, (*_OF_ONE, *_OF_ALL[1:]))
    if found is None and _is_of_this(words):
        return Plea.LESS
    return Plea.LESS if found is Plea.FEWER else found


def _of_verb(words: str) -> Plea | None:
    """What a verb asks for that is said of no thing, but of the hour or of how many: `no alerts
    after 10pm`, `no more than 5 a day`.
    """
    said = parted(words)
    if said is None or said.deed in (Deed.FOLLOW, Deed.UNMUTE):
        return None
    kinds = kinds_of(said.thing)
    of_what = kinds_of(without_time(said.thing)) or frozenset()
    if (wish := read_wish(words)) and wish.deed is Deed.PAUSE:
        return None
    if Kind.THIS in of_what and of_what <= {Kind.THIS, Kind.ALERTS, Kind.BESIDE}:
        return Plea.WHICH if is_to_somebody(said) else None
    if kinds is not None and Kind.SOUND in kinds:
        return Plea.SOUND
    is_other = said.deed in (Deed.REMOVE, Deed.LEAVE)
    if kinds is None or is_time(said.thing, "UTC", 0.0) or is_other:
        return None
    if wish:
        return None
    is_meant = bool(kinds & {Kind.ALERTS, Kind.ALL}) or " " in said.verb or said.deed is Deed.MUTE
    if kinds & {Kind.NIGHT, Kind.TIME} or {Kind.EDGE, Kind.NUMBER} <= kinds:
        return Plea.NIGHT if is_meant else None
    if {Kind.LIMIT, Kind.NUMBER} <= kinds:
        return Plea.FEWER
    return Plea.FEWER if Kind.ALERTS in kinds and said.verb in LESS else None


def _is_of_this(words: str) -> bool:
    """Whether something is to be done with the alert itself: `mute for a week`, `不要这种`."""
    said: Parted | None = parted(words)
    if said is None or said.deed in (Deed.FOLLOW, Deed.UNMUTE):
        return False
    kinds = kinds_of(without_time(said.thing))
    return is_time(said.thing, "UTC", 0.0) or (kinds is not None and Kind.NIGHT not in kinds)


def _plea(words: str, exact: tuple[Plea, ...], bags: tuple[_Bag, ...]) -> Plea | None:
    bare = _bare(words) if len(words) <= LONGEST else []
    if not 0 < len(words) <= LONGEST or len(bare) > _MOST_WORDS:
        return None
    whole = " ".join(bare) or words.strip()
    for plea in exact:
        if whole in _EXACTLY.get(plea, ()):
            return plea
    if len(bare) == 1 and bare[0] in _NEVER_ALONE:
        return None
    return next((bag.plea for bag in bags if bare and bag.fits(bare)), None)
