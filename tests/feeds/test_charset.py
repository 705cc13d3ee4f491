"""Characters of documents: by their labels, against their labels, and without any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.reading.charset import decoded

WORDS = {
    "windows-1250": ("cs", "Žluťoučký kůň úpěl ďábelské ódy v přístavu"),
    "iso-8859-2": ("pl", "Przystań znów przyjmuje promy, gdy ucichł północny wiatr"),
    "windows-1251": ("ru", "Гавань снова открыта для паромов после бури"),
    "koi8-r": ("ru", "Гавань снова открыта для паромов после бури"),
    "koi8-u": ("uk", "Їжак вийшов з гавані після бурі, і порт відкрито"),
    "iso-8859-5": ("bg", "Пристанището отново приема кораби след бурята"),
    "cp866": ("ru", "Гавань снова открыта для паромов после бури"),
    "windows-1252": ("fr", "L’été à la crêperie : « déjà vu » – côté port"),
    "iso-8859-1": ("de", "Ein schöner Tag für große Fähren"),
    "windows-1253": ("el", "Το λιμάνι άνοιξε ξανά μετά την καταιγίδα"),
    "windows-1254": ("tr", "İstanbul şehir hatları vapurları yeniden çalışıyor"),
    "windows-1255": ("he", "הנמל נפתח מחדש אחרי הסערה"),
    "windows-1256": ("ar", "أعيد فتح الميناء بعد العاصفة"),
    "windows-1257": ("lt", "Žąsis grįžta į uostą po audros šį vakarą"),
    "tis-620": ("th", "ท่าเรือเปิดอีกครั้งหลังพายุ"),
    "gb18030": ("zh", "海港在暴风雨后重新开放渡轮"),
    "gb2312": ("zh", "海港在暴风雨后重新开放渡轮"),
    "big5": ("zh", "海港在暴風雨後重新開放渡輪"),
    "shift_jis": ("ja", "港は嵐のあと再び開いた"),
    "euc-jp": ("ja", "港は嵐のあと再び開いた"),
    "iso-2022-jp": ("ja", "港は嵐のあと再び開いた"),
    "euc-kr": ("ko", "항구가 폭풍 후 다시 열렸다"),
    "utf-8": ("fr", "L’été à la crêperie"),
    "utf-16-le": ("ru", "Гавань снова открыта"),
    "utf-16-be": ("ru", "Гавань снова открыта"),
    "utf-32-le": ("ru", "Гавань снова открыта"),
    "utf-32-be": ("ru", "Гавань снова открыта"),
}


def document(name: str, *, label: str | None = None, language: bool = True) -> tuple[str, bytes]:
    code, words = WORDS[name]
    declared = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    said = f"<language>{code}</language>" if language else ""
    text = f"{declared}<rss version='2.0'><channel>{said}<title>{words}</title></channel></rss>"
    return text, text.encode(name)


@pytest.mark.parametrize("name", WORDS)
def test_a_label_in_the_document_or_the_header_is_believed(name: str) -> None:
    text, body = document(name, label=name.removesuffix("-le").removesuffix("-be"))
    assert decoded(body) == text
    text, body = document(name)
    assert decoded(body, f'text/xml; charset="{name}"') == text


@pytest.mark.parametrize("name", WORDS)
def test_without_a_label_or_with_a_wrong_one_the_bytes_tell(name: str) -> None:
    text, body = document(name)
    assert decoded(body) == text
    text, body = document(name, label="utf-8")
    assert decoded(body, "text/xml; charset=utf-8") == text


@pytest.mark.parametrize("name", ["windows-1251", "windows-1255", "big5", "euc-kr", "gb18030"])
def test_what_is_far_from_latin_needs_no_language_either(name: str) -> None:
    text, body = document(name, language=False)
    assert decoded(body * 3) == text * 3


def test_a_mark_in_the_first_bytes_is_believed_before_anything() -> None:
    text, body = document("utf-8", label="koi8-r")
    assert decoded(b"\xef\xbb\xbf" + body, "text/xml; charset=big5") == text
    text = document("utf-16-le")[0]
    assert decoded(("\ufeff" + text).encode("utf-16-be"), "text/xml; charset=big5") == text


def test_a_mainframe_is_understood() -> None:
    text = '<?xml version="1.0" encoding="cp037"?><rss><title>Quay</title></rss>'
    assert decoded(text.encode("cp037")) == text


def test_the_header_is_believed_before_the_document() -> None:
    text, body = document("windows-1251", label="koi8-r")
    assert decoded(body, "application/rss+xml; charset=windows-1251") == text


@pytest.mark.parametrize("said", ["iso-8859-1", "windows-1252", "us-ascii"])
@pytest.mark.parametrize("name", ["windows-1251", "shift_jis", "gb2312", "iso-8859-7"])
def test_what_servers_say_of_every_document_is_believed_behind_it(name: str, said: str) -> None:
    title = {"shift_jis": "首相が新しい予算案を発表した", "gb2312": "政府公布新预算方案"}.get(
        name, "Η κυβέρνηση ανακοίνωσε" if name == "iso-8859-7" else "Гавань открыта"
    )
    text = f'<?xml version="1.0" encoding="{name}"?><rss><title>{title}</title></rss>'
    assert decoded(text.encode(name), f"text/xml; charset={said}") == text


@pytest.mark.parametrize("label", ["shift_jis", "gb2312", "gbk", "euc-kr", "big5"])
def test_utf8_of_a_dozen_letters_is_utf8_whatever_its_label(label: str) -> None:
    text = f'<?xml version="1.0" encoding="{label}"?><rss>港は夜の間、霧で閉じられた</rss>'
    assert decoded(text.encode()) == text
    assert decoded(text.encode(), f"text/xml; charset={label}") == text
    # Of so few letters it may be chance: these four bytes are two characters of either.
    few = '<?xml version="1.0" encoding="gb2312"?><rss>联通</rss>'
    assert decoded(few.encode("gb2312")) == few


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "us-ascii", "koi8-r"])
def test_utf8_that_is_called_something_else_is_utf8(label: str) -> None:
    text, body = document("utf-8", label=label)
    assert decoded(body) == text
    assert decoded(body, f"text/xml; charset={label}") == text


def test_a_stray_byte_in_utf8_spoils_only_itself() -> None:
    assert decoded("<rss>été – ça ".encode() + b"l\x92an</rss>") == "<rss>été – ça l’an</rss>"
    cut = "<rss>Гавань открыта".encode()[:-1]
    assert decoded(cut).startswith("<rss>Гавань открыт")


@pytest.mark.parametrize(
    ("label", "codec"),
    [("x-sjis", "cp932"), ("windows-31j", "cp932"), ("ks_c_5601-1987", "cp949")],
)
def test_names_that_only_browsers_know(label: str, codec: str) -> None:
    words = "①港" if codec == "cp932" else "항구 똠"
    text = f'<?xml version="1.0" encoding="{label}"?><rss>{words}</rss>'
    assert decoded(text.encode(codec)) == text


@pytest.mark.parametrize(
    "label", ["utf-7", "unicode_escape", "hex", "rot13", "idna", "nonsense", "mbcs"]
)
@pytest.mark.hostile(71)
def test_a_label_that_is_no_charset_is_not_used(label: str) -> None:
    text = f'<?xml version="1.0" encoding="{label}"?><rss>+ADw-b+AD4- \\u003c é</rss>'
    assert decoded(text.encode()) == text


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "charset=", "charset=gb18030", "charset=\ud800"]),
)
def test_anything_is_read_as_something(body: bytes, content_type: str | None) -> None:
    decoded(body, content_type).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("label", ["utf-8", None])
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("The café owner’s trial – a first", "windows-1252"),
        ("El anuncio de más medidas económicas", "iso-8859-1"),
        ("Рыбаки вернулись в гавань после бури", "windows-1251"),
    ],
)
def test_a_wrong_label_of_much_markup_and_few_letters_is_not_believed(
    words: str, name: str, label: str | None
) -> None:
    link = "https://www.quay.example/news/harbour/article-2025-06-05.html"
    item = f"<item><link>{link}</link><guid>{link}</guid><title>{words}</title></item>"
    text = f"<rss version='2.0'><channel>{item * 20}</channel></rss>"
    assert decoded(text.encode(name), f"text/xml; charset={label}" if label else None) == text


def test_a_right_label_of_a_damaged_document_is_believed() -> None:
    _, body = document("shift_jis", label="shift_jis", language=False)
    title = WORDS["shift_jis"][1]
    damaged = body.replace(b"</title>", title.encode("shift_jis") + b"\xfd</title>")
    assert title in decoded(damaged)
