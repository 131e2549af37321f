"""The language of an article, and None where the text does not show it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.language import identify

LANGUAGES = [
    pytest.param(
        "en",
        "The mayor said on Monday that the bridge will be closed for repairs until the end of March.",
        id="english",
    ),
    pytest.param(
        "de",
        "Der Bürgermeister sagte am Montag, dass die Brücke wegen Bauarbeiten bis Ende März "
        "gesperrt wird und nicht vor April öffnet.",
        id="german",
    ),
    pytest.param(
        "fr",
        "Le maire a déclaré lundi que le pont sera fermé pour des travaux jusqu’à la fin du mois de mars.",
        id="french",
    ),
    pytest.param(
        "es",
        "El alcalde dijo el lunes que el puente estará cerrado por obras hasta el final de marzo.",
        id="spanish",
    ),
    pytest.param(
        "it",
        "Il sindaco ha detto lunedì che il ponte sarà chiuso per lavori fino alla fine di marzo.",
        id="italian",
    ),
    pytest.param(
        "pt",
        "O presidente da câmara disse na segunda-feira que a ponte ficará fechada para obras até ao fim de março.",
        id="portuguese",
    ),
    pytest.param(
        "nl",
        "De burgemeester zei maandag dat de brug tot het einde van maart dicht is voor werkzaamheden.",
        id="dutch",
    ),
    pytest.param(
        "sv",
        "Borgmästaren sade på måndagen att bron är stängd för reparationer till slutet av mars.",
        id="swedish",
    ),
    pytest.param(
        "da",
        "Borgmesteren siger, at broen er lukket på grund af arbejde til slutningen af marts, "
        "og det blev ikke forklaret.",
        id="danish",
    ),
    pytest.param(
        "no",
        "Ordføreren sier at broen er stengt på grunn av arbeid til slutten av mars, og det ble ikke forklart.",
        id="norwegian",
    ),
    pytest.param(
        "fi",
        "Pormestari sanoi maanantaina, että silta on suljettu korjausten vuoksi ja se avataan "
        "vasta kun työt ovat valmiit.",
        id="finnish",
    ),
    pytest.param(
        "pl",
        "Burmistrz powiedział w poniedziałek, że most jest zamknięty do końca marca i nie będzie otwarty na święta.",
        id="polish",
    ),
    pytest.param(
        "cs",
        "Starosta v pondělí řekl, že most je do konce března uzavřen a že se na něm pracuje.",
        id="czech",
    ),
    pytest.param(
        "ro",
        "Primarul a spus luni că podul este închis pentru lucrări până la sfârșitul lunii martie și nu va fi deschis.",
        id="romanian",
    ),
    pytest.param(
        "hu",
        "A polgármester hétfőn azt mondta, hogy a híd március végéig zárva lesz, és nem nyitják meg.",
        id="hungarian",
    ),
    pytest.param(
        "tr",
        "Belediye başkanı pazartesi günü köprünün onarım için mart sonuna kadar kapalı "
        "olduğunu ve çok iş olduğunu söyledi.",
        id="turkish",
    ),
    pytest.param(
        "id",
        "Wali kota mengatakan pada hari Senin bahwa jembatan itu akan ditutup untuk perbaikan "
        "dan tidak dibuka hingga akhir Maret.",
        id="indonesian",
    ),
    pytest.param(
        "vi",
        "Thị trưởng cho biết hôm thứ Hai rằng cây cầu sẽ được đóng để sửa chữa và không mở lại đến cuối tháng ba.",
        id="vietnamese",
    ),
    pytest.param("hi", "महापौर ने सोमवार को कहा कि पुल मार्च के अंत तक बंद रहेगा और यह काम जरूरी है।", id="hindi"),
    pytest.param("mr", "महापौरांनी सोमवारी सांगितले की पूल मार्चअखेरपर्यंत बंद आहे आणि हे काम गरजेचे आहे.", id="marathi"),
    pytest.param("ne", "मेयरले सोमबार पुल मर्मत गर्न बन्द भएको बताए र काम चैतसम्म सकिने छ भने।", id="nepali"),
    pytest.param(
        "ru",
        "Мэр сообщил в понедельник, что мост закрыт до конца марта, и это вынужденная мера.",
        id="russian",
    ),
    pytest.param(
        "uk",
        "Міський голова повідомив у понеділок, що міст закрито до кінця березня, і це вимушений крок. Її підтримали.",
        id="ukrainian",
    ),
    pytest.param("bg", "Кметът съобщи в понеделник, че мостът е затворен до края на март.", id="bulgarian"),
    pytest.param(
        "sr",
        "Градоначелник је рекао у понедељак да ће мост бити затворен до краја марта због радова на њему.",
        id="serbian",
    ),
    pytest.param(
        "be",
        "Мэр паведаміў у панядзелак, што мост зачынены да канца сакавіка. Гэта было ўчора.",
        id="belarusian",
    ),
    pytest.param(
        "ar",
        "قال رئيس البلدية يوم الاثنين إن الجسر مغلق حتى نهاية مارس بسبب أعمال الصيانة في المدينة.",
        id="arabic",
    ),
    pytest.param("fa", "شهردار روز دوشنبه گفت که پل تا پایان ماه مارس بسته است و چاره‌ای نیست.", id="persian"),
    pytest.param("ur", "میئر نے پیر کو کہا کہ پل مارچ کے آخر تک بند رہے گا۔", id="urdu"),
    pytest.param("el", "Ο δήμαρχος είπε τη Δευτέρα ότι η γέφυρα είναι κλειστή.", id="greek"),
    pytest.param("he", "ראש העיר אמר ביום שני שהגשר סגור.", id="hebrew"),
    pytest.param("ko", "시장은 월요일에 다리를 3월 말까지 닫는다고 말했다.", id="korean"),
    pytest.param("th", "นายกเทศมนตรีกล่าวเมื่อวันจันทร์ว่าสะพานปิดถึงสิ้นเดือนมีนาคม", id="thai"),
    pytest.param(
        "zh",
        "市长星期一表示，由于施工，这座桥将关闭到三月底，市民需要绕行。对此，附近居民表示理解，但是商店老板们担心生意受到影响。",
        id="chinese-simplified",
    ),
    pytest.param(
        "zh",
        "市長星期一表示，由於施工，這座橋將關閉到三月底，市民需要繞行。對此，附近居民表示理解，但是商店老闆們擔心生意受到影響。",
        id="chinese-traditional",
    ),
    pytest.param("ja", "市長は月曜日、橋を３月末まで閉じると述べた。", id="japanese"),
    pytest.param(
        "hr",
        "Gradonačelnik je u ponedjeljak rekao da će most biti zatvoren do kraja ožujka zbog radova na njemu.",
        id="croatian",
    ),
    pytest.param(
        "ca",
        "L’alcalde va dir dilluns que el pont estarà tancat per obres fins a la fi de març i que no hi ha alternativa.",
        id="catalan",
    ),
    pytest.param(
        "af",
        "Die burgemeester het Maandag gesê dat die brug tot die einde van Maart gesluit is vir herstelwerk.",
        id="afrikaans",
    ),
    pytest.param(
        "ms",
        "Datuk Bandar berkata pada hari Isnin bahawa jambatan itu akan ditutup untuk kerja "
        "pembaikan dan tidak dibuka sehingga akhir Mac.",
        id="malay",
    ),
]


@pytest.mark.parametrize(("code", "text"), LANGUAGES)
def test_identify_names_the_language_when_a_sentence_is_given(code: str, text: str) -> None:
    assert identify(text) == code


@pytest.mark.parametrize(("code", "text"), LANGUAGES)
def test_identify_agrees_when_accents_are_decomposed(code: str, text: str) -> None:
    assert identify(unicodedata.normalize("NFD", text)) == code


MIXED = [
    pytest.param(
        "ja",
        "OpenAIとMicrosoftは、ChatGPT EnterpriseをAzure OpenAI Service上で提供すると発表した。",
        id="japanese-full-of-latin-names",
    ),
    pytest.param(
        "en",
        'The sign read "立入禁止。ここから先は危険です" in red, and none of the hikers went on to the top of the hill.',
        id="english-that-quotes-japanese",
    ),
    pytest.param("ja", "県警によると、Jungfrau号は Who と答えた。", id="japanese-with-odd-words"),
    pytest.param("ja", "▽県警本部長　山田太郎▽駅長　佐藤実▽図書館長　鈴木豊", id="list-in-postwar-kanji-without-kana"),
    pytest.param("ja", "知事選の結果", id="one-kana-in-a-headline"),
]


@pytest.mark.parametrize(("code", "text"), MIXED)
def test_identify_goes_by_the_larger_part_when_scripts_are_mixed(code: str, text: str) -> None:
    assert identify(text) == code


UNDECIDED = [
    pytest.param("", id="empty"),
    pytest.param("123 456 -- 7.8%", id="no-letters"),
    pytest.param("知事会議開催", id="han-only-and-short"),
    pytest.param("asdf qwer zxcv uiop", id="no-words"),
    pytest.param("Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod.", id="latin"),
    pytest.param(
        "Isinara ng alkalde noong Lunes ang tulay hanggang sa katapusan ng Marso.",
        id="tagalog-not-listed",
    ),
    pytest.param("Van in Kobe found", id="headline-with-two-chance-hits"),
    pytest.param(
        "Көпір наурыздың соңына дейін жабық болатынын әкім айтты.",
        id="cyrillic-of-another-language",
    ),
    pytest.param("мост и", id="cyrillic-without-telling-letters"),
    pytest.param("پردەکە داخراوە تا کۆتایی مانگ", id="arabic-script-of-another-language"),
]


@pytest.mark.parametrize("text", UNDECIDED)
def test_identify_returns_none_when_the_text_does_not_tell(text: str) -> None:
    assert identify(text) is None


@given(st.text(st.characters()))
def test_identify_answers_with_a_code_or_none_when_given_any_text(text: str) -> None:
    code = identify(text)
    assert code is None or (len(code) == 2 and code.islower())
