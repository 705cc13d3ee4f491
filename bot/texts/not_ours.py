"""A line for people in whose language the bot's own texts are not: in that language. Pure."""

_LINES = {
    "az": "Mətnlərim hələ azərbaycanca deyil. Xəbərlər azərbaycanca da gəlir.",
    "be": "Мае тэксты яшчэ не па-беларуску. Навіны прыходзяць і па-беларуску.",
    "bg": "Моите текстове още не са на български. Новините може да са и на български.",
    "bn": "আমার লেখা এখনও বাংলায় নেই। খবর বাংলাতেও আসে।",
    "ca": "Els meus textos encara no són en català. Les notícies també arriben en català.",
    "cs": "Moje texty zatím nejsou v češtině. Zprávy chodí i česky.",
    "da": "Mine tekster er ikke på dansk endnu. Nyheder kommer også på dansk.",
    "el": "Τα κείμενά μου δεν είναι ακόμη στα ελληνικά. Ειδήσεις έρχονται και στα ελληνικά.",
    "fi": "Tekstini eivät vielä ole suomeksi. Uutisia tulee myös suomeksi.",
    "hr": "Moji tekstovi još nisu na hrvatskom. Vijesti dolaze i na hrvatskom.",
    "hu": "A szövegeim még nincsenek meg magyarul. Hírek magyarul is jönnek.",
    "ja": "このボットの文章はまだ日本語になっていません。ニュースは日本語でも届きます。",
    "kk": "Мәтіндерім әлі қазақша емес. Жаңалықтар қазақша да келеді.",
    "ko": "봇의 문구는 아직 한국어로 나오지 않습니다. 뉴스는 한국어로도 받을 수 있습니다.",
    "ms": "Teks saya belum dalam bahasa Melayu. Berita datang dalam bahasa Melayu juga.",
    "nb": "Tekstene mine er ikke på norsk ennå. Nyheter kommer også på norsk.",
    "nl": "Mijn teksten zijn er nog niet in het Nederlands. Nieuws komt ook in het Nederlands.",
    "pl": "Moje teksty nie są jeszcze po polsku. Wiadomości przychodzą też po polsku.",
    "ro": "Textele mele nu sunt încă în română. Știrile vin și în română.",
    "sk": "Moje texty zatiaľ nie sú v slovenčine. Správy chodia aj po slovensky.",
    "sr": "Моји текстови још нису на српском. Вести стижу и на српском.",
    "sv": "Mina texter finns inte på svenska än. Nyheter kommer också på svenska.",
    "th": "ข้อความของบอตยังไม่มีภาษาไทย แต่ข่าวมีภาษาไทยด้วย",
    "ur": "میری عبارتیں ابھی اردو میں نہیں ہیں۔ خبریں اردو میں بھی آتی ہیں۔",
    "uz": "Matnlarim hali oʻzbekcha emas. Yangiliklar oʻzbekcha ham keladi.",
    "vi": "Nội dung của bot chưa có tiếng Việt. Tin tức có cả tiếng Việt.",
}
_OTHERS = {"no": "nb", "nn": "nb"}


def line_for(tag: str | None) -> str:
    """What somebody reads whose Telegram speaks this language: that our texts do not, and that news
    may. Empty where they do, or where nobody has written the line.
    """
    code = (tag or "").replace("_", "-").partition("-")[0].lower()
    return _LINES.get(_OTHERS.get(code, code), "")
