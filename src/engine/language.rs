//! Which language a document is in, when nobody says so.
//!
//! The guess reads the first bytes that look like prose and is made by `whichlang`, a linear classifier of sixteen languages.
//! It does not know half of the languages that have packs and always names one, so letters decide first: `ł` is Polish, `ř` is Czech, `ő` is Hungarian, `ø` is Danish or
//! Norwegian, `ä` among Finnish words is Finnish. Indonesian, which has no letters of its own, is told by its small words. A text whose letters speak against the guess has
//! no known language. Then only the packs run that are safe without one.

use whichlang::{Lang, detect_language};

/// Bytes of text that the guess reads.
const SAMPLE: usize = 512;

/// Shortest text, in bytes, that is worth a guess.
const SHORTEST: usize = 60;

/// Guesses the language of a text, as an ISO 639-1 code.
pub(crate) fn guess<'t>(paragraphs: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let mut sample = String::with_capacity(SAMPLE + 64);
    for paragraph in paragraphs {
        if sample.len() >= SAMPLE {
            break;
        }
        sample.extend(paragraph.chars().take(SAMPLE));
        sample.push('\n');
    }
    if sample.len() < SHORTEST {
        return None;
    }
    let letters = Letters::of(&sample);
    match letters.tell() {
        Told::Language(code) => Some(code),
        Told::NoneOfOurs => None,
        Told::Nothing if has_words(&sample, INDONESIAN, 3) => Some("id").filter(|_| !has_words(&sample, MALAY, 2)),
        Told::Nothing => code(detect_language(&sample)).filter(|guess| letters.allow(guess)),
    }
}

/// Whether a text has so many different ones of some words.
fn has_words(text: &str, words: &[&str], number: usize) -> bool {
    let mut found = 0u32;
    for word in text.split(|c: char| !c.is_alphabetic()) {
        found |= words.iter().position(|known| *known == word).map_or(0, |at| 1 << at);
    }
    found.count_ones() as usize >= number
}

/// Common words of Danish that Norwegian writes otherwise.
const DANISH: &[&str] = &[
    "af", "efter", "blev", "bliver", "mig", "dig", "sig", "nu", "siger", "hvad", "mellem", "ud", "op", "uden", "meget", "noget", "nogle",
    "havde", "gør", "hedder",
];

/// Common words of Norwegian, Bokmål and Nynorsk, that Danish writes otherwise.
const NORWEGIAN: &[&str] = &[
    "av", "etter", "ble", "blir", "meg", "deg", "seg", "nå", "sier", "hva", "mellom", "ut", "opp", "uten", "mye", "noe", "noen", "hadde",
    "ei", "ikkje", "frå", "eit", "kva", "vart", "seier", "skriv",
];

/// Words of Indonesian that stand in every other sentence, without those that Italian (`di`) and Dutch (`dan`) have as well.
const INDONESIAN: &[&str] = &["yang", "untuk", "dengan", "tidak", "dari", "pada", "ini", "itu", "akan", "dalam", "oleh", "adalah"];

/// Words that Malay, which shares those, has far more often than Indonesian.
const MALAY: &[&str] = &["kerana", "ialah", "berkata", "manakala", "daripada", "beliau"];

