"""Time zones by the letters that feeds write for them, in minutes east of Greenwich. Pure.

Only names are here that mean one zone, and those of several that the language of a feed can decide
between. Where it does not, the commonest in published feeds counts: IST is India's, BST Britain's
summer, CST and EST North America's, AST the Atlantic's, AMT the Amazon's. Names that mean several
zones without a language to tell them apart (ECT, WST, LHST) are left out, and so are those of zones
whose clock changed lately under its old name.
"""

_NAMES = """
    -11:00 SST
    -10:00 HST HAST
    -9:00  AKST HDT HADT GAMT
    -8:00  PST AKDT PT HNP
    -7:00  MST PDT MT HNR HAP
    -6:00  CST MDT CT GALT EAST HNC HAR
    -5:00  EST CDT ET COT PET HNE HAC
    -4:00  AST EDT AT CLT BOT VET GYT AMT HNA HAE
    -3:30  NST HNT
    -3:00  ADT ART BRT CLST UYT SRT GFT FKST PMST HAA
    -2:30  NDT HAT
    -2:00  BRST UYST PMDT
    -1:00  AZOT CVT
    0:00   Z UT UTC GMT WET
    1:00   CET MEZ MET WEST WESZ BST WAT
    2:00   CEST MESZ MEST EET OEZ CAT SAST
    3:00   EEST OESZ MSK TRT EAT FET IDT
    3:30   IRST
    4:00   MSD GST SAMT AZT GET MUT RET SCT
    4:30   AFT IRDT
    5:00   PKT UZT TMT TJT YEKT MVT ORAT
    5:30   IST SLST
    5:45   NPT
    6:00   BDT BTT KGT OMST
    6:30   MMT
    7:00   ICT WIB NOVT KRAT HOVT
    8:00   AWST SGT HKT PHT PHST MYT BNT WITA ULAT IRKT
    8:45   ACWST
    9:00   JST KST WIT TLT PWT YAKT AWDT
    9:30   ACST
    10:00  AEST PGT VLAT CHUT CHST
    10:30  ACDT
    11:00  AEDT SBT VUT NCT MAGT SAKT SRET PONT KOST
    12:00  NZST FJT PETT ANAT TVT WAKT MHT
    12:45  CHAST
    13:00  NZDT TOT PHOT TKT
    13:45  CHADT
    14:00  LINT
"""
# By the beginning of the feed's language: what its readers mean by a name that others use too.
_OF_LANGUAGES = """
    bst 6:00 bn
    ist 1:00 ga en-ie
    ist 2:00 he iw en-il ar-il
    cst 8:00 zh en-cn en-tw en-hk
    cst 9:30 en-au
    cst -5:00 es-cu
    cdt -4:00 es-cu
    cdt 10:30 en-au
    est 10:00 en-au
    edt 11:00 en-au
    ast 3:00 ar en-sa en-qa en-kw en-bh
    pst 8:00 fil tl ceb en-ph
    sst 8:00 en-sg ms-sg
    amt 4:00 hy
    mst 8:00 ms en-my
    mst 6:30 my
    bdt 8:00 ms-bn en-bn
"""


def _minutes(written: str) -> int:
    sign = -1 if written.startswith("-") else 1
    hours, minutes = written.lstrip("-").split(":")
    return sign * (int(hours) * 60 + int(minutes))


_ZONES = {
    name.lower(): _minutes(offset)
    for offset, *names in (line.split() for line in _NAMES.strip().splitlines())
    for name in names
}
_BY_LANGUAGE = {
    (name, language): _minutes(offset)
    for name, offset, *languages in (line.split() for line in _OF_LANGUAGES.strip().splitlines())
    for language in languages
}


def zone_minutes(name: str, language: str = "") -> int:
    """Minutes east of Greenwich of a zone by its name, in any case; 0 for one that is not known.

    `language` is the feed's, as it says it: "en-AU" goes before "en".
    """
    name, language = name.lower(), language.lower().replace("_", "-")
    for said in (language, language.partition("-")[0]):
        if (found := _BY_LANGUAGE.get((name, said))) is not None:
            return found
    return _ZONES.get(name, 0)
