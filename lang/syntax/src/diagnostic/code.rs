//! The table of all codes, one row each. A code's page is `lang/errors/CODE.md`; what finds it is elsewhere.
//!
//! Ranges: E01xx the text itself, E02xx names, E03xx dimensions and units, E04xx structure and meaning, E05xx faults
//! while running, E06xx the world outside (files, Python, memory), E09xx not supported; W0xxx warnings, by the same digits.

use super::Severity;

/// Makes the enum and its lookups from one row a code: `Name = "E0101": "One-line title",`.
macro_rules! codes {
    ($($name:ident = $text:literal: $title:literal,)*) => {
        /// One kind of finding. To add one, add a row to the table below and its page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!($text, ": ", $title)] $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code as users see it: `E0101`.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Code::$name => $text),* }
            }

            /// What the code is about, in one line.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }
        }
    };
}

codes! {
    // E01xx: the text itself.
    UnknownCharacter = "E0101": "A character that the language does not use",
    UnclosedText = "E0102": "A text without its closing quote",
    UnclosedComment = "E0103": "A comment without its end",
    BadNumber = "E0104": "A number that cannot be read",
    BadEscape = "E0105": "An unknown escape or format in a text",
    MissingCloser = "E0106": "A bracket without its partner",
    MissingPart = "E0107": "A name, sign or word is missing",
    MissingValue = "E0108": "A value is missing",
    UnexpectedText = "E0109": "Something stands where it cannot",
    WrongPlace = "E0110": "A declaration or statement in a place that has none of its kind",
    LeadingOperator = "E0111": "A line begins with an operator",
    BadUnit = "E0112": "A unit that cannot be read",
    TwiceGiven = "E0113": "A clause is given twice",
    ReservedName = "E0114": "A reserved word used as a name",
    ChainedComparison = "E0115": "Two comparisons in a row",
    TooDeep = "E0116": "Nested too deeply",
    TooLarge = "E0117": "The text is too large",
    // E02xx: names.
    // E03xx: dimensions and units.
    // E04xx: structure and meaning.
    // E05xx: faults while running.
    // E06xx: the world outside.
    // E09xx: not supported.
    // W0xxx: warnings.
}

impl Code {
    /// Codes that begin with `W` are warnings.
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.text().starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// The code of a text such as `E0101`, in upper or lower case.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.text().eq_ignore_ascii_case(text))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.text())
    }
}
