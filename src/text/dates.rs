//! Dates as people read them: `May 3, 2024`, `3. Mai 2024`, `2024年5月3日`.
//!
//! Months are known by their names in the languages that have packs. A day between two numbers that either may be, as in `5/3/2024`, is
//! no date in English, where both orders are in use, and the first number elsewhere.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use super::fold;

/// Years that the dates of articles lie in: what is older stands in a story about the past.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2199;

/// Most words and numbers of a text that are looked at.
const MOST_WORDS: usize = 60;

/// Most words beside the date of a line that says when, such as names of authors.
const MOST_OTHERS: usize = 6;

/// A date that a line gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// ISO 8601, a day.
    pub(crate) date: String,
    /// Whether it is the day of a change: `Updated May 3, 2024`.
    pub(crate) is_update: bool,
}

/// The first date in a text, in ISO 8601.
pub(crate) fn first(text: &str, language: Option<&str>) -> Option<String> {
    let words = words_with_date(text)?;
    let is_english = is_english(language);
    (0..words.len()).find_map(|at| date(&words[at..], is_english)).map(|(date, _)| date.to_string())
}

/// The words of a text that may have a date.
fn words_with_date(text: &str) -> Option<Vec<Word<'_>>> {
    text.contains(char::is_numeric).then(|| words(text))
}

/// The dates of a line that says when something was published or changed, and hardly more; none of a sentence with a date in it.
pub(crate) fn stamps(text: &str, language: Option<&str>) -> Vec<Stamp> {
    let Some(words) = words_with_date(text) else { return Vec::new() };
    let is_english = is_english(language);
    let (mut found, mut others, mut label) = (Vec::new(), 0, None);
    let mut at = 0;
    while at < words.len() {
        if let Some((date, length)) = date(&words[at..], is_english) {
            found.push(Stamp { date: date.to_string(), is_update: label.take() == Some(Label::Updated) });
            at += length;
            continue;
        }
        let word = &words[at];
        match Label::of(&word.lower) {
            // `First published` and `last updated` say more with their second word.
            Some(Label::Beside) => {}
            Some(own) => label = Some(own),
            // Prose goes on in small letters; names and sections don't.
            None if word.is_number() => {}
            None if word.text.chars().next().is_some_and(char::is_lowercase) => return Vec::new(),
            None => others += 1,
        }
        at += 1;
    }
    let is_sentence = text.trim_end().ends_with(['.', '!', '?', '。']) && others > 0;
    if others > MOST_OTHERS || words.len() >= MOST_WORDS || is_sentence { Vec::new() } else { found }
}

/// Whether a line is no more than the label of the day of a change, whose date stands on the next line.
pub(crate) fn is_update_label(text: &str) -> bool {
    let words = words(text);
    let labels: Vec<Option<Label>> = words.iter().map(|word| Label::of(&word.lower)).collect();
    labels.contains(&Some(Label::Updated)) && labels.iter().all(Option::is_some)
}

/// Whether a text is no more than words of dates, such as a month.
pub(crate) fn is_of_day(text: &str) -> bool {
    let words = words(text);
    let is_of = |word: &Word<'_>| word.is_number() || month(&word.lower).is_some() || Label::of(&word.lower).is_some();
    !words.is_empty() && words.iter().all(is_of)
}

fn is_english(language: Option<&str>) -> bool {
    language.is_none_or(|language| language.starts_with("en"))
}

/// A run of letters or of digits.
struct Word<'t> {
    text: &'t str,
    lower: String,
    /// What stands before it.
    before: &'t str,
}

impl Word<'_> {
    fn is_number(&self) -> bool {
        self.lower.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The number, if it has so many digits.
    fn number(&self, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
        (digits.contains(&self.lower.len()) && self.is_number()).then(|| self.lower.parse().ok()).flatten()
    }

    /// Whether no more than one of some signs stands before it, and spaces.
    fn is_behind(&self, signs: &[char]) -> bool {
        let mut marks = self.before.chars().filter(|c| !c.is_whitespace());
        marks.next().is_none_or(|c| signs.contains(&c)) && marks.next().is_none()
    }
}

/// The first words and numbers of a text.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut end, mut chars) = (0, text.char_indices().peekable());
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            continue;
        }
        // Han and kana and Hangul beside a number are of its date; vowel signs are of their word.
        let is_digit = c.is_numeric();
        let mut stop = start + c.len_utf8();
        while let Some(&(at, next)) = chars.peek() {
            if next.is_numeric() != is_digit || !(next.is_alphanumeric() || !is_digit && is_mark(next)) {
                break;
            }
            stop = at + next.len_utf8();
            chars.next();
        }
        let own = &text[start..stop];
        let lower = if is_digit { own.chars().map(|c| fold::ascii_digit(c).unwrap_or(c)).collect() } else { own.to_lowercase() };
        words.push(Word { text: own, lower, before: &text[end..start] });
        end = stop;
        if words.len() == MOST_WORDS {
            break;
        }
    }
    words
}

