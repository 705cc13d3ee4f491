"""Pairs of invented reports that look alike: two notices of one form, and one story told twice.

Each is read as a person would: who saw the first and not the second of `LOOK_ALIKES` missed news,
and who was told both of `SAME_NEWS` was told one thing twice.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A report: headline and text, of the first or the second feed, in a language."""

    title: str
    summary: str = ""
    feed: int = 1
    language: str = "en"


Pair = tuple[Told, Told]

_TAKE_COVER = (
    "The weather office has issued a tornado warning. Take cover now. Move to a basement or an"
    " interior room on the lowest floor of a sturdy building. Avoid windows."
)
_SAFETY = (
    "Owners should stop using them at once. No injuries were reported, the office said Tuesday."
)
_INQUIRY = "Nous enquêtons sur ce problème."
_HAIL = (
    "Der Wetterdienst warnt vor schweren Gewittern mit Hagel. Meiden Sie den Aufenthalt im Freien"
    " und schließen Sie Fenster und Türen."
)
_NO_DAMAGE_RU = "Подземные толчки зафиксированы во вторник, сообщили сейсмологи. Разрушений нет."
_NO_DAMAGE_AR = "ضرب زلزال قوي الجزيرة اليوم الثلاثاء ولم ترد تقارير عن أضرار أو إصابات بحسب المعهد"
_RAIN_ZH = "气象台今天发布暴雨红色预警信号，请居民避免外出，注意防范山洪和泥石流。"

ONE_FEED: dict[str, Pair] = {
    "warnings for two counties": (
        Told(
            "Tornado Warning issued November 3 at 5:40 PM by the weather office",
            "Take cover now in Harlow County until 6:15 PM.",
        ),
        Told(
            "Tornado Warning issued November 3 at 5:40 PM by the weather office",
            "Take cover now in Brill County until 6:15 PM.",
        ),
    ),
    "the log of a wiki": (
        Told("Harbour history: a page was edited", "Changed the section on ferries."),
        Told("Harbour history: a page was edited", "Took out a picture that stood twice."),
    ),
    "a town's notices": (
        Told("Notice of a temporary road closure", "Mill Lane is closed from Monday."),
        Told("Notice of a temporary road closure", "Quay Street is closed on Friday."),
    ),
}
TWO_FEEDS: dict[str, Pair] = {
    "status pages of two firms": (
        Told("We are currently investigating this issue.", "Some customers cannot log in."),
        Told("We are currently investigating this issue.", "Payments are late.", feed=2),
    ),
    "status pages with one text": (
        Told("Elevated error rates on the API", "We are currently investigating this issue."),
        Told("Delayed delivery of e-mail", "We are currently investigating this issue.", feed=2),
    ),
    "releases of two projects": (
        Told("v3.1.0 – bug fixes", "A crash on an empty file is gone."),
        Told("v3.1.0 – bug fixes", "Paths with accents can be opened again.", feed=2),
    ),
    "agendas of two councils": (
        Told("Agenda for the council meeting on 12 May", "A new roof for the library."),
        Told("Agenda for the council meeting on 12 May", "The price of moorings.", feed=2),
    ),
    "forecasts for two regions": (
        Told("Weather forecast for the weekend ahead", "Rain along the coast, 12 degrees."),
        Told("Weather forecast for the weekend ahead", "Sun in the valleys, 19 degrees.", feed=2),
    ),
    "letters pages": (
        Told("Letters to the editor: what our readers say", "The bus lanes must go."),
        Told("Letters to the editor: what our readers say", "School dinners are dear.", feed=2),
    ),
    "one stock lead under two headlines": (
        Told("Tornado warning for Tarn County", _TAKE_COVER),
        Told("Tornado warning for Moss County", _TAKE_COVER, feed=2),
    ),
    "recalls of two makers": (
        Told("Kestrel recalls 4,000 prams over wheel fault", _SAFETY),
        Told("Bluebell recalls 9,000 toasters over cable fault", _SAFETY, feed=2),
    ),
    "strikes of one Tuesday in two towns": (
        Told(
            "Bus drivers strike in Ostwick",
            "Bus drivers in Ostwick walked out on Tuesday over pay, and thousands were stranded.",
        ),
        Told(
            "Bus drivers strike in Varnholm",
            "Bus drivers in Varnholm walked out on Tuesday over pay, and thousands were stranded.",
            feed=2,
        ),
    ),
    "what went another way": (
        Told(
            "Ostwick harbour reopens to ferries after the storm",
            "The harbour master in Ostwick let ferries of Nordline sail for Lund at noon.",
        ),
        Told(
            "Harbour in Ostwick closed to ferries as the storm returns",
            "The harbour master in Ostwick told Nordline that no ferries sail for Lund.",
            2,
        ),
    ),
    "another match": (
        Told(
            "Brandt beats Okello to reach final in Ostwick",
            "Brandt won in three sets on the harbour court of Ostwick and plays on Sunday.",
        ),
        Told(
            "Ostwick final: Brandt beats Lindqvist on Sunday",
            "Brandt won in three sets on the harbour court of Ostwick, her first title there.",
            2,
        ),
    ),
}
# What comes second is news; the first of them, coming late, is not.
GOES_ON: dict[str, Pair] = {
    "the next step": (
        Told(
            "Two sailors missing after trawler sinks off Ostwick",
            "Boats from Lund look for the crew of the trawler Marigold.",
        ),
        Told(
            "Sailors of trawler that sank off Ostwick found alive",
            "Boats from Lund took the crew of the trawler Marigold on board at dawn.",
            2,
        ),
    ),
    "a toll that rose": (
        Told(
            "Landslide on road to Lund: at least four dead",
            "Rescuers dig for families in a village near Ostwick, the mayor said.",
        ),
        Told(
            "Landslide on road to Lund: number of dead rises to 31",
            "Rescuers found families in a village near Ostwick, the mayor said.",
            2,
        ),
    ),
    "a denial": (
        Told(
            "Kelder Rail to sell Marrick line, says paper",
            "The line of Kelder Rail through the Marrick hills goes to a bank, a paper writes.",
        ),
        Told(
            "Kelder Rail denies it will sell Marrick line",
            "The line of Kelder Rail through the Marrick hills stays, its owner said of a paper.",
            2,
        ),
    ),
}
OTHER_LANGUAGES: dict[str, Pair] = {
    "German": (
        Told("Unwetterwarnung für den Landkreis Passen", _HAIL, language="de"),
        Told("Unwetterwarnung für den Landkreis Rosenau", _HAIL, 2, "de"),
    ),
    "French": (
        Told("Perturbation du service de paiement", _INQUIRY, language="fr"),
        Told("Perturbation du service de messagerie", _INQUIRY, 2, "fr"),
    ),
    "Spanish": (
        Told(
            "Sismo de magnitud 4 sacude Tarva",
            "El instituto informó el martes de un sismo frente a Tarva, sin daños.",
            language="es",
        ),
        Told(
            "Sismo de magnitud 4 sacude Selmo",
            "El instituto informó el martes de un sismo frente a Selmo, sin daños.",
            2,
            "es",
        ),
    ),
    "Russian": (
        Told("Землетрясение произошло у острова Тарва", _NO_DAMAGE_RU, language="ru"),
        Told("Землетрясение произошло у острова Сельм", _NO_DAMAGE_RU, 2, "ru"),
    ),
    "Arabic": (
        Told("زلزال يضرب جزيرة تارفا", _NO_DAMAGE_AR, language="ar"),
        Told("زلزال يضرب جزيرة سيلم", _NO_DAMAGE_AR, 2, "ar"),
    ),
    "Chinese": (
        Told("塔瓦县发布暴雨红色预警", _RAIN_ZH, language="zh"),
        Told("塞姆县发布暴雨红色预警", _RAIN_ZH, 2, "zh"),
    ),
}
LOOK_ALIKES = {**ONE_FEED, **TWO_FEEDS, **OTHER_LANGUAGES}

