//! Document types: `<!DOCTYPE html PUBLIC "..." "...">` and what they say of the page's age.

use std::fmt;

use crate::html::tree::Quirks;

/// The parts of a document type declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doctype {
    /// The name, in lower case; `html` as a rule.
    pub name: String,
    /// The public identifier, such as `-//W3C//DTD HTML 4.01//EN`.
    pub public_id: Option<String>,
    /// The system identifier, an address as a rule.
    pub system_id: Option<String>,
    /// Whether the declaration is too broken to be believed.
    pub force_quirks: bool,
}

/// What comes next in a declaration that is being read.
struct Reader<'s> {
    rest: &'s str,
}

/// An identifier that should stand here.
enum Identifier {
    Whole(String),
    /// The declaration ended inside of it.
    Cut(String),
    Absent,
}

/// How what follows the name is.
enum Rest {
    /// In order, if the declaration is closed.
    Whole,
    Broken,
    /// In order, with something behind the system identifier that nobody looks at.
    Ignored,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches(['\t', '\n', '\x0C', '\r', ' ']);
    }

    /// Takes everything before the first of `ends`.
    fn take_until(&mut self, ends: &[char]) -> String {
        let (taken, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{FFFD}")
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.rest.get(..keyword.len()).is_some_and(|start| start.eq_ignore_ascii_case(keyword));
        if found {
            self.rest = &self.rest[keyword.len()..];
        }
        found
    }

    fn take_identifier(&mut self) -> Identifier {
        self.skip_space();
        let Some(quote @ ('"' | '\'')) = self.rest.chars().next() else {
            return Identifier::Absent;
        };
        self.rest = &self.rest[1..];
        let text = self.take_until(&[quote]);
        match self.rest.strip_prefix(quote) {
            Some(rest) => {
                self.rest = rest;
                Identifier::Whole(text)
            }
            None => Identifier::Cut(text),
        }
    }
}

impl Doctype {
    /// Reads a declaration, `<!DOCTYPE` included; it ends with its `>` or, at the end of the page,
    /// without. There is no other `>` in it, for even inside quotes one would end it.
    #[must_use]
    pub fn parse(declaration: &str) -> Self {
        let mut doctype = Self { force_quirks: true, ..Self::default() };
        let (body, is_closed) = match declaration.strip_suffix('>') {
            Some(body) => (body, true),
            None => (declaration, false),
        };
        let mut reader = Reader { rest: body.get("<!DOCTYPE".len()..).unwrap_or("") };
        reader.skip_space();
        doctype.name = reader.take_until(&['\t', '\n', '\x0C', '\r', ' ']).to_ascii_lowercase();
        reader.skip_space();
        let is_broken = match doctype.read_identifiers(&mut reader) {
            Rest::Whole => !is_closed,
            Rest::Broken => true,
            Rest::Ignored => false,
        };
        doctype.force_quirks = doctype.name.is_empty() || is_broken;
        doctype
    }

    /// Reads what follows the name.
    fn read_identifiers(&mut self, reader: &mut Reader<'_>) -> Rest {
        if reader.rest.is_empty() {
            return Rest::Whole;
        }
        if reader.take_keyword("PUBLIC") {
            match reader.take_identifier() {
                Identifier::Whole(id) => self.public_id = Some(id),
                Identifier::Cut(id) => {
                    self.public_id = Some(id);
                    return Rest::Broken;
                }
                Identifier::Absent => return Rest::Broken,
            }
            reader.skip_space();
            if reader.rest.is_empty() {
                return Rest::Whole;
            }
        } else if !reader.take_keyword("SYSTEM") {
            return Rest::Broken;
        }
        match reader.take_identifier() {
            Identifier::Whole(id) => self.system_id = Some(id),
            Identifier::Cut(id) => {
                self.system_id = Some(id);
                return Rest::Broken;
            }
            Identifier::Absent => return Rest::Broken,
        }
        reader.skip_space();
        if reader.rest.is_empty() { Rest::Whole } else { Rest::Ignored }
    }

    /// Says how old the page pretends to be.
    #[must_use]
    pub fn quirks(&self) -> Quirks {
        let public = self.public_id.as_deref().unwrap_or("").to_ascii_lowercase();
        let system = self.system_id.as_deref().unwrap_or("").to_ascii_lowercase();
        let starts_with = |list: &[&str]| list.iter().any(|start| public.starts_with(start));
        if self.force_quirks
            || self.name != "html"
            || QUIRKY.contains(&public.as_str())
            || system == "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"
            || starts_with(&QUIRKY_STARTS)
            || (self.system_id.is_none() && starts_with(&LOOSE_HTML_4))
        {
            Quirks::Yes
        } else if starts_with(&LOOSE_XHTML) || starts_with(&LOOSE_HTML_4) {
            Quirks::Limited
        } else {
            Quirks::No
        }
    }
}

impl fmt::Display for Doctype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<!DOCTYPE {}", self.name)?;
        let public = self.public_id.as_deref().unwrap_or("");
        let system = self.system_id.as_deref().unwrap_or("");
        if !public.is_empty() || !system.is_empty() {
            write!(f, " \"{public}\" \"{system}\"")?;
        }
        f.write_str(">")
    }
}

/// Public identifiers of quirky pages.
const QUIRKY: [&str; 3] = ["-//w3o//dtd w3 html strict 3.0//en//", "-/w3c/dtd html 4.0 transitional/en", "html"];

