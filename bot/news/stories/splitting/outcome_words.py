"""Words that say what became of something: it rises or falls, is approved or rejected, opens or
closes; somebody is charged, then convicted. Two headlines about one thing that say so in words
that exclude each other tell other news. Written by hand from common knowledge.

Left out is what means something else as often. *Wins* and *loses* tell
one match of its two sides: see `contest_words`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from bot.news.text.words import fold, stems


class NewsOutcome(Struct, frozen=True):
    """What became of the thing of its `kind`: the `step` that it took, and of the ways that this
    step can go the `way` it went.
    """

    kind: str
    step: int
    way: int


# A line is a kind: its steps in their order between bars, and between slashes the ways of a step
# that exclude each other. Of a word that a stemmer knows one form is enough.
_WORDS = {
    "en": """
        level: rise rose risen climb gain jump surge soar rally rebound higher increase raise hike
            strengthen upgrade
            / fall fell fallen drop slip slide slid sink sank plunge tumble decline plummet slump
            lower decrease cut slash weaken downgrade
        decision: debate consider mull weigh discuss propose seek request
            | approve pass adopt endorse ratify accept agree allow lets permit uphold upheld
            / reject veto refuse block ban overturn
            | sign
        denial: deny denies denial refute
        running: open reopen resume restart reinstate restore begin began begun start
            / close closure shut suspend halt cancel cancelled postpone delay end finish conclude
            collapse stop
        court: arrest detain accuse charge indict | convict guilty / acquit cleared exonerated
            | jail sentence imprisoned | appeal | free freed
        fate: missing search trapped | injure wounded wounds hurt hospitalised hospitalized
            | dies died dead dying death kill / rescue survive recover alive unharmed
        office: appoint hire / sack dismiss oust resign quit
        measure: threaten | impose introduce / lift scrap remove withdraw withdrew revoke repeal
    """,
    "de": """
        level: steigen steigt stieg gestiegen klettern klettert höher erhöht
            / fallen fällt fiel gefallen sinken sinkt sank gesunken tiefer niedriger senkt
        decision: berät beraten debattiert diskutiert erwägt prüft
            | beschließt beschlossen billigt gebilligt verabschiedet genehmigt erlaubt bestätigt
            / ablehnt abgelehnt lehnt verbietet verboten blockiert kippt verwirft
            | unterzeichnet unterschreibt
        running: öffnet geöffnet eröffnet beginnt begonnen startet gestartet
            / schließt geschlossen endet beendet gestoppt abgesagt verschoben ausgesetzt gesperrt
        denial: dementiert dementieren bestreitet
        court: festgenommen verhaftet angeklagt anklage | verurteilt schuldig
            / freigesprochen freispruch | berufung revision | freigelassen
        fate: vermisst vermisste suche sucht gesucht | verletzt verletzte verletzter
            | tot tote toter toten stirbt gestorben getötet tödlich
            / gerettet überlebt lebend unverletzt
        office: ernannt / entlassen rücktritt zurückgetreten gefeuert
        measure: droht | verhängt / aufgehoben zurückgezogen abgeschafft
    """,
    "fr": """
        level: monte hausse grimpe augmente bondit progresse relève
            / baisse chute recule plonge diminue abaisse réduit
        decision: débat examine envisage propose demande réclame
            | adopte adopté approuve approuvé vote valide autorise accepte
            / rejette rejeté refuse interdit bloque censure
            | promulgue signe signé
        running: ouvre rouvre reprend reprise commence débute lance
            / ferme fermeture suspend suspendu annulé reporte reporté termine
        denial: dément démentent démenti
        court: interpellé arrêté inculpé accusé | condamné coupable / acquitté relaxé | appel
            | libéré libérés
        fate: disparu disparus recherche recherches | blessé blessés
            | mort morts meurt décès tué tués
            / survit sauvé secouru
        office: nommé nomme / limogé limoge démissionne démission
        measure: menace | impose instaure / lève supprime retire abroge
    """,
    "es": """
        level: sube subida alza crece aumenta dispara eleva
            / baja bajada cae caída desploma desciende recorta reduce
        decision: debate estudia propone plantea pide solicita
            | aprueba aprobado acepta autoriza avala ratifica / rechaza rechazo veta prohíbe
            bloquea | firma promulga
        running: abre reabre reanuda comienza empieza inicia arranca
            / cierra cierre suspende cancela aplaza termina finaliza acaba
        denial: niega niegan desmiente desmienten
        court: detenido detenida detienen arrestado acusado imputado
            | condenado condena culpable / absuelto absuelve | recurre apela | liberado liberan
        fate: desaparecido desaparecida buscan búsqueda | herido heridos
            | muerto muertos muere mueren fallece
            / rescatado rescatan sobrevive
        office: nombra nombrado / destituye destituido dimite dimisión renuncia
        measure: amenaza | impone / levanta retira elimina deroga
    """,
    "it": """
        level: sale salgono rialzo cresce aumenta alza
            / scende scendono ribasso cala calo crolla taglia riduce
        decision: discute esamina propone valuta chiede
            | approva approvato accetta autorizza / respinge bocciato boccia rifiuta vieta blocca
            | firma
        running: apre riapre riprende comincia inizia confermato
            / chiude chiuso sospende annulla rinvia rinviato
            finisce termina
        denial: smentisce smentiscono nega
        court: arrestato arrestati fermato indagato accusato | condannato condanna colpevole
            / assolto assolti | ricorso | scarcerato liberato
        fate: disperso dispersi scomparso | ferito feriti | morto morti muore vittime
            / salvato salvati
        office: nominato nomina / licenziato dimette dimissioni esonerato
        measure: minaccia | impone introduce / revoca ritira elimina
    """,
    "pt": """
        level: sobe alta cresce aumenta dispara eleva / cai queda baixa recua desaba corta reduz
        decision: debate discute propõe avalia pede
            | aprova aprovado aceita autoriza mantém / rejeita recusa veta proíbe barra derruba
            | sanciona assina
        running: abre reabre retoma começa inicia / fecha suspende cancela adia termina encerra
        denial: nega negam desmente
        court: preso presos detido acusado indiciado | condenado condena culpado
            / absolvido absolve | recorre recurso | solto libertado
        fate: desaparecido desaparecida | ferido feridos | morto mortos morre morrem
            / resgatado resgatados sobrevive
        office: nomeia nomeado / demite demitido renuncia
        measure: ameaça | impõe / retira revoga
    """,
    "nl": """
        level: stijgt stijgen gestegen hoger / daalt dalen gedaald lager
        decision: bespreekt overweegt debatteert | goedgekeurd akkoord steunt
            / verwerpt verworpen weigert verbiedt blokkeert | ondertekent
        running: opent heropent begint hervat / sluit gesloten stopt uitgesteld afgelast eindigt
        court: aangehouden gearresteerd opgepakt aangeklaagd | veroordeeld schuldig / vrijgesproken
            | beroep | vrijgelaten
        fate: vermist | gewond gewonden | dood doden overleden omgekomen / gered overleeft
        office: benoemd / ontslagen opgestapt
    """,
    "ru": """
        level: вырос выросла выросли растет растут подорожал подорожала поднялся повысил
            повысила
            / упал упала упали падает падают снизился снизилась подешевел подешевела
        decision: обсуждает рассматривает предложил | одобрил одобрила одобрили принял приняла
            утвердил утвердила разрешил поддержал согласился
            / отклонил отклонила отверг отвергла отказался запретил запретила заблокировал
            | подписал подписала
        running: открыл открыли открыт открылся возобновил возобновили начался началась начали
            / закрыл закрыли закрыт закрылся приостановил приостановили отменил отменили перенес
            завершился завершилась прекратил
        denial: опроверг опровергла опровергли опровержение
        court: задержан задержали задержана арестован обвинен | осужден приговорен приговорили
            виновным / оправдан оправдали | обжаловал апелляция | освобожден освободили
        fate: пропал пропала пропавший пропавших ищут | ранен ранены пострадал пострадали
            | погиб погибли погибла умер умерла убит убиты / спасен спасли выжил
            живым живыми
        office: назначен назначил / уволен уволил отставка отставку
        measure: пригрозил | ввел ввела ввели / снял сняли отозвал
    """,
    "uk": """
        level: зріс зросла зросли подорожчав / впав впала впали знизився подешевшав
        decision: обговорює розглядає | схвалила схвалив ухвалила ухвалив підтримала погодив
            / відхилила відхилив відмовився заборонив заборонила | підписав
        running: відкрили відкрив відновили почався почали
            / закрили закрив призупинили скасували завершився
        denial: спростував спростувала спростували заперечив
        court: затримали затримано заарештували | засудили засуджено винним / виправдали
            | звільнили
        fate: зник зникла | поранено поранені постраждали
            | загинув загинула загинули помер померла убито / врятували
        office: призначили призначив / звільнив відставка відставку
    """,
    "pl": """
        level: rośnie rosną wzrósł wzrosły drożeje / spada spadają spadł spadły tanieje
        decision: debatuje rozważa | przyjął przyjęła uchwalił zatwierdził poparł
            / odrzucił odrzuciła odmówił zakazał zablokował | podpisał
        running: otwarto wznowiono rozpoczął ruszył / zamknięto zamknął zawieszono odwołano
            przełożono zakończył
        court: zatrzymany zatrzymano aresztowany oskarżony | skazany winny / uniewinniony
            | zwolniony
        fate: zaginął zaginęła | ranny ranni rannych | zginął zginęła zginęli zmarł zmarła zabity
            / uratowano
        office: powołany / odwołany zdymisjonowany dymisja
    """,
    "tr": """
        level: yükseldi yükseliyor arttı artıyor / düştü düşüyor geriledi azaldı
        decision: görüşüyor tartışıyor | onayladı kabul onaylandı / reddetti reddedildi yasakladı
            | imzaladı
        running: açıldı başladı başlıyor / kapandı kapatıldı ertelendi bitti durdu
        denial: yalanladı yalanlandı
        court: gözaltına tutuklandı | mahkûm suçlu / beraat | tahliye
        fate: kayıp kayboldu | yaralandı yaralı | öldü ölü hayatını / kurtarıldı
        office: atandı / istifa kovuldu
    """,
    "id": """
        level: naik menguat meningkat melonjak / turun melemah anjlok menurun
        decision: membahas mempertimbangkan | menyetujui mengesahkan disahkan
            / menolak ditolak melarang | menandatangani
        running: dibuka membuka dimulai / ditutup menutup ditunda dibatalkan berakhir
        denial: membantah bantah
        court: ditangkap ditahan | divonis bersalah dihukum / bebas | banding
        fate: hilang | luka terluka | tewas meninggal / selamat diselamatkan
        office: diangkat dilantik / dipecat mundur
    """,
    "ar": """
        level: ارتفاع ترتفع يرتفع ارتفعت صعود / انخفاض تنخفض ينخفض تراجع هبوط تهبط
        decision: يناقش تناقش يبحث | يوافق توافق يقر تقر اعتماد / يرفض ترفض رفض يحظر تحظر
            | يوقع توقع
        running: افتتاح يفتح استئناف تستأنف بدء / إغلاق تغلق تعليق إلغاء تأجيل انتهاء
        denial: ينفي تنفي نفى نفت نفي
        court: اعتقال توقيف اتهام | إدانة السجن / براءة تبرئة | إطلاق الإفراج
        fate: فقدان مفقود | إصابة جرحى | مقتل وفاة قتلى / إنقاذ نجاة
        office: تعيين / إقالة استقالة
    """,
    "he": """
        level: עלה עלתה עלו עלייה / ירד ירדה ירדו ירידה
        decision: דנה דן | אישר אישרה אושר אושרה / דחה דחתה נדחתה אסר | חתם
        running: נפתח נפתחה התחיל / נסגר נסגרה בוטל הסתיים
        denial: הכחיש הכחישה מכחיש
        court: נעצר נעצרה נעצרו האשמה | הורשע הורשעה גזר נידון / זוכה זוכתה | שוחרר שוחררה
        fate: נעדר נעדרת | נפצע נפצעו פצועים | נהרג נהרגה נהרגו מת מתה / ניצל חולץ
        office: מונה מונתה / פוטר התפטר התפטרה
    """,
    "fa": """
        level: افزایش / کاهش
        decision: بررسی | تصویب تایید موافقت / رد مخالفت ممنوع
        running: آغاز بازگشایی / تعطیل لغو تعلیق پایان
        court: بازداشت دستگیر | محکوم / تبرئه | آزاد
        fate: ناپدید مفقود | زخمی مجروح | کشته درگذشت / نجات
        office: منصوب / برکنار استعفا
    """,
    "hi": """
        level: बढ़ा बढ़ी बढ़े चढ़कर उछला तेजी / गिरा गिरी गिरकर गिरावट टूटा
        decision: चर्चा विचार | मंजूरी पारित मंजूर / खारिज इनकार रोक प्रतिबंध
        running: खुला शुरू / बंद रद्द स्थगित समाप्त
        court: गिरफ्तार आरोप | दोषी सजा / बरी | रिहा जमानत
        fate: लापता | घायल | मौत मृत / बचाया
        office: नियुक्त / इस्तीफा बर्खास्त
    """,
    "zh": """
        level: 上涨 上升 走高 大涨 / 下跌 下降 走低 大跌
        decision: 审议 讨论 | 通过 批准 / 否决 拒绝 驳回 | 签署
        running: 开放 恢复 启动 开始 / 关闭 暂停 取消 推迟 结束 停止
        denial: 否认 辟谣
        court: 被捕 逮捕 拘留 起诉 | 判处 有罪 判刑 / 无罪 | 上诉 | 获释 释放
        fate: 失踪 | 受伤 | 死亡 遇难 身亡 去世 / 获救 生还
        office: 任命 / 辞职 免职 解雇
    """,
    "ja": """
        level: 上昇 続伸 反発 / 下落 続落 反落
        decision: 審議 検討 | 可決 承認 / 否決 却下 拒否 | 署名
        running: 再開 開始 開幕 / 中止 延期 終了 閉鎖 停止
        denial: 否定
        court: 逮捕 起訴 | 有罪 実刑 / 無罪 | 控訴 上告 | 釈放
        fate: 不明 | 負傷 重傷 | 死亡 死去 / 救助
        office: 就任 起用 / 辞任 解任 辞職
    """,
}  # fmt: skip


_FATE, _DENIAL = "fate", "denial"
"""A denial is news of whatever was told."""


def _read(language: str) -> Iterator[tuple[str, NewsOutcome]]:
    """Terms, as `bot.news.stories.splitting.terms` makes them, and what each says."""
    kind, step, way = "", 0, 0
    for word in _WORDS.get(language, "").split():
        if word.endswith(":"):
            kind, step, way = word[:-1], 0, 0
        elif word == "|":
            step, way = step + 1, 0
        elif word == "/":
            way += 1
        else:
            yield stems(fold(word), language)[-1], NewsOutcome(kind, step, way)


@lru_cache(maxsize=8)
def _outcomes(language: str) -> Mapping[str, NewsOutcome]:
    return dict(_read(language))


def goes_otherwise(
    asked: Iterable[str], told: Iterable[str], told_in_all: Iterable[str], language: str
) -> bool:
    """Whether the terms of a headline say of something that it went otherwise than those of the
    one `told`, or a step further, or deny it, of which the report that was told has nothing.
    """
    known = _outcomes(language)
    mine, theirs = _found(asked, known), _found(told, known)
    if not mine:
        return False
    for new in mine.difference(_found(told_in_all, known)):
        if new.kind == _DENIAL:
            return True
        before = {outcome for outcome in theirs if outcome.kind == new.kind}
        last = max((outcome.step for outcome in before), default=new.step + 1)
        if new.step > last or (new.step == last and mine.isdisjoint(before)):
            return True
    return False


def _found(terms: Iterable[str], known: Mapping[str, NewsOutcome]) -> set[NewsOutcome]:
    return {known[term] for term in terms if term in known}


def tells_of_a_toll(headline: Iterable[str], language: str) -> bool:
    """Whether the terms of a headline tell of somebody dead or hurt."""
    return any(
        outcome.kind == _FATE and outcome.step and not outcome.way
        for outcome in _found(headline, _outcomes(language))
    )
