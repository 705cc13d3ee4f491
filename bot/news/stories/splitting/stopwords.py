"""Words that say little about which story a report tells, written by hand from common knowledge.

Not measured on any corpus. Everything else is learned from the reports in the window.
"""

from functools import lru_cache

from bot.news.text.words import fold, stems

_SMALL_LIST = """
    a an the and or but nor so yet if then than that this these those there here it its he she
    his her him they them their we us our you your i my me who whom whose which what when where
    why how is are was were be been being am do does did done has have had having will would
    shall should can could may might must not no of in on at by for with from to into onto over
    under up down out off about after before as between against during without within through
    again more most some any all both each other such only own same too very just now also s t
    ve ll re don d m isn doesn didn wasn won wouldn couldn said says say according told der die
    das den dem des ein eine einer eines einem einen und oder aber auch auf aus bei mit nach von
    vor zu zum zur im als wie ist sind war waren wird werden wurde hat haben sich nicht nur noch
    für über unter gegen durch um er sie es wir ihr le la les un une du de et ou mais dans sur
    sous avec pour par sans chez est sont était être ont avait qui que quoi dont où ce cette ces
    son sa ses leur leurs il elle ils elles au aux ne pas plus se y en el los las unos unas o
    pero como con para por sin sobre entre hasta desde fue ser ha han su sus lo al del más muy
    ya gli uno una e ma per tra fra di da nel nella dei delle della dal è sono era non che si os
    uma dos na nos nas em com ao à é são foi não het een van op met voor door bij uit te om aan
    naar dat dit deze zijn och att det som ett på av för med till inte är var från og af til
    ikke hun har ved w z się że nie jest są był po od za przy dla и в во на с со к ко о об от до
    по за из у не ни что как это а но или для при он она они его ее их был была были быть же бы
    і й та з від що як це є про bir bu için ile olarak çok daha dan ke yang ini itu dengan untuk
    dari pada في من على الى إلى عن مع ان أن هذا هذه التي الذي ما لا هو هي كان بعد قبل של על את
    עם אל לא כי זה זו הוא היא גם או אם
"""
SMALL_WORDS = frozenset(_SMALL_LIST.split())

_COMMON_LIST = """
    new news latest today yesterday tomorrow day days week weeks month months year years time
    times hour hours minute morning night monday tuesday wednesday thursday friday saturday
    sunday january february march april may june july august september october november december
    first second third last next one two three four five six seven eight nine ten hundred
    thousand million billion number early late ago recent recently still back ahead man men
    woman women people person child children boy girl family families friend friends son
    daughter wife husband father mother official officials authority authorities government
    state states country countries city county town local national international world global
    u.s us usa uk american america british president minister prime leader leaders senator
    governor mayor secretary spokesman chief head party election vote police officer court judge
    case trial law company companies corp inc ltd business firm group market markets stock
    stocks share shares price prices sale sales profit quarter quarterly rise rises rose fall
    falls fell gain gains drop drops high higher low lower up down percent cent dollar money
    deal plan plans report reports reported reporter data study research expert experts top best
    worst big bigger biggest great greatest good better bad major key little small large make
    makes made making take takes took taking get gets got getting give gives gave go goes going
    went come comes came coming see sees saw seen look looks want wants need needs know think
    like call calls called ask asks asked show shows showed shown find finds found keep keeps
    let put set sets start starts started begin begins began end ends ended stop open opens
    opened close closed use used using work works working help helps try tries tell tells talk
    talks speak say announce announces announced confirm confirms reveal reveals revealed claim
    claims warn warns expect expected hit hits win wins won lose loses lost lead leads face
    faces move moves run runs hold holds held turn turns bring brings release released launch
    launches launched launching join return returns meet meets meeting home house life live
    living death dead die dies died kill killed killing attack attacks fire war school
    university student students health hospital doctor medical car water food game games team
    teams season player players play plays playing coach match league cup club final score point
    points fan fans star stars actor actress singer movie film tv series episode video photo
    photos picture watch trailer review interview music song album award awards red black white
    user users online internet web site website app phone tech technology service services
    update updates feature features available free buy store way thing things part place area
    line side question issue issues problem problems reason story stories list guide tip tips
    rumor rumors rumour fact facts public private social media press north south east west
    northern southern eastern western street road island river old young long short real true
    right left full half total many much several few another every later since because while
    despite amid ever never always even really change changes decision support control power
    force forces security center centre member members board executive director manager accused
    arrested charged suspect suspected victim victims injured neu neue neuen heute gestern
    morgen jahr jahre jahren tag tage woche monat uhr prozent millionen milliarden euro polizei
    regierung präsident land stadt deutschland deutsche menschen mann frau kinder mehr weniger
    gut sagte sagt nach zwei drei erste ersten unternehmen markt nouveau nouvelle nouveaux an
    ans année jour jours semaine mois heures millions milliards euros gouvernement président
    ministre pays ville france français homme femme enfants deux trois premier première après
    contre nuevo nueva años año día días semana mes horas millones policía gobierno presidente
    ministro país ciudad españa hombre mujer niños dos tres primer primera según contra nuovo
    nuova anni anno giorno giorni settimana mese ore milioni polizia governo paese italia uomo
    donna due tre primo prima contro novo nova ano anos dia dias mês milhões reais polícia
    cidade brasil homem mulher dois três primeiro primeira новый новая новые год года лет день
    дня дней неделя месяц час часов сегодня вчера россия россии российский президент глава
    министр правительство власти полиция человек люди страна город тысяч миллион миллионов
    миллиард рублей процент первый два три сообщил сообщили заявил рассказал
"""
COMMON_WORDS = frozenset(_COMMON_LIST.split())


@lru_cache(maxsize=1)
def common_terms() -> frozenset[str]:
    """The common words as terms: stemmed by each language that the list has words of."""
    return frozenset(
        stem
        for word in COMMON_WORDS
        for language in ("en", "de", "fr", "es", "it", "pt", "ru")
        for stem in stems(fold(word), language)
    )
