//! The words of the language, one row each. Where a word may stand is the parser's business.

/// What a word is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Never a name.
    Reserved,
    /// Begins a declaration or statement.
    Item,
    /// Stands inside one.
    Clause,
}

macro_rules! keywords {
    ($($role:ident { $($name:ident $text:literal,)* })*) => {
        /// A word of the language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Keyword {
            $($(#[doc = concat!("`", $text, "`")] $name,)*)*
        }

        impl Keyword {
            /// All words, in the order of the table.
            pub const ALL: &[Keyword] = &[$($(Keyword::$name,)*)*];

            /// As written.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $($(Keyword::$name => $text,)*)* }
            }

            /// What it is for.
            #[must_use]
            pub fn role(self) -> Role {
                match self { $($(Keyword::$name => Role::$role,)*)* }
            }

            /// The keyword of a text.
            #[must_use]
            pub fn from_text(text: &str) -> Option<Keyword> {
                match text { $($($text => Some(Keyword::$name),)*)* _ => None }
            }
        }
    };
}

keywords! {
    Reserved {
        If "if", Else "else", For "for", While "while", And "and", Or "or", Not "not", In "in", True "true", False "false",
    }
    Item {
        // of a file or a circuit
        Use "use", Import "import", Param "param", Let "let", Fn "fn", Point "point", Mechanism "mechanism", Cell "cell",
        Circuit "circuit", Population "population", Synapse "synapse", Connect "connect", Stimulate "stimulate",
        Simulation "simulation", Record "record",
        // of a mechanism or a cell
        State "state", Input "input", Output "output", Ion "ion", Electrode "electrode", Current "current", Method "method",
        Kinetic "kinetic", Table "table", On "on", Section "section", Insert "insert", Spike "spike", Rename "rename",
        Voltage "voltage", Ignore "ignore",
        // of a kinetic scheme, a function
        Conserve "conserve", Compartment "compartment", Diffusion "diffusion", Return "return",
        // of a script
        Run "run", Restart "restart", Restore "restore", Set "set", Print "print", Plot "plot", Save "save", Assert "assert", Apply "apply",
        Steady "steady", Continue "continue", Sweep "sweep", Optimize "optimize", Vary "vary", Report "report", Minimize "minimize", Maximize "maximize", Constrain "constrain",
        Evolve "evolve",
    }
    Clause {
        Above "above", After "after", As "as", At "at", Before "before", By "by", Cells "cells", Class "class", Connection "connection",
        Each "each", Every "every", Extends "extends", From "from", Integer "integer", Is "is", Log "log",
        Mechanisms "mechanisms", Move "move", Of "of", Per "per", Reads "reads", Send "send", Steps "steps", Template "template", To "to",
        Valence "valence", Via "via", Where "where", With "with", Writes "writes",
    }
}

impl Keyword {
    /// Whether it goes on with the clause after a number, where any other word is a unit.
    #[must_use]
    pub fn follows_number(self) -> bool {
        const WORDS: &[&str] = &[
            "and", "or", "not", "if", "else", "in", "after", "before", "every", "at", "from", "via", "with", "where", "per",
            "by", "steps", "log", "integer", "above", "send", "move", "to", "as", "is", "reads", "writes",
        ];
        WORDS.contains(&self.text())
    }

    /// Whether it can be a name.
    #[must_use]
    pub fn is_name(self) -> bool {
        self.role() != Role::Reserved
    }

    /// Whether a value can begin with it.
    #[must_use]
    pub fn starts_value(self) -> bool {
        self.is_name() || matches!(self, Keyword::If | Keyword::Not | Keyword::True | Keyword::False)
    }
}