/// What letters decide.
enum Told {
    /// It is this language.
    Language(&'static str),
    /// It is none of those with rules.
    NoneOfOurs,
    /// Nothing.
    Nothing,
}

/// Counts of letters that few languages have.
#[derive(Default)]
struct Letters {
    polish: u32,
    nordic: u32,
    swedish: u32,
    danish: u32,
    norwegian: u32,
    /// Letters of Czech and its neighbours, and those of Czech alone.
    slavic: u32,
    czech: u32,
    finnish: u32,
    hungarian: u32,
    romanian: u32,
    icelandic: u32,
    turkish: u32,
    vietnamese: u32,
    ukrainian: u32,
    belarusian: u32,
    cyrillic: u32,
    latin: u32,
    greek: u32,
    arabic: u32,
    /// Letters that Persian and Urdu have beside those of Arabic.
    persian: u32,
    devanagari: u32,
    /// Small words of Hindi, which shares its letters with Marathi and Nepali.
    hindi: u32,
    other: u32,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        if text.is_ascii() {
            counts.latin = 1;
            return counts;
        }
        for c in text.chars() {
            match c {
                'a'..='z' | 'A'..='Z' => counts.latin += 1,
                'ł' | 'ą' | 'ę' | 'ż' | 'ź' | 'ś' | 'ć' | 'ń' | 'Ł' | 'Ż' | 'Ś' => counts.polish += 1,
                'æ' | 'ø' | 'Æ' | 'Ø' => counts.nordic += 1,
                'ä' | 'ö' | 'Ä' | 'Ö' => counts.swedish += 1,
                'ě' | 'ř' | 'ů' => {
                    counts.czech += 1;
                    counts.slavic += 1;
                }
                'č' | 'ž' | 'š' | 'ď' | 'ť' | 'Č' | 'Ž' | 'Š' => counts.slavic += 1,
                'ő' | 'ű' | 'Ő' | 'Ű' => counts.hungarian += 1,
                'ă' | 'ș' | 'ț' | 'ţ' | 'Ș' => counts.romanian += 1,
                'ı' | 'ş' | 'ğ' | 'İ' | 'Ş' | 'Ğ' => counts.turkish += 1,
                'þ' | 'ð' | 'Þ' | 'Ð' => counts.icelandic += 1,
                'ơ' | 'ư' | 'đ' | '\u{1ea0}'..='\u{1ef9}' => counts.vietnamese += 1,
                'і' | 'ї' | 'є' | 'ґ' => counts.ukrainian += 1,
                'ў' => counts.belarusian += 1,
                '\u{400}'..='\u{4ff}' => counts.cyrillic += 1,
                '\u{370}'..='\u{3ff}' => counts.greek += 1,
                'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ے' | 'ٹ' | 'ڈ' | 'ڑ' => counts.persian += 1,
                '\u{600}'..='\u{6ff}' => counts.arabic += 1,
                '\u{900}'..='\u{97f}' => counts.devanagari += 1,
                '\u{590}'..='\u{5ff}' | '\u{980}'..='\u{fff}' => counts.other += 1,
                _ => {}
            }
        }
        let words = || text.split(|c: char| !c.is_alphabetic());
        // Estonian and German have the letters of Finnish, but not these words.
        if counts.swedish > 3 {
            counts.finnish = words()
                .filter(|word| {
                    matches!(
                        *word,
                        "että"
                            | "ovat"
                            | "mutta"
                            | "myös"
                            | "joka"
                            | "jotka"
                            | "kun"
                            | "sekä"
                            | "mukaan"
                            | "kanssa"
                            | "hän"
                            | "koska"
                            | "jos"
                            | "vuonna"
                            | "olla"
                    )
                })
                .count() as u32;
        }
        if counts.devanagari > 0 {
            let spaced = text.split_whitespace();
            counts.hindi = spaced.filter(|word| matches!(*word, "है" | "हैं" | "में" | "के" | "की" | "को" | "और" | "से" | "ने")).count() as u32;
        }
        // Danish and Norwegian share their letters; small words tell them apart.
        if counts.nordic > 0 {
            counts.danish = words().filter(|word| DANISH.contains(word)).count() as u32;
            counts.norwegian = words().filter(|word| NORWEGIAN.contains(word)).count() as u32;
        }
        counts
    }

    /// What the letters alone decide.
    fn tell(&self) -> Told {
        if self.czech > self.polish && self.czech >= 3 {
            Told::Language("cs")
        } else if self.finnish >= 2 {
            Told::Language("fi")
        } else if self.hungarian >= 2 {
            Told::Language("hu")
        } else if self.romanian >= 3 && self.romanian > self.vietnamese {
            Told::Language("ro")
        } else if self.ukrainian >= 3 && self.belarusian == 0 {
            Told::Language("uk")
        } else if self.greek > self.latin {
            Told::Language("el")
        } else if self.arabic > self.latin && self.persian * 20 < self.arabic {
            Told::Language("ar")
        } else if self.devanagari > self.latin && self.hindi >= 3 {
            Told::Language("hi")
        } else if self.slavic > self.polish && self.slavic >= 3
            || self.icelandic >= 3
            || self.belarusian > 0
            || self.arabic + self.persian + self.devanagari + self.other > self.latin
        {
            Told::NoneOfOurs
        } else if self.polish >= 3 {
            Told::Language("pl")
        } else if self.nordic >= 2 && self.nordic > self.swedish
            || self.nordic == 1 && self.swedish == 0 && self.danish + self.norwegian >= 2
        {
            Told::Language(if self.danish > self.norwegian { "da" } else { "no" })
        } else {
            Told::Nothing
        }
    }

    /// Whether the letters do not speak against a guess.
    fn allow(&self, guess: &str) -> bool {
        match guess {
            "ru" => self.cyrillic > self.latin,
            // Finnish and Estonian have `ä` and `ö` far more often than Swedish or German.
            "sv" | "de" => self.swedish * 12 < self.latin || self.swedish < 4,
            "vi" => self.vietnamese >= 3,
            // Indonesian, which is not known, is often taken for it.
            "tr" => self.turkish >= 2,
            _ => true,
        }
    }
}