/// Quirky without a system identifier, almost standard with one.
const LOOSE_HTML_4: [&str; 2] = ["-//w3c//dtd html 4.01 frameset//", "-//w3c//dtd html 4.01 transitional//"];

/// Almost standard.
const LOOSE_XHTML: [&str; 2] = ["-//w3c//dtd xhtml 1.0 frameset//", "-//w3c//dtd xhtml 1.0 transitional//"];

/// How the public identifiers of quirky pages start.
const QUIRKY_STARTS: [&str; 55] = [
    "+//silmaril//dtd html pro v0r11 19970101//",
    "-//as//dtd html 3.0 aswedit + extensions//",
    "-//advasoft ltd//dtd html 3.0 aswedit + extensions//",
    "-//ietf//dtd html 2.0 level 1//",
    "-//ietf//dtd html 2.0 level 2//",
    "-//ietf//dtd html 2.0 strict level 1//",
    "-//ietf//dtd html 2.0 strict level 2//",
    "-//ietf//dtd html 2.0 strict//",
    "-//ietf//dtd html 2.0//",
    "-//ietf//dtd html 2.1e//",
    "-//ietf//dtd html 3.0//",
    "-//ietf//dtd html 3.2 final//",
    "-//ietf//dtd html 3.2//",
    "-//ietf//dtd html 3//",
    "-//ietf//dtd html level 0//",
    "-//ietf//dtd html level 1//",
    "-//ietf//dtd html level 2//",
    "-//ietf//dtd html level 3//",
    "-//ietf//dtd html strict level 0//",
    "-//ietf//dtd html strict level 1//",
    "-//ietf//dtd html strict level 2//",
    "-//ietf//dtd html strict level 3//",
    "-//ietf//dtd html strict//",
    "-//ietf//dtd html//",
    "-//metrius//dtd metrius presentational//",
    "-//microsoft//dtd internet explorer 2.0 html strict//",
    "-//microsoft//dtd internet explorer 2.0 html//",
    "-//microsoft//dtd internet explorer 2.0 tables//",
    "-//microsoft//dtd internet explorer 3.0 html strict//",
    "-//microsoft//dtd internet explorer 3.0 html//",
    "-//microsoft//dtd internet explorer 3.0 tables//",
    "-//netscape comm. corp.//dtd html//",
    "-//netscape comm. corp.//dtd strict html//",
    "-//o'reilly and associates//dtd html 2.0//",
    "-//o'reilly and associates//dtd html extended 1.0//",
    "-//o'reilly and associates//dtd html extended relaxed 1.0//",
    "-//sq//dtd html 2.0 hotmetal + extensions//",
    "-//softquad software//dtd hotmetal pro 6.0::19990601::extensions to html 4.0//",
    "-//softquad//dtd hotmetal pro 4.0::19971010::extensions to html 4.0//",
    "-//spyglass//dtd html 2.0 extended//",
    "-//sun microsystems corp.//dtd hotjava html//",
    "-//sun microsystems corp.//dtd hotjava strict html//",
    "-//w3c//dtd html 3 1995-03-24//",
    "-//w3c//dtd html 3.2 draft//",
    "-//w3c//dtd html 3.2 final//",
    "-//w3c//dtd html 3.2//",
    "-//w3c//dtd html 3.2s draft//",
    "-//w3c//dtd html 4.0 frameset//",
    "-//w3c//dtd html 4.0 transitional//",
    "-//w3c//dtd html experimental 19960712//",
    "-//w3c//dtd html experimental 970421//",
    "-//w3c//dtd w3 html//",
    "-//w3o//dtd w3 html 3.0//",
    "-//webtechs//dtd mozilla html 2.0//",
    "-//webtechs//dtd mozilla html//",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn quirks(declaration: &str) -> Quirks {
        Doctype::parse(declaration).quirks()
    }

    #[test]
    fn declarations_tell_the_age_of_a_page() {
        assert_eq!(quirks("<!DOCTYPE html>"), Quirks::No);
        assert_eq!(quirks("<!doctype HTML SYSTEM 'about:legacy-compat'>"), Quirks::No);
        assert_eq!(quirks("<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\">"), Quirks::No);
        let loose = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"";
        assert_eq!(quirks(&format!("{loose}>")), Quirks::Yes);
        assert_eq!(quirks(&format!("{loose} \"http://www.w3.org/TR/html4/loose.dtd\">")), Quirks::Limited);
        assert_eq!(quirks("<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 3.2//EN\">"), Quirks::Yes);
    }

    #[test]
    fn broken_declarations_are_quirky() {
        for declaration in [
            "<!DOCTYPE>",
            "<!DOCTYPE html",
            "<!DOCTYPE html nonsense>",
            "<!DOCTYPE html PUBLIC>",
            "<!DOCTYPE html PUBLIC \"cut>",
            "<!DOCTYPE html SYSTEM unquoted>",
            "<!DOCTYPE svg>",
        ] {
            assert_eq!(quirks(declaration), Quirks::Yes, "{declaration}");
        }
    }

    #[test]
    fn what_follows_a_system_identifier_is_ignored() {
        let doctype = Doctype::parse("<!DOCTYPE html SYSTEM 'a' nonsense>");
        assert_eq!(doctype.system_id.as_deref(), Some("a"));
        assert!(!doctype.force_quirks);
    }
}
