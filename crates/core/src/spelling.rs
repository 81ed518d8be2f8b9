//! Comparing what people typed: one name is written in many ways.

/// For comparing: in small letters, without accents, vowel marks, lengthening strokes and a leading Arabic article;
/// letters that Arabic writers exchange for each other stand as one. Covers the scripts of the locales, not all of
/// Unicode, whose tables would weigh more than the app.
pub fn folded(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut small = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if !is_mark(c) {
            small.push_str(base(c).unwrap_or(c.encode_utf8(&mut [0; 4])));
        }
    }
    match small.strip_prefix(ARTICLE) {
        Some(rest) if rest.chars().count() >= 3 => rest.to_owned(),
        _ => small,
    }
}

const ARTICLE: &str = "ال";

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// What a letter with an accent is compared as; `None` as itself.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        'أ' | 'إ' | 'آ' | 'ٱ' => "ا",
        'ى' => "ي",
        'ة' => "ه",
        '’' | '‘' | 'ʼ' => "'",
        _ => return None,
    })
}

/// Whether `text` has `name` in it, as words of their own; both [`folded`]. What Arabic writes together with a word,
/// its article, "and", "in", "to", "as", may stand before it.
pub fn has_name(text: &str, name: &str) -> bool {
    let found = |at: usize| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        after.chars().next().is_none_or(is_between) && begins_word(before)
    };
    !name.is_empty() && text.match_indices(name).any(|(at, _)| found(at))
}

fn begins_word(before: &str) -> bool {
    const TOGETHER: [&str; 9] = ["", ARTICLE, "لل", "و", "ب", "ل", "ف", "ك", "وب"];
    let ends = |before: &str| before.chars().next_back().is_none_or(is_between);
    let without = before.strip_suffix(ARTICLE).unwrap_or(before);
    [before, without]
        .iter()
        .any(|before| TOGETHER.iter().any(|own| before.strip_suffix(own).is_some_and(ends)))
}

/// Also what joins: the road Abéché-Adré, the axe d'Adré. Rather one too many than one that is missed.
fn is_between(c: char) -> bool {
    !c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_several_spellings_is_one() {
        for (one, other) in [
            ("Adré", "adre"),
            ("Adre\u{301}", "ADRÉ"),
            ("N’Djamena", "n'djamena"),
            ("Abéché ", "Abeche"),
            ("أدري", "ادري"),
            ("الأبيض", "ابيض"),
            ("أبشة", "ابشه"),
            ("عَدْرِي", "عدري"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("Adré"), folded("Adrar"));
    }

    #[test]
    fn a_name_is_found_among_words_and_not_inside_one() {
        let has = |text: &str, name: &str| has_name(&folded(text), &folded(name));
        assert!(has("market of Adré", "Adre") && has("Adré", "Adré") && has("near ADRE, north", "adré"));
        assert!(
            has("axe Abéché-Adré", "Abéché") && has("route d’Adré", "Adré") && has("Adré's market", "Adré")
        );
        assert!(!has("Adrénaline bar", "Adré") && !has("x", ""));
        for text in ["في الأبيض", "بالأبيض", "والأبيض بعيدة", "طريق للأبيض", "إلى الابيض"]
        {
            assert!(has(text, "الأبيض"), "{text}");
        }
        assert!(has("بأدري", "أدري") && !has("كادري", "دري"));
    }
}
