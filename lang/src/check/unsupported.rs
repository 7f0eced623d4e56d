//! What the language describes and this version does not do yet: one row each, and the one diagnostic that says so.
//! Whoever implements a construct deletes its row; the compiler then shows where it was refused.

use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// A row of the table, for `bouton explain unsupported` and the tests.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Which.
    pub construct: Construct,
    /// Its name in a sentence: "`circuit`", "an indexed section".
    pub name: &'static str,
    /// What to do instead, or what is missing, in one line.
    pub note: &'static str,
    /// A script in which it is the only thing wrong.
    pub example: &'static str,
}

/// Makes the enum and the table of one row a construct: `Name "shown name", "note", "example";`.
macro_rules! constructs {
    ($($construct:ident $name:literal, $note:literal, $example:expr;)*) => {
        /// A construct of the language that is refused for now.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Construct {
            $(#[doc = $name] $construct,)*
        }

        /// All of them, in the order of the manual.
        pub const UNSUPPORTED: &[Row] =
            &[$(Row { construct: Construct::$construct, name: $name, note: $note, example: $example }),*];
    };
}

/// A script with a population `p` of two cells with bodies and a synapse `s`.
macro_rules! in_network {
    ($text:literal) => {
        concat!(
            "cell C {\n    section soma { L = 20 um, diam = 20 um; insert hh }\n    spike at soma(0.5)\n}\n",
            "population p: C[2]\nsynapse s = ExpSyn\nrecord v = p[0].soma(0.5).v\n",
            "simulation { duration = 10 ms }\n",
            $text,
            "\n"
        )
    };
}

/// A script around the body of the mechanism `m`.
macro_rules! in_mechanism {
    ($text:literal) => {
        concat!("mechanism m {\n    ", $text, "\n}\n")
    };
}

constructs! {
    // Mechanisms.
    Output "`output` of a cell with sections", "record it by its path",
        "cell C {\n    section soma { L = 20 um, diam = 20 um }\n    output y = 2\n}\n";
    OtherTable "a table of something other than the membrane potential", "`table v in ...` is there",
        in_mechanism!("param x = 1\n    table x in 0 .. 1 by 0.1");
    Complex "a complex number outside of mechanisms and cells of equations", "there states, parameters, definitions and inputs may be complex",
        "param z = 0.1 i\n";

    // Cells.

    // Networks.
    Spread "a spread of the delays of spikes", "give `delay` a random draw",
        in_network!("connect p -> p via s at soma(0.5) { spread = 1 ms, weight = 1 nS }");

    // Experiments.
    PictureFormat "this format of picture", "pictures are written as .svg or .png",
        in_network!("run\nplot raster \"raster.pdf\"");
    TableFormat "this format of table", "tables are written as .csv, .json, .npy or .npz",
        in_network!("run\nsave spikes \"spikes.h5\"");
}

impl Construct {
    /// Its row.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        UNSUPPORTED.get(self as usize)
    }

    /// The diagnostic that refuses it.
    #[must_use]
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        let (name, note) = self.row().map_or(("this", ""), |row| (row.name, row.note));
        Diagnostic::new(Code::Unsupported, span, format!("{name} is not supported yet")).help(note)
    }
}

/// Refuses a construct at its place.
pub(crate) fn refuse(construct: Construct, span: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(construct.diagnostic(span));
}

#[cfg(test)]
mod tests {
    use super::UNSUPPORTED;
    use crate::testing::check_text;
    use bouton_syntax::render::lines;
    use bouton_syntax::{Code, Severity};

    #[test]
    fn rows_stand_in_the_order_of_the_enum() {
        assert!(UNSUPPORTED.iter().enumerate().all(|(at, row)| row.construct as usize == at));
    }

    #[test]
    fn each_row_is_refused_by_one_diagnostic() {
        let mut wrong = Vec::new();
        for row in UNSUPPORTED {
            let checked = check_text(row.example);
            let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
            if !matches!(errors.as_slice(), [one] if one.code == Code::Unsupported && one.message.starts_with(row.name)) {
                wrong.push(format!("{}:\n{}", row.name, lines(&checked.diagnostics, &checked.sources)));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
