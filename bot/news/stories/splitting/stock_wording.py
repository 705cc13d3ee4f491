"""Headlines that offices, services and programs fill in again and again.

"We are currently investigating this issue." or "v3.1.0 – bug fixes" stands over many texts about
different things: who reads only the headline does not know what happened. The words are written
by hand, from common knowledge of such notices; no corpus was counted.
"""

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from bot.news.stories.splitting.calendar_words import calendar_terms
from bot.news.stories.splitting.stopwords import SMALL_WORDS, common_terms
from bot.news.text.words import fold, stems, unspaced_in

LEAST_TELLING = 2
"""So many words that say what it is about make a headline one that only one story has."""
LEAST_OF_A_LEAD = 5

_WORDS = {
    "en": """
        investigating investigate investigation identified identify monitoring monitor
        resolved resolve resolving scheduled schedule maintenance degraded degradation
        performance incident incidents outage outages partial disruption disruptions
        elevated error errors latency delay delays delayed delivery connectivity api
        dashboard login nws pm am gmt utc est pdt cet completed complete completion progress
        currently operational normal affected affecting customers customer experiencing
        intermittent unavailable availability status notice notices notification alert
        alerts bug bugs fix fixes fixed bugfix bugfixes hotfix patch patches improvement
        improvements minor release releases version versions changelog stable beta alpha
        candidate build nightly dependency dependencies bump security revision edit edits
        edited page log commit agenda agendas minutes meeting meetings council committee
        commission board session hearing hearings public ordinary extraordinary annual
        general temporary road roads traffic closure closures closed works roadworks tender
        tenders vacancy vacancies appointment planning application applications consultation
        forecast forecasts outlook weather weekend warning warnings warned watch advisory
        advisories statement statements special severe thunderstorm thunderstorms tornado
        tornadoes flood floods flooding storm storms wind winds gale heat frost snow ice fog
        rain rainfall hazard hazardous issued issue effect expires until coastal marine
        bulletin letters letter editor editors editorial reader readers opinion column
        obituary obituaries deaths births crossword quiz horoscope horoscopes puzzle sudoku
        wordle briefing brief briefs roundup round digest newsletter morning evening daily
        weekly headlines glance recap live blog updates transcript podcast episode events
        calendar listings fixtures results standings lottery numbers winning draw edition
        summary programme program appeal appeals witness witnesses wanted missing sale
        offers deals resident residents owner owners user users driver drivers motorists
        passenger passengers commuters parents patients visitors anyone everyone somebody
        please contact avoid
        stay remain tonight sunny cloudy clouds heavy strong gusts shareholders investors company
        officers firefighters councillors everybody
    """,
    "de": """
        wir untersuchen untersucht derzeit aktuell störung störungen problem behoben wartung
        wartungsarbeiten geplant geplante abgeschlossen fehler fehlerbehebung
        fehlerbehebungen verbesserung verbesserungen veröffentlichung sitzung tagesordnung
        gemeinderat stadtrat ausschuss einladung bekanntmachung amtliche öffentliche
        ausschreibung straßensperrung sperrung vollsperrung wetter wettervorhersage
        wetterbericht aussichten wochenende unwetterwarnung warnung warnungen gewitter sturm
        hochwasser leserbriefe leserbrief traueranzeigen nachrufe kreuzworträtsel rätsel
        horoskop überblick newsticker liveticker morgenbriefing
    """,
    "fr": """
        nous enquêtons incident incidents problème perturbation résolu maintenance prévue
        planifiée terminée correction corrections correctifs bogues améliorations mineures
        version publiée ordre jour conseil municipal séance réunion avis fermeture
        temporaire route travaux circulation météo prévisions bulletin vigilance alerte
        orages inondations tempête courrier lecteurs décès nécrologie mots croisés horoscope
        revue presse direct
    """,
    "es": """
        estamos investigando incidencia incidente problema resuelto mantenimiento programado
        completado corrección correcciones errores mejoras menores versión publicada orden
        pleno ayuntamiento sesión reunión aviso avisos corte temporal carretera tráfico
        obras pronóstico previsión tiempo clima alerta tormentas inundaciones cartas
        lectores director obituarios esquelas crucigrama horóscopo resumen directo boletín
    """,
    "it": """
        stiamo indagando problema risolto manutenzione programmata completata correzioni bug
        miglioramenti versione ordine giorno consiglio comunale seduta avviso chiusura
        temporanea strada lavori previsioni meteo allerta temporali lettere lettori
        necrologi cruciverba oroscopo rassegna stampa diretta
    """,
    "pt": """
        estamos investigando incidente problema resolvido manutenção programada concluída
        correções melhorias versão pauta câmara reunião aviso fechamento encerramento
        temporário estrada obras previsão tempo alerta tempestades cartas leitores obituário
        horóscopo resumo
    """,
    "nl": """
        onderzoeken storing opgelost onderhoud gepland voltooid bugfixes verbeteringen
        versie agenda gemeenteraad vergadering mededeling wegafsluiting weersverwachting
        weerbericht waarschuwing code geel oranje rood ingezonden brieven
        overlijdensberichten kruiswoordpuzzel
    """,
    "ru": """
        расследуем изучаем проблему проблема устранена неполадки сбой плановые технические
        работы завершены исправления ошибок улучшения версия выпуск повестка дня заседания
        заседание совета совет уведомление объявление временное перекрытие дороги прогноз
        погоды погода выходные предупреждение гроза шторм письма читателей некролог
        некрологи кроссворд гороскоп дайджест обзор прессы
    """,
    "ar": """
        نحقق حاليا المشكلة صيانة مجدولة اكتملت إصلاح أخطاء تحسينات إصدار جدول أعمال اجتماع
        المجلس إشعار إعلان إغلاق مؤقت طريق توقعات الطقس حالة تحذير عواصف أمطار رسائل القراء
        وفيات
    """,
    "he": """
        אנו בודקים תקלה תחזוקה מתוכננת הושלמה תיקוני באגים שיפורים גרסה סדר יום ישיבת ישיבה
        מועצה הודעה סגירה זמנית כביש תחזית מזג אוויר אזהרה סופה מכתבים למערכת מודעות אבל
    """,
}
# Written without spaces, so a term is two neighbouring characters.
_UNSPACED_WORDS = """
    我们 正在 调查 调查此 问题 已解决 计划 维护 完成 错误 修复 改进 版本 发布
    更新 会议 议程 通知 公告 暂时 封闭 道路 天气 预报 周末 预警 暴雨 雷电
    大风 读者 来信 讣告 每日 简报 发布了 この 問題 調査 現在 障害 メンテナンス 完了
    修正 リリース 天気 予報 週末 警報 注意報 お知らせ 議事 読者 投稿
"""
_VERSION = re.compile(r"v?\d+(?:[.:]\d+)*[a-z]{0,3}\d*|(?:rc|v)\d+")