/// ISO 639-1 code of a guess, for languages with rules.
fn code(lang: Lang) -> Option<&'static str> {
    match lang {
        Lang::Eng => Some("en"),
        Lang::Deu => Some("de"),
        Lang::Fra => Some("fr"),
        Lang::Spa => Some("es"),
        Lang::Ita => Some("it"),
        Lang::Por => Some("pt"),
        Lang::Nld => Some("nl"),
        Lang::Swe => Some("sv"),
        Lang::Tur => Some("tr"),
        Lang::Rus => Some("ru"),
        Lang::Jpn => Some("ja"),
        Lang::Cmn => Some("zh"),
        Lang::Kor => Some("ko"),
        Lang::Vie => Some("vi"),
        // Letters have told these two already, if it is them.
        Lang::Ara | Lang::Hin => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_words_tell_czech_and_finnish() {
        let told = |text: &str| guess([text].into_iter());
        assert_eq!(told("Starosta v pátek podepsal smlouvu na opravu mostu přes řeku, který zůstane několik měsíců zavřený."), Some("cs"));
        assert_eq!(
            told("Kaupunki kertoi perjantaina, että silta pysyy kiinni koko kesän, mutta työt etenevät hyvin ja myös jäällä."),
            Some("fi")
        );
        assert_eq!(
            told(
                "Gradonačelnik je u petak potpisao ugovor o popravku mosta koji će ostati zatvoren čitavo ljeto, žale građani šireg područja."
            ),
            None
        );
    }

    #[test]
    fn letters_tell_languages_that_are_not_guessed() {
        for (text, language) in [
            (
                "A polgármester pénteken aláírta a híd felújításáról szóló szerződést, a forgalom őszig a régi úton halad majd, közölte.",
                Some("hu"),
            ),
            (
                "Primarul a semnat vineri contractul pentru repararea podului, care va rămâne închis până la toamnă, a anunțat primăria.",
                Some("ro"),
            ),
            ("Міський голова підписав у п’ятницю угоду про ремонт мосту, який буде закритий до осені, повідомили в мерії.", Some("uk")),
            ("Мэр горада падпісаў у пятніцу дамову аб рамонце моста, які будзе зачынены да восені, паведамілі ў мэрыі.", None),
            ("Ο δήμαρχος υπέγραψε την Παρασκευή τη σύμβαση για την επισκευή της γέφυρας, η οποία θα μείνει κλειστή.", Some("el")),
            ("وقع رئيس البلدية يوم الجمعة عقد إصلاح الجسر الذي سيبقى مغلقا حتى الخريف بحسب بيان صدر عن البلدية.", Some("ar")),
            (
                "Bæjarstjórinn undirritaði á föstudag samning um viðgerð á brúnni, sem verður lokuð fram á haust, að sögn bæjarins það sama kvöld.",
                None,
            ),
            (
                "Wali kota menandatangani kontrak perbaikan jembatan pada hari Jumat, dan jembatan itu akan ditutup. Warga yang tinggal di utara tidak senang.",
                Some("id"),
            ),
            (
                "Il sindaco di Porto Ellena ha firmato il contratto di riparazione di uno dei moli di legno, e di quello di pietra, prima di partire per un convegno di sindaci di isole.",
                Some("it"),
            ),
            (
                "Datuk bandar berkata jambatan itu akan ditutup pada hari Jumaat kerana kerja pembaikan. Penduduk yang tinggal di utara tidak gembira dan beliau faham.",
                None,
            ),
            (
                "Borgmesteren siger, at broen bliver lukket fra fredag og først åbner igen efter sommerferien. Hun fik meget ros for det.",
                Some("da"),
            ),
            (
                "Ordføreren sier at brua blir stengt fra fredag og først åpner igjen etter sommerferien. Hun fikk mye ros for det.",
                Some("no"),
            ),
            ("Belediye başkanı cuma günü köprünün onarımı için sözleşmeyi imzaladı, köprü sonbahara kadar kapalı kalacak.", Some("tr")),
            ("شهردار روز جمعه قرارداد تعمیر پل را امضا کرد و گفت که این پل تا پاییز بسته می‌ماند و گذر از آن ممکن نیست.", None),
            ("महापौर ने शुक्रवार को पुल की मरम्मत के समझौते पर हस्ताक्षर किए और कहा कि यह पतझड़ तक बंद रहेगा।", Some("hi")),
            (
                "Thị trưởng đã ký hợp đồng sửa chữa cây cầu vào thứ Sáu, cầu sẽ đóng cửa đến mùa thu, thông báo của thành phố cho biết.",
                Some("vi"),
            ),
        ] {
            assert_eq!(guess([text].into_iter()), language, "{text}");
        }
    }
}