/// Whether a character goes on a word without being a letter: vowel signs of Devanagari, apostrophes.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{94f}' | '\'' | '\u{2019}' | '\u{300}'..='\u{36f}')
}

/// The date that words begin with, and how many of them it takes.
fn date(words: &[Word<'_>], is_english: bool) -> Option<(Date, usize)> {
    in_numbers(words, is_english).or_else(|| with_month(words))
}

/// `2024-05-03`, `2024年5月3日`, `3.5.2024`, `5/13/2024`.
fn in_numbers(words: &[Word<'_>], is_english: bool) -> Option<(Date, usize)> {
    const SIGNS: &[char] = &['-', '/', '.', '‐', '–'];
    if let [year, sign, month, other, day, ..] = words
        && matches!(sign.lower.as_str(), "年" | "년")
        && matches!(other.lower.as_str(), "月" | "월")
        && let (Some(year), Some(month), Some(day)) = (year.number(4..=4), month.number(1..=2), day.number(1..=2))
    {
        let takes = 5 + usize::from(words.get(5).is_some_and(|word| word.lower.starts_with(['日', '일'])));
        return Some((made(year, month, day)?, takes));
    }
    let [first, second, third, ..] = words else { return None };
    if [second, third].iter().any(|word| word.before.trim().is_empty() || !word.is_behind(SIGNS)) {
        return None;
    }
    if let Some(year) = first.number(4..=4) {
        return Some((made(year, second.number(1..=2)?, third.number(1..=2)?)?, 3));
    }
    let (one, two, year) = (first.number(1..=2)?, second.number(1..=2)?, third.number(4..=4)?);
    let is_dotted = second.before.contains('.');
    match (one > 12, two > 12) {
        (true, false) => Some((made(year, two, one)?, 3)),
        (false, true) => Some((made(year, one, two)?, 3)),
        _ if one == two || is_dotted || !is_english => Some((made(year, two, one)?, 3)),
        _ => None,
    }
}

/// `May 3rd, 2024`, `3. Mai 2024`, `3 de mayo de 2024`, `2024. május 3.`.
fn with_month(words: &[Word<'_>]) -> Option<(Date, usize)> {
    const SIGNS: &[char] = &['.', ',', '-', '/', 'º', '°', '’', '\''];
    let word = |at: usize| words.get(at).filter(|word| at == 0 || word.is_behind(SIGNS));
    let skip = |at: usize, known: &[&str]| at + usize::from(word(at).is_some_and(|word| known.contains(&word.lower.as_str())));
    let ordinal = ["st", "nd", "rd", "th", "er", "a", "o", "º", "ª", "i"];
    let of = ["de", "d", "of", "del"];
    let year = |at: usize| word(at).and_then(|word| word.number(4..=4));
    if let Some(day) = word(0)?.number(1..=2) {
        let at = skip(skip(skip(1, &ordinal), &of), &["de"]);
        let month = month(&word(at)?.lower)?;
        let at = skip(at + 1, &of);
        return Some((made(year(at)?, month, day)?, at + 1));
    }
    if let Some(year) = year(0) {
        let day = word(2)?.number(1..=2)?;
        return Some((made(year, month(&word(1)?.lower)?, day)?, 3));
    }
    let day = word(1)?.number(1..=2)?;
    let month = month(&word(0)?.lower)?;
    let at = skip(2, &ordinal);
    Some((made(year(at)?, month, day)?, at + 1))
}

fn made(year: i16, month: i16, day: i16) -> Option<Date> {
    let date = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    YEARS.contains(&year).then_some(date)
}

/// What a word says of the date behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Published,
    Updated,
    /// Nothing: days of the week, times, small words of such lines.
    Beside,
}

impl Label {
    fn of(word: &str) -> Option<Self> {
        LABELS.get(word).copied()
    }
}

/// The month that a name or an abbreviation of it names.
fn month(name: &str) -> Option<i16> {
    NAMES.get(name).copied()
}

/// What words say, the surest first.
static LABELS: LazyLock<HashMap<&str, Label>> = LazyLock::new(|| {
    let mut labels = HashMap::new();
    let beside = std::iter::once(BESIDE).chain(WEEKDAYS.iter().copied()).map(|words| (words, Label::Beside));
    for (words, label) in [(UPDATED, Label::Updated), (PUBLISHED, Label::Published)].into_iter().chain(beside) {
        words.split_whitespace().for_each(|word| {
            labels.entry(word).or_insert(label);
        });
    }
    labels
});

/// The months by their names.
static NAMES: LazyLock<HashMap<&str, i16>> = LazyLock::new(|| {
    let numbered = MONTHS.iter().flat_map(|names| names.iter().zip(1..));
    numbered.flat_map(|(names, month)| names.split(' ').map(move |name| (name, month))).collect()
});

const UPDATED: &str = "updated update updates modified revised reviewed edited changed aktualisiert aktualisierung geändert actualizado actualizada \
    actualización modificado modificada jour modifié modifiée aggiornato aggiornamento atualizado atualizada atualização bijgewerkt gewijzigd \
    aktualizacja zaktualizowano aktualizováno uppdaterad ändrad oppdatert endret opdateret päivitetty muokattu güncelleme güncellendi \
    обновлено оновлено 更新 更新日 更新日時 最終更新日 수정 ενημέρωση frissítve actualizat diperbarui تحديث अपडेट";

const PUBLISHED: &str = "published posted publish publication posté publié publiée veröffentlicht erstellt publicado publicada publicación pubblicato \
    gepubliceerd geplaatst opublikowano publikacja zveřejněno publicerad publisert udgivet offentliggjort julkaistu yayınlanma yayın \
    опубликовано опубліковано 発行 公開 公開日 配信 发布 发表 입력 등록 δημοσίευση közzétéve publicat terbit đăng نشر प्रकाशित created";

const BESIDE: &str = "on at by the of and am um in date dated first last originally latest this article story post page was is as es edt est et pt pst pdt ct \
    cst mst gmt utc cet cest bst ist p m pm a uhr h kl klo o'clock min mins minute minutes read reading time ago days hours day \
    datum stand vom von und lesezeit lesedauer minuten zuletzt fecha el la las a y por hrs última le à par et mis mise lecture dernière de du il \
    alle ore di del data ultimo às e por em do op om door laatst o godz dnia przez ostatnia av den og af kello saat tarihi son в г автор \
    дата о 日 日時 時 分 시 분 στις ώρα pada pukul wib oleh lúc";

const WEEKDAYS: &[&str] = &[
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun",
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so",
    "lunes martes miércoles jueves viernes sábado domingo lun mar mié jue vie sáb dom",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "segunda terça quarta quinta sexta feira",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "pondělí úterý středa čtvrtek pátek neděle",
    "måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag",
    "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    "понедельник вторник среда четверг пятница суббота воскресенье",
    "понеділок вівторок середа четвер п'ятниця субота неділя",
    "月 火 水 木 金 土 日 월 화 수 목 금 토 일",
];

const MONTHS: &[[&str; 12]] = &[
    [
        "january jan",
        "february feb",
        "march mar",
        "april apr",
        "may",
        "june jun",
        "july jul",
        "august aug",
        "september sep sept",
        "october oct",
        "november nov",
        "december dec",
    ],
    [
        "januar jänner jan",
        "februar feber feb",
        "märz mär mrz",
        "april apr",
        "mai",
        "juni jun",
        "juli jul",
        "august aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "dezember dez",
    ],
    [
        "enero ene",
        "febrero feb",
        "marzo",
        "abril abr",
        "mayo",
        "junio",
        "julio",
        "agosto ago",
        "septiembre setiembre",
        "octubre",
        "noviembre",
        "diciembre dic",
    ],
    [
        "janvier janv",
        "février févr fév",
        "mars",
        "avril avr",
        "mai",
        "juin",
        "juillet juil",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre déc",
    ],
    [
        "gennaio gen",
        "febbraio",
        "marzo",
        "aprile",
        "maggio mag",
        "giugno giu",
        "luglio lug",
        "agosto",
        "settembre set",
        "ottobre ott",
        "novembre",
        "dicembre",
    ],
    [
        "janeiro",
        "fevereiro fev",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro set",
        "outubro out",
        "novembro",
        "dezembro dez",
    ],
    ["januari", "februari", "maart mrt", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
    [
        "stycznia styczeń sty",
        "lutego luty lut",
        "marca marzec",
        "kwietnia kwiecień kwi",
        "maja maj",
        "czerwca czerwiec cze",
        "lipca lipiec lip",
        "sierpnia sierpień sie",
        "września wrzesień wrz",
        "października październik paź",
        "listopada listopad lis",
        "grudnia grudzień gru",
    ],
    [
        "ledna leden",
        "února únor",
        "března březen",
        "dubna duben",
        "května květen",
        "června červen",
        "července červenec",
        "srpna srpen",
        "září",
        "října říjen",
        "listopadu",
        "prosince prosinec",
    ],
    ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
    ["januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "desember des"],
    [
        "tammikuuta",
        "helmikuuta",
        "maaliskuuta",
        "huhtikuuta",
        "toukokuuta",
        "kesäkuuta",
        "heinäkuuta",
        "elokuuta",
        "syyskuuta",
        "lokakuuta",
        "marraskuuta",
        "joulukuuta",
    ],
    ["ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık"],
    ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
    ["січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада", "грудня"],
    [
        "ιανουαρίου",
        "φεβρουαρίου",
        "μαρτίου",
        "απριλίου",
        "μαΐου μαίου",
        "ιουνίου",
        "ιουλίου",
        "αυγούστου",
        "σεπτεμβρίου",
        "οκτωβρίου",
        "νοεμβρίου",
        "δεκεμβρίου",
    ],
    ["január", "február", "március", "április", "május", "június", "július", "augusztus", "szeptember", "október", "november", "december"],
    ["ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie"],
    ["januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember"],
    ["يناير", "فبراير", "مارس", "أبريل ابريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
    ["जनवरी", "फरवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_languages_are_read() {
        for (text, language, expected) in [
            ("May 3, 2024", "en", "2024-05-03"),
            ("Sept. 3rd, 2024", "en", "2024-09-03"),
            ("3 May 2024", "en", "2024-05-03"),
            ("the 3rd of May 2024", "en", "2024-05-03"),
            ("13/5/2024", "en", "2024-05-13"),
            ("5/13/2024", "en", "2024-05-13"),
            ("3.5.2024", "en", "2024-05-03"),
            ("2024-05-03", "en", "2024-05-03"),
            ("2024/5/3", "en", "2024-05-03"),
            ("3. Mai 2024", "de", "2024-05-03"),
            ("3/5/2024", "fr", "2024-05-03"),
            ("3 de mayo de 2024", "es", "2024-05-03"),
            ("1er août 2024", "fr", "2024-08-01"),
            ("3 maja 2024", "pl", "2024-05-03"),
            ("3. května 2024", "cs", "2024-05-03"),
            ("2024. május 3.", "hu", "2024-05-03"),
            ("2024年5月3日", "ja", "2024-05-03"),
            ("2024년 5월 3일", "ko", "2024-05-03"),
            ("3 мая 2024", "ru", "2024-05-03"),
            ("٣ مايو ٢٠٢٤", "ar", "2024-05-03"),
            ("3 मई 2024", "hi", "2024-05-03"),
        ] {
            assert_eq!(first(text, Some(language)).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_first_date_of_a_line_is_found() {
        assert_eq!(first("By Ann Roe, May 3, 2024, 9 min read", None).as_deref(), Some("2024-05-03"));
        assert_eq!(first("Ann Roe | 3 May 2024", None).as_deref(), Some("2024-05-03"));
        assert_eq!(first("Posted 2024-05-03 in News", None).as_deref(), Some("2024-05-03"));
        assert_eq!(first("12 comments, 3 shares, 2024 views", None), None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "5/3/2024", "May 2024", "May 33, 2024", "3 May", "May 3, 1824", "3 of 2024", "2024 5 3", "1.2.3"] {
            assert_eq!(first(text, Some("en")), None, "{text}");
        }
    }

    #[test]
    fn lines_that_say_when_are_told_from_sentences() {
        let told = |text: &str| stamps(text, Some("en")).into_iter().map(|stamp| (stamp.date, stamp.is_update)).collect::<Vec<_>>();
        let day = |day: u8| format!("2024-05-{day:02}");
        assert_eq!(told("May 3, 2024"), [(day(3), false)]);
        assert_eq!(told("Last updated: May 3, 2024, 10:15 a.m. EDT"), [(day(3), true)]);
        assert_eq!(told("Published 3 May 2024 | Updated 4 May 2024"), [(day(3), false), (day(4), true)]);
        assert_eq!(told("By Ann Roe · May 3, 2024 · 9 min read"), [(day(3), false)]);
        assert_eq!(told("The council met on May 3, 2024 and voted"), []);
        assert_eq!(told("Ann Roe left on May 3, 2024."), []);
        assert_eq!(told("Ann Bea Cid Dan Eve Flo Guy May 3, 2024"), []);
        assert_eq!(stamps("Stand: 3. Mai 2024, 10:15 Uhr", Some("de")).len(), 1);
        assert!(is_update_label("Last updated on:") && !is_update_label("Published") && !is_update_label("Updated by hand"));
    }
}
