"""Findings between a source and its translation: what must be found, and above all what must not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.fidelity import CheckOptions, check
from corpora.errors import UsageError
from corpora.records import Finding

DATE = "2025-11-20"
VALUES = CheckOptions(frozenset(["number", "date", "unit"]))


def values_in(source: str, target: str, date: str | None = DATE) -> list[Finding]:
    """What the checks of values find: the short sentences here leave out more than news does."""
    return check(source, target, date=date, options=VALUES)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("補助金は２億４０００万円だ。", "The subsidy comes to 240 million yen (about $1.6 million)."),
        ("約2万3千人が署名した。", "Some 23,000 people signed."),
        ("三十六人が乗っていた。", "Thirty-six people were on board."),
        ("十数人が並んだ。", "More than 10 people stood in line."),
        ("数百人が集まった。", "Hundreds gathered."),
        ("回答者の３割が反対した。", "Thirty percent of respondents were against it."),
        ("２割５分が賛成した。", "A quarter were in favor."),
        ("住民の3分の1が避難した。", "One-third of the residents fled."),
        ("33%の人が答えた。", "A third of the people answered."),
        ("売り上げは半減した。", "Sales were halved."),
        ("料金は２倍になった。", "Fares doubled."),
        ("打率は３割４分だった。", "He batted .340."),
        ("12人がけがをした。", "A dozen people were hurt."),
        ("2019年2月26日に始まった。", "It began on Feb. 26, 2019."),
        ("２３日に開く。", "It opens on Nov. 23."),
        ("令和８年に完成する。", "It will be finished in 2026."),
        ("昭和３９年に建った。", "It was built in 1964."),
        ("24年に開業した。", "It opened in 2024."),
        ("24年続いた。", "It lasted 24 years."),
        ("半世紀続いた。", "It lasted 50 years."),
        ("半年後に開く。", "It opens in six months."),
        ("1年半かかった。", "It took 18 months."),
        ("午後6時半に始まる。", "It starts at 6:30 p.m."),
        ("正午に鳴る。", "It rings at noon."),
        ("1980年代に広まった。", "It spread in the 1980s."),
        ("30代の女性だ。", "She is in her 30s."),
        ("店主の林田さん（45）が話した。", "Hayashida, 45, the owner, said."),
        ("7〜9月期は好調だった。", "The July-September quarter was strong."),
        ("３対２で勝った。", "They won 3-2."),
        ("広さは100坪だ。", "It covers about 330 square meters."),
        ("12ヘクタールが燃えた。", "About 30 acres burned."),
        ("気温は33度だった。", "It was 33 degrees Celsius (91 degrees Fahrenheit)."),
        ("29万214人だった。", "There were about 290,000."),
        ("時速80キロで走った。", "It ran at 80 kilometers per hour."),
        ("月額800円上がる。", "It goes up by 800 yen a month."),
        ("来月下旬に決まる。", "It will be decided in late December."),
        ("寺には1200年もの歴史がある。", "The temple has over 1,200 years of history."),
        ("二死満塁で打席が回った。", "He came up with two outs and the bases loaded."),
        ("店は朝6時に開く。", "The shop opens at six in the morning."),
        ("船は30メートル沈んだ。", "The boat sank 30 meters (100 feet)."),
        ("2球続けて見送り、2人がかえった。", "After two pitches, the third-year student brought both runners home."),
        ("上腕二頭筋を3回鍛えた。", "He trained his upper arms three times over six weeks."),
        ("市は2台おきに置く。", "The city uses every third machine, two in all."),
        ("身長198センチで、平均5.6点を取った。", "The 6-foot-6 player averaged 5.6 points."),
        ("参加者は2万9814人だった。", "Some 30,000 took part, 29,814 by the city's count, five fewer than planned."),
        ("昨年の大雨で流された。", "It was washed away in 2024."),
        ("主要７カ国（Ｇ７）の会合が開かれた。", "The Group of Seven nations met."),
        ("新型コロナの影響で中止した。", "It was called off because of COVID-19."),
        ("一部の住民が反対した。", "Two residents objected."),
        ("参加は11人と5校だった。", "Eleven people took part."),
        ("町は静かだ。", "The town of 4,000 is quiet."),
        ("80人以上が来た。", "At least 80 people came."),
        ("平均株価は98円25銭上がった。", "The average rose by 98.25 yen."),
        ("売上高は57億8000万円だった。", "Sales came to 5.78 billion yen."),
        ("Ｍ５・８の地震で震度４を記録した。", "The magnitude 5.8 quake measured 4 on the scale."),
        ("6月期決算を12日に公表した。", "It announced results for the year ended June on Nov. 12."),
        ("戸田さんは38年5月に生まれた。", "Toda was born in May 1938."),
        ("回答者の２割が2回答えた。", "Twenty percent of the respondents answered twice."),
        ("祖父の七回忌を営んだ。", "They marked the sixth anniversary of their grandfather's death."),
        ("祖父の七回忌を営んだ。", "They held the seventh memorial service for their grandfather."),
        ("店の半数近くが閉まった。", "Some 46 percent of the shops closed."),
        ("過半数が賛成した。", "Sixty percent were in favor."),
        ("４日（木）に開く。", "It opens on Thursday the 4th."),
        ("木曜深夜2時に放送する。", "It airs at 2 a.m. on Friday."),
        ("店は夜12時に閉まる。", "The bar closes at midnight."),
    ],
)
def test_nothing_found_when_translation_is_faithful(source: str, target: str) -> None:
    assert values_in(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "category", "severity"),
    [
        ("補助金は２億４０００万円だ。", "The subsidy comes to 24 million yen.", "number", "critical"),
        ("客は350人だった。", "There were 530 guests.", "number", "major"),
        ("８２戸が浸水した。", "Floods reached 28 houses.", "number", "major"),
        ("人口の４割だ。", "It is 14% of the population.", "number", "major"),
        ("開業から三十五年だ。", "It has been open for 53 years.", "number", "major"),
        ("農家の林田さん（73）が話した。", "Farmer Hayashida, 37, said so.", "number", "major"),
        ("第５類に移る。", "It moves to Class 2.", "number", "major"),
        ("打率は３割４分だった。", "He batted .430.", "number", "major"),
        ("観光客は３倍になった。", "Visitor numbers doubled.", "number", "major"),
        ("数百人が集まった。", "Several thousand people gathered.", "number", "major"),
        ("４―２で勝った。", "They won 4-1.", "number", "major"),
        ("席は100席余りだ。", "There are just under 100 seats.", "number", "major"),
        ("2019年2月26日に始まった。", "It began on Feb. 26, 2018.", "date", "major"),
        ("昭和３９年の祭りだ。", "It is a festival of 1968.", "date", "major"),
        ("10月15日に開いた。", "It opened on Oct. 5.", "date", "major"),
        ("回答者の２割が反対した。", "Two percent of respondents were against it.", "number", "critical"),
        ("3割が独り暮らしだ。", "Some 3% live alone.", "number", "critical"),
        ("１割が残った。", "One percent was left.", "number", "critical"),
        ("4割引きで売る。", "They sell it at 4 percent off.", "number", "critical"),
        ("利益は12億ドルだ。", "Profits came to 12 million dollars.", "number", "critical"),
        ("店の半数が閉まった。", "A third of the shops closed.", "number", "major"),
        ("過半数が賛成した。", "Only 40 percent were in favor.", "number", "major"),
        ("祖父の七回忌を営んだ。", "They marked the fifth anniversary of his death.", "number", "major"),
        ("午後3時に始まる。", "It starts at 3 a.m.", "date", "major"),
        ("午前8時に始まる。", "It starts at 8 p.m.", "date", "major"),
        ("木曜日に開く。", "It opens on Tuesday.", "date", "major"),
        ("４日（木）に開く。", "It opens on Wednesday, June 4.", "date", "major"),
        ("午前０時半に消えた。", "It went out at 12:30 p.m.", "date", "major"),
        ("来年春に完成する。", "It will be finished in spring 2027.", "date", "major"),
        ("来月に決まる。", "It will be decided in March.", "date", "major"),
        ("２月中旬に咲く。", "They bloom in late February.", "date", "major"),
        ("80ミリの雨が降った。", "Rain of 80 centimeters fell.", "unit", "major"),
        ("時速80キロで走った。", "It ran at 80 miles per hour.", "unit", "major"),
        ("500円の値上げだ。", "It is a rise of 500 dollars.", "unit", "major"),
        ("0.3ポイント下がった。", "It fell by 0.3 percent.", "unit", "major"),
        ("生徒1200人が受けた。", "It was given at 1,200 schools.", "unit", "major"),
        ("週３便ある。", "There are three boats a day.", "unit", "major"),
        ("船は30メートル沈んだ。", "The boat sank 30 meters (100 miles).", "unit", "major"),
        ("寺には1200年もの歴史がある。", "The temple has over 1,600 years of history.", "number", "major"),
        ("二死満塁で打席が回った。", "He came up with five outs and the bases loaded.", "number", "major"),
        ("店は朝6時に開く。", "The shop opens at four in the morning.", "date", "major"),
        ("同社は平成18年2月に1号店を開いた。", "The firm opened its first shop in January 2006.", "date", "major"),
        ("有権者の30～43%が行く。", "Between 40 and 43 percent of voters will go.", "number", "major"),
        ("5カ月で3回会った。", "They met at five events in five months.", "number", "major"),
    ],
)
def test_one_finding_when_a_quantity_differs(source: str, target: str, category: str, severity: str) -> None:
    (finding,) = values_in(source, target)
    assert (finding.category, finding.severity) == (category, severity)


def test_message_when_a_value_differs() -> None:
    (finding,) = check("市は１億２０００万円を投じた。", "The city spent 12 million yen.")
    assert finding.message == ("source says １億２０００万円 (120,000,000); target says 12 million yen (12,000,000)")
    assert finding.source_span == (2, 10)
    assert finding.target_span == (15, 29)


def test_findings_in_source_order_when_there_are_several() -> None:
    found = check("4月15日、市は80万円を35校に配った。", "On April 25, the city gave 70,000 yen to 53 schools.")
    assert [f.category for f in found] == ["date", "number", "number"]
    assert found == sorted(found, key=lambda f: f.source_span or (0, 0))


def test_relative_dates_when_the_article_has_no_date() -> None:
    assert values_in("来年春に完成する。", "It will be finished in spring 2027.", None) == []


def test_one_month_back_when_the_article_is_of_january() -> None:
    assert check("先月に決まった。", "It was decided in December.", date="2025-01-10") == []


def test_languages_when_reversed() -> None:
    (finding,) = check("It cost 12 million yen.", "１億２０００万円だった。", source_lang="en", target_lang="ja")
    assert finding.severity == "critical"


def test_nothing_found_when_a_language_has_no_rules() -> None:
    assert check("12人", "13 personnes", target_lang="fr") == []


def test_date_when_it_is_not_iso() -> None:
    with pytest.raises(UsageError, match=re.escape("'26 Feb 2019' is not an ISO day")):
        check("12人", "12 people", date="26 Feb 2019")


@given(st.integers(2, 10**12), st.sampled_from(["円", "人", "ドル", "社"]))
def test_nothing_found_when_the_number_is_the_same(n: int, counter: str) -> None:
    words = {"円": "yen", "人": "people", "ドル": "dollars", "社": "companies"}
    assert check(f"計{n}{counter}だった。", f"The total was {n:,} {words[counter]}.") == []


@given(st.integers(2, 10**6), st.integers(2, 10**6))
def test_found_exactly_when_years_of_age_or_people_differ(n: int, m: int) -> None:
    found = check(f"計{n}人だった。", f"The total was {m:,} people.")
    rounded = len(str(m).rstrip("0")) < len(str(n).rstrip("0"))
    if n == m:
        assert not found
    elif not rounded and abs(n - m) > 0:
        assert [f.category for f in found] == ["number"]


@given(st.text(max_size=30), st.text(max_size=30), st.integers(0, 999), st.integers(0, 999))
def test_spans_when_texts_are_arbitrary(before: str, after: str, n: int, m: int) -> None:
    source, target = f"{before} {n}人、{m}円 {after}", f"{after} {m} people, {n} yen {before}"
    for finding in check(source, target, date=DATE):
        sides = (finding.source_span, source, finding.source_value), (finding.target_span, target, finding.target_value)
        assert finding.source_span or finding.target_span
        for span, text, value in sides:
            assert (span is None) == (value is None)
            if span is not None:
                assert 0 <= span[0] < span[1] <= len(text)