_PIER = (
    "The harbour council of Ostwick voted late on Tuesday to close the northern ferry pier for two"
    " winters, mayor Ada Brandt said."
)
_PIER_DE = (
    "Nach drei Tagen Sturm ist die Fähre nach Lund am Dienstag wieder gefahren, wie die Reederei"
    " Nordlinie mitteilte. Hunderte warteten am Hafen."
)
_SMALL_PIER = "harbour council voted close northern ferry pier two winters replace rotten oak piles"
SAME_NEWS: dict[str, Pair] = {
    "one headline, two texts": (
        Told("Ferry to Lund Island resumes after storm", "The ferry sailed again on Tuesday."),
        Told("Ferry to Lund Island resumes after storm", "Boats are back, Nordline says.", feed=2),
    ),
    "one headline, no text": (
        Told("Ferry to Lund Island resumes after storm"),
        Told("BREAKING: Ferry to Lund Island resumes after storm!", feed=2),
    ),
    "a headline and a text under one more feed": (
        Told("Ferry to Lund Island resumes after storm", "The ferry sailed again."),
        Told("Ferry to Lund Island resumes after storm", feed=2),
    ),
    "a feed that publishes one text again": (
        Told("Ferry to Lund Island resumes after storm", "The ferry sailed again on Tuesday."),
        Told("Ferry to Lund Island resumes after storm", "The ferry sailed again on Tuesday."),
    ),
    "a copy under a headline with a name": (
        Told("Ostwick council votes to shut pier", _PIER),
        Told("Brandt: pier closed for two winters", _PIER, feed=2),
    ),
    "a copy of which only one headline has a name": (
        Told("Pier in Ostwick shut for two winters", _PIER),
        Told("No boats until spring after next", f"OSTWICK (Gull Wire) – {_PIER}", feed=2),
    ),
    "a copy that was cut": (
        Told("Ostwick council votes to shut pier", _PIER),
        Told("Ostwick council votes ...", _PIER[:90] + "…", feed=2),
    ),
    "a copy without capitals": (
        Told("pier closes for two winters", _SMALL_PIER),
        Told("no boats until spring", _SMALL_PIER, feed=2),
    ),
    "a copy in German": (
        Told("Fähre nach Lund fährt wieder", _PIER_DE, language="de"),
        Told("Insel wieder erreichbar", _PIER_DE, 2, "de"),
    ),
    "a headline in Russian": (
        Told("Паром на остров Лунд возобновил движение", "Паром ходит.", language="ru"),
        Told("Паром на остров Лунд возобновил движение", "Первый рейс был в полдень.", 2, "ru"),
    ),
}