@lru_cache(maxsize=32)
def _stock_terms(language: str) -> frozenset[str]:
    found = set(SMALL_WORDS | common_terms() | calendar_terms(language))
    for word in _WORDS.get(language, "").split():
        folded = fold(word)
        found.update((folded, stems(folded, language)[-1]))
    for word in _UNSPACED_WORDS.split():
        found.update(first + second for first, second in pairwise(fold(word)))
    return frozenset(found)


def is_stock_title(terms: Iterable[str], names: Container[str], language: str) -> bool:
    """Whether the terms of a headline say nothing that only one story says.

    Such are terms that are neither common, nor a date or a version, nor the wording of notices:
    it needs `LEAST_TELLING`, of which a name counts for two.
    """
    left = _telling(terms, language)
    return _count(left) + sum(term in names for term in left) < LEAST_TELLING


def is_stock_lead(terms: Sequence[str], language: str) -> bool:
    """Whether the terms of a lead that names nobody say little: fewer than `LEAST_OF_A_LEAD`."""
    # Most say more in their first words; the others are counted to the end.
    stock = _stock_terms(language)
    first = (term for term in terms if term.isascii() and _tells(term, stock))
    if len(list(islice(first, LEAST_OF_A_LEAD))) == LEAST_OF_A_LEAD:
        return False
    return _count(_telling(terms, language)) < LEAST_OF_A_LEAD


def is_stock_word(word: str, language: str) -> bool:
    """Whether a word, folded, is common or one that notices are made of."""
    stock = _stock_terms(language)
    return word in stock or stems(word, language)[-1] in stock


def _telling(terms: Iterable[str], language: str) -> list[str]:
    stock = _stock_terms(language)
    return [term for term in terms if _tells(term, stock)]


def _tells(term: str, stock: Container[str]) -> bool:
    # What is letters only is no version: most terms are, and a pattern costs more.
    return term not in stock and (term.isalpha() or not _VERSION.fullmatch(term))


def _count(terms: list[str]) -> int:
    """In scripts without spaces a word makes several terms, so two of them count as one."""
    return len(terms) - len(unspaced_in("".join([term[:1] for term in terms]))) // 2
