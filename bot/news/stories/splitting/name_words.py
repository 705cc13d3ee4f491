"""Words beside which names stand where no capital tells them, and everyday given names.

Written by hand, from common knowledge of the languages; no corpus was counted. Folded as
`bot.news.text.words.fold` folds; a given name that is an everyday word too is left out.
"""

GIVEN = {
    "ar": """
        محمد احمد محمود مصطفي حسن حسين ابراهيم يوسف عمر عثمان خالد وليد سعيد سعد عبدالله
        عبدالرحمن عبدالعزيز هاني هشام طارق زياد رامي سامي سمير كريم ماجد نبيل عادل ناصر فيصل
        سلطان سلمان فهد بندر تركي راشد حمد حمدان منصور جاسم قاسم كاظم حيدر عباس جعفر مهدي بشار
        بشير الياس جورج انطوان ميشال بيار شربل فادي مروان غسان نواف طلال مشعل بدر عصام اسامه ايمن
        اشرف عمرو شريف تامر وائل باسم جمال صلاح علاء ضياء بهاء رضوان ياسين ايوب اسماعيل اسحاق
        يعقوب داود سليمان ادريس بلال حمزه انس معاذ اياد نزار نضال عماد فؤاد رشيد مراد لطفي فاطمه
        عائشه خديجه زينب مريم ليلي سلمي سارا هند رانيا دينا رنا لينا نادين نانسي شيرين ياسمين
        سميره نجلاء غاده هدي مني امال فاتن سعاد نوال بثينه دونالد جو ايمانويل فلاديمير انجيلا جون
        ديفيد مايكل جورجيا تياغو كارلوس خوسيه لويس بيدرو ماريا آنا
    """,
    "he": """
        משה יצחק יעקב אברהם יוסף דוד שלמה שמעון ראובן יהודה בנימין אפרים מנשה אהרן אהרון יהושע
        יונתן גדעון שמואל שאול אליהו אלישע ישעיהו ירמיהו יחזקאל דניאל עזרא נחמיה מרדכי איתמר איתי
        עידן עידו אורי אוריאל רונן ערן גלעד יואב אבנר אביעד אביתר אבישי אבי בועז עוזי עמוס עמית
        עופר אסף אלון אילן תומר רועי גיא חנן נפתלי ברוך זאב צבי דב אריה יאיר ליאור מאיר נדב נועם
        עומר רותם סתיו ינון מתן רן רמי שלומי חגי דורון דרור יובל יורם אהוד אלי שרה רבקה רחל לאה
        דינה מרים חנה דבורה אסתר רות רותי נעמי יעל מיכל אביגיל אורנה אורית רונית דורית אילנה שירה
        נועה מאיה טליה ליאת ענת גלית סיגלית חגית שלומית יפעת אפרת הדס הילה לימור עדי עינת מירב
        מירי סמדר צילה רינה רוני דונלד ולדימיר עמנואל מוחמד אחמד מחמוד אחמאד חסן חוסיין מייקל
        ג'ון דיוויד ג'ורדן ריצ'רד ויליאם ז'ואאו לואיס קרלוס
    """,
    "de": """
        alexander andreas anja anke anna annalena annette anton arne astrid barbara bastian bernd
        bettina birgit bjorn boris carsten christian christina christoph claudia cornelia daniel
        daniela david detlef dieter dirk dorothea eckart elke emil emma erik eva fabian felix
        florian franz frauke friedrich friederike gabriele georg gerd gerhard gisela gunther
        hanna hannah hans harald heike heiko heinrich heinz helga helmut henning henrik herbert
        holger horst hubert ilse ina ingo ingrid jan jana jens joachim johann johanna johannes
        jonas jorg jorn josef judith julia jule julian jurgen karin karl karsten kathrin katja
        katharina katrin kerstin kevin klaus konrad kurt lars laura ida carla annika timo karim
        lena leon leonie linda lisa ludwig lukas manfred manuela marco marcus mareike maria marie
        marion markus marlene martin martina mathias matthias max maximilian melanie michael
        michaela moritz nadine nicole niklas nils nina norbert olaf oliver oskar otto patrick
        paul peter petra philipp rainer ralf regina reinhard reinhold renate robert roland rolf
        rudiger rudolf sabine sabrina sandra sascha sebastian sigmar silke simon simone sonja
        sophie stefan stefanie steffen stephan susanne sven swantje sylvia tanja thomas thorsten
        tilda tilman tim tobias tom torsten udo uli ulrich ulrike ursula ute uwe verena veronika
        viktor volker walter werner wilhelm wolfgang yvonne donald joe wladimir emmanuel giorgia
        recep emre mehmet mustafa ali fatma ayse
    """,
}
PERSON_HEADS = {
    "ar": """
        الكابتن السيد السيده الدكتور الدكتوره الشيخ الامير الاميره الملك اللاعب المهاجم المدافع
        الحارس المدرب الفنان الفنانه المطرب المطربه الملحن المخرج المخرجه الممثل الممثله الكاتب
        الكاتبه الشاعر الروائي الصحافي الصحفي المحامي المهندس القاضي
    """,
    "de": """
        minister ministerin kanzler kanzlerin präsident präsidentin trainer trainerin chef chefin
        meister meisterin spieler spielerin stürmer torwart verteidiger sänger sängerin
        schauspieler schauspielerin regisseur regisseurin autor autorin star herr frau professor
        doktor richter richterin anwalt anwältin senator senatorin abgeordnete abgeordneter
        politiker politikerin sprecher sprecherin könig königin papst prinz prinzessin joker
        kapitän amtsinhaber amtsinhaberin
    """,
}
OTHER_HEADS = {
    "ar": """
        مدينه بلده قريه ولايه محافظه مديريه مقاطعه مطار ميناء جزيره وادي نهر بحيره جبل حي شارع
        جسر ميدان نادي شركه بنك مستشفي جامعه قناه صحيفه تطبيق فيلم مسلسل اعصار
    """,
    "he": """
        בעיר עיירת קיבוץ מושב צומת מחלף נחל נהר אגם הר הרי מפרץ רחוב שכונת קריית קרית ראשון פתח
        מכבי הפועל ביתר אליצור עירוני רשת חברת בנק אפליקציית מפלגת הסרט סוכנות סופת הסופה
    """,
    # What ends so, or is so, is followed by a name: "Senfhersteller Ohlsdorfer".
    "de": """
        konzern konzerns hersteller herstellers bauer anbieter händler betreiber kette partei
        firma verein klub club gruppe bank versicherer verlag reederei brauerei molkerei airline
        fluggesellschaft start-up unternehmen stiftung kreis landkreis gemeinde stadt dorf insel
        ortsteil stadtteil bezirk flughafen bahnhof autobahnkreuz raststätte drama komödie film
        roman serie sturm orkan taifun hurrikan frachter fähre tanker sonde satellit rakete app
        fc sv tsv vfl vfb sc fsv tus hsv
    """,
}
"""Words before names of people, and before those of places, organisations and things."""
NO_NAMES = {
    "ar": """
        قال اكد اعلن اوضح اضاف ذكر نفي شدد اعتبر راي كشف وصل غادر استقال توفي فاز خسر سجل قاد وقع
        انضم عاد رفض وافق دعا طالب تعهد هدد زار التقي بحث ترحب تعلن كبري جديده جديد الي علي عن من
        ان انه التي الذي بعد قبل بسبب خلال ضد حول بين منذ حتي لدي نحو عامه خاصه دوليه محليه وطنيه
        كبيره صغيره متخصصه حكوميه
    """,
    "he": """
        אמר אמרה הודיע הודיעה מסר מסרה קבע קבעה זכה זכתה נפצע נפצעה נהרג נהרגה חתם חתמה התפטר
        התפטרה פרש פרשה מת מתה נבחר נבחרה צפוי צפויה יקבל תקבל יופיע תופיע של על את עברה עבר מחר
        היום אתמול הלילה השנה לא גדול גדולה חדש חדשה מרכזי מרכזית
    """,
    "de": """
        prozent million millionen milliarde milliarden euro dollar franken uhr grad meter
        kilometer liter tonne tonnen kilo gramm hektar jahr jahre jahren monat monate monaten tag
        tage tagen woche wochen stunde stunden minute minuten anfang mitte ende punkt punkte
        punkten ein eine einer eines kein keine mehr weniger viele alle
    """,
}
"""Words beside a head or a measure that are no names."""
PLACES = {
    "ar": """
        سوهاج المنيا اسيوط الفيوم دمياط الشرقيه الغربيه المنوفيه القليوبيه البحيره مطروح العريش
        رفح حلوان القصيم حائل عسير جازان نجران تبوك الجوف الباحه حضرموت سيئون شبوه مارب تعز صعده
        ظفار الباطنه العقبه جرش عجلون الكرك معان الطفيله السلط درعا السويداء القنيطره ادلب طرطوس
        دير الحسكه البقاع عكار النبطيه صور الانبار ديالي ميسان واسط القادسيه ذيقار بابل نينوي
        كردستان الجزيره دارفور كردفان المديه تيزي بجايه جيجل قسنطينه وهران عنابه سطيف القصرين
        سوسه صفاقس قابس بنزرت نابل مراكش فاس تازه الحوز طنجه سبته مليليه اكادير وجده سيناء النقب
        الجليل الضفه نابلس جنين طولكرم قلقيليه
    """,
    "he": """
        לוד רמלה חולון הרצליה אילת נהריה עכו צפת טבריה כרמיאל עפולה נצרת שדרות אופקים נתיבות
        דימונה ערד אשקלון אשדוד רחובות רעננה נתניה חדרה קיסריה מודיעין גבעתיים באקה רהט טייבה
        טירה ג'נין שכם חברון רמאללה הגליל הנגב הגולן הכרמל הערבה השרון חרמון הכנרת איילון גולני
    """,
    "de": """
        bayern sachsen thuringen hessen brandenburg saarland niedersachsen sachsen-anhalt
        nordrhein-westfalen rheinland-pfalz baden-wurttemberg schleswig-holstein
        mecklenburg-vorpommern tirol vorarlberg steiermark karnten salzburg burgenland aachen
        gera jena trier fulda würzburg hanau koblenz heilbronn ulm passau regensburg ingolstadt
        erlangen bamberg bayreuth coburg hof weiden landshut rosenheim kempten memmingen konstanz
        tübingen reutlingen pforzheim offenburg villingen worms speyer landau pirmasens
        kaiserslautern saarlouis neunkirchen siegen marburg gießen wetzlar limburg bocholt
        dorsten haltern unna soest lippstadt gütersloh minden herford detmold paderborn höxter
        göttingen hameln celle lüneburg soltau stade cuxhaven emden aurich leer wittmund
        oldenburg delmenhorst verden uelzen wolfsburg salzgitter goslar hildesheim flensburg
        husum schleswig neumünster itzehoe wismar schwerin greifswald stralsund neubrandenburg
        rügen usedom potsdam cottbus görlitz bautzen zwickau plauen pirna meißen zittau freital
        dessau halberstadt stendal wittenberg naumburg eisenach gotha suhl weimar nordhausen linz
        graz klagenfurt villach bregenz dornbirn innsbruck schwaz winterthur luzern lausanne
        lugano chur aarau schaffhausen thun allgäu harz eifel taunus spreewald vogtland
        vogtlandkreis nordsee ostsee bodensee rhein elbe oder donau main neckar mosel weser isar
        mailand moskau peking kairo prag warschau brussel neapel rom venedig florenz turin genua
        lissabon kopenhagen strassburg athen bukarest belgrad kiew tokio singapur jerusalem
        damaskus bagdad teheran mekka havanna mexiko-stadt stockholm oslo helsinki dublin
        budapest wien zurich genf basel bern bozen luttich antwerpen brugge den-haag europa asien
        afrika amerika kreta sizilien sardinien mallorca krim kaukasus alpen
    """,
    "zh": """
        河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川
        贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港
        澳门 浦东 尖沙咀 武昌 汉口 长江 黄河 珠江 渤海 黄海 东海 南海 秦岭 泰山 华山 黄山 欧洲
        亚洲 非洲 南美 中东 北约 欧盟
    """,
    "ja": """
        北海道 青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 富山 石川
        福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良
        和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島
        沖縄
    """,
}
AMBIGUOUS = """
    العاصمه سيول ليل الليل هزه هاله سنه وان بارا البنوك بنوك السلطات الميدان الوكيل الوادي
    البحيره الابيض الجديده المدينه مدينه طراز الوان معان الجزيره الشرقيه الغربيه البحر نيس بون
    روم מכה ליל הבלם בלם קום דרבי רחובות נתיבות ציון מסה שלם ראשת עדן בון מקום סרו גולו ראש 胜利
    本町
    金山 樹林 双桥 新座 五松 中央 北区 南区 東区 西区 グル さが コロ ゴム マル カイ ナガ ハム
    ミリ ボー マン メサ ボル テマ ハマ ハレ 大連 平和 日光 高山 長野県
    大同 安全 永安 平安 和平 新安 太平 大理石
"""
"""Names of places that are everyday words too."""
GERMAN_PLACE_ENDINGS = """
    dorf burg berg stadt hausen heim ingen bach feld furt munster brucken bruck kirchen walde
    rode leben wick hafen stein thal tal see au itz ow
"""
GERMAN_NO_PLACES = """
    innenstadt altstadt hauptstadt großstadt kleinstadt neustadt vorstadt altenheim pflegeheim
    tierheim wohnheim seniorenheim kinderheim flüchtlingsheim daheim geheim weinberg gebirge
    sportplatz spielfeld umfeld vorfeld mittelfeld hafen flughafen bauhafen stau bau umbau ausbau
    neubau abbau aufbau anbau frau blau schau tagesschau rau see übersee show stadt dorf berg
    feld stein edelstein baustein tal krisenstab leben überleben eigenheim
"""
TRANSLITERATED = (
    "阿埃艾奥巴拜邦保贝本比彼宾波博布查茨达戴丹道德登邓迪蒂丁杜多顿厄恩尔法凡菲费芬弗福"
    "盖甘戈格哥古瓜圭哈海汉豪赫亨洪胡怀霍基吉纪加贾杰捷津卡凯坎康考科可克肯孔库昆夸拉莱"
    "赖兰郎劳勒雷黎李里利丽莉连廉良列林琳隆卢鲁鹿路伦伦罗洛吕马玛迈麦曼芒毛梅门蒙孟米密"
    "敏明摩莫默穆姆拿娜纳奈南瑙内嫩尼妮宁纽农努诺欧帕派潘庞佩彭蓬皮珀普漆齐奇契恰乔切钦"
    "琼让瑞若萨塞赛桑瑟森沙珊尚绍舍申圣施什史舒朔丝斯松苏索塔泰坦汤唐陶特滕提廷图吐托瓦"
    "旺威韦维魏温翁沃乌伍西希锡夏先香肖谢欣辛兴休修许逊雅亚延扬耶叶伊因英尤于裕约赞泽曾"
    "扎詹章珍芝朱兹卓子宗佐颂"
)
"""Characters in which foreign names are written in Chinese."""
NO_TRANSLITERATION = ("伊斯兰", "马拉松", "奥林匹克", "比基尼", "里程", "英里", "可能")
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜"
    "叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石贾韦夏付方邹熊孟秦邱江尹薛阎段雷侯龙陶贺顾毛郝"
    "龚邵万覃武钱戴严莫孔向汤温芦詹祁佘岑裴霍路"
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "慕容", "皇甫")
# Before a person's name, and after it.
TITLES_BEFORE = """
    主席 总统 总理 首相 外长 部长 副部长 省长 副省长 市长 副市长 州长 县长 书记 局长 院长 校长
    行长 董事长 总裁 总经理 首席执行官 创始人 发言人 教练 主教练 队长
    球员 前锋 后卫 中场 门将 主攻手 选手 运动员 冠军 演员 女星 男星 影星 导演 编剧 歌手 作家
    诗人 作曲家 画家 学者 教授 专家 医生 律师 法官 检察官 记者 嫌疑人
    被告人 被告 宇航员 航天员 女排 男篮 女足 国王 女王 王子 公主 将军 议员 候选人
"""
TITLES_AFTER = """
    表示 称 说 宣布 指出 认为 透露 强调 出任 当选 辞职 去世 逝世 夺冠 获刑 受贿 先生 女士 主席
    总统 总理 首相 部长 教授 案 获
"""
JAPANESE_TITLES = """
    首相 大統領 外相 財務相 官房長官 知事 市長 町長 村長 社長 会長 監督 選手 投手 捕手 容疑者
    被告 さん 氏 議員 教授 大臣 総裁 代表 国王 横綱 大関
"""
PLACE_SUFFIXES = "市省县縣州国國区區岛島镇鎮村町湾灣港河江湖山路桥橋站駅"
BEFORE_PLACES = "在于和与到从对向经往自由将被至及赴抵沿位距"
NO_PLACE_AFTER = "民场值内域体段面家际会上下边长庆书"
NO_PLACE_BEFORE = (
    "全城地我两各外本该多小大社郊灾景这那某每几首中出回入进开登上下新老旧古一二三四五六七八九"
    "十百千万同邻他敌爱祖建帝美都政県道火冰登半群孤离远交公铁马高在于等和与的为是个有及其乡"
    "当此国省市县区州岛镇村河江湖山港湾海"
)
ORGANISATION_SUFFIXES = """
    科技 证券 集团 公司 银行 汽车 大学 医院 机场 航空 地产 能源 药业 影业 水库 体育场 大桥 高速
    地铁 俱乐部 电视台 日报 株式会社 ホールディングス 製作所 自動車 大学
    空港
"""
