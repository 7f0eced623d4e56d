//! The table of all codes, one row each. A code's page is `lang/errors/CODE.md`; what finds it is elsewhere.
//!
//! Ranges: E01xx the text itself, E02xx names, E03xx dimensions and units, E04xx structure and meaning, E05xx faults
//! while running, E06xx the world outside (files, Python, memory), E07xx imported files, E09xx not supported; W0xxx warnings, by the same digits.

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
    UnknownName = "E0201": "A name that nothing bears",
    DeclaredTwice = "E0202": "Two declarations of one name",
    UnknownAttribute = "E0203": "An attribute that does not exist",
    UnknownParameter = "E0204": "A parameter that the mechanism does not have",
    UnknownMechanism = "E0205": "A mechanism that does not exist",
    UnknownCell = "E0206": "A cell that does not exist",
    UnknownSet = "E0207": "A population or cell that does not exist",
    UnknownSection = "E0208": "A section that the cell does not have",
    UnknownPort = "E0209": "`via` names nothing that takes events",
    UnknownVariable = "E0210": "A variable that cannot be found by its path",
    WrongKind = "E0211": "A name that stands for another kind of thing",
    AttributeTwice = "E0212": "An attribute is given twice",
    DependsOnItself = "E0220": "A definition that depends on itself",
    UnknownFunction = "E0221": "A function that does not exist",
    UnknownEvent = "E0222": "An event that the mechanism does not have",
    UnknownMethod = "E0223": "An integration method that does not exist",
    // E03xx: dimensions and units.
    DimensionMismatch = "E0301": "Dimensions that do not fit",
    UnknownUnit = "E0302": "A unit that does not exist",
    TemperatureArithmetic = "E0303": "A temperature where a difference is needed",
    BadExponent = "E0304": "An exponent that gives no dimension",
    NotANumber = "E0305": "A value of another kind",
    DimensionTooLarge = "E0306": "A dimension with exponents too large",
    // E04xx: structure and meaning; to E0439 of cells, networks and experiments, from E0440 of mechanisms and functions.
    BrokenTree = "E0401": "Sections that do not form one tree",
    BadPlace = "E0402": "A place that is not on the cell",
    OutOfRange = "E0403": "A value outside its range",
    NoPlace = "E0404": "A place is missing",
    TwoRules = "E0405": "Two rules for one connection",
    CannotSpike = "E0406": "A cell without a way to spike as a source of events",
    WrongMechanism = "E0407": "A mechanism of a kind that does not fit its place",
    TakesNoEvents = "E0408": "A target that takes no events",
    MissingParameter = "E0409": "A parameter that must be given",
    ReachesNothing = "E0410": "A statement that reaches nothing",
    NoDuration = "E0411": "A run without a duration",
    OutsideOutput = "E0412": "A file outside the output directory",
    NotShown = "E0413": "Something that cannot be plotted or saved",
    NotAResult = "E0414": "An analysis of something that is no result",
    WrongArguments = "E0415": "Arguments that do not fit",
    MisplacedMember = "E0416": "A line that does not fit its cell",
    WrongArgumentCount = "E0440": "Too many or too few arguments",
    RecursiveFunction = "E0441": "A function that calls itself",
    MisplacedDraw = "E0442": "A random draw where none can be",
    NotConstant = "E0443": "A value that must be constant",
    UnfoldsTooFar = "E0444": "Definitions that unfold too far",
    FunctionWithoutValue = "E0445": "A function without a value",
    EquationWithoutState = "E0446": "An equation of something that is no state",
    TwoEquations = "E0447": "Two equations of one variable",
    NotWritten = "E0448": "A line that sets what the mechanism does not write",
    NeverSet = "E0449": "A value of an ion that is written and never set",
    NoMembrane = "E0450": "A part of the membrane where there is none",
    MethodDoesNotFit = "E0451": "An integration method that the equation does not allow",
    AssignsNoState = "E0452": "A handler sets something that is no state",
    BrokenTable = "E0453": "A table that cannot be made",
    MissingDefinition = "E0454": "A parameter or state without a value",
    MisplacedAction = "E0455": "An action in a place that has none of its kind",
    NotKnownYet = "E0456": "A value that is not known where it is used",
    UnknownIonVariable = "E0457": "A variable that the ion does not have",
    IonValence = "E0458": "An ion without a valence, or with two",
    // E05xx: faults while running; from E0510 while a network is built.
    AssertionFailed = "E0501": "An assertion that does not hold",
    Fault = "E0502": "A value that became none",
    NoResult = "E0503": "A result that is not there",
    ChangedMidway = "E0504": "A run that cannot go on with these parameters",
    ValueOutOfRange = "E0510": "A parameter, draw or file brought a value out of range",
    NoValue = "E0511": "A value that is not known where it is needed",
    NoCode = "E0512": "Equations that cannot be computed",
    NoSteadyState = "E0513": "A steady state that is not there",
    ValuesInACircle = "E0514": "Values that drive each other in a circle",
    // E06xx: the world outside.
    CannotRead = "E0601": "A file that cannot be read",
    CannotWrite = "E0602": "A file that cannot be written",
    NotOnThisMachine = "E0603": "Something that this machine does not have",
    Interrupted = "E0604": "A run that was interrupted",
    TooMuchMemory = "E0610": "A network that is too large for the machine",
    // E07xx: files of other simulators.
    ForeignText = "E0701": "A file of another simulator that cannot be read",
    ForeignMeaning = "E0702": "A file of another simulator that contradicts itself",
    // E09xx: not supported.
    Unsupported = "E0901": "A part of the language that is not there yet",
    ForeignUnsupported = "E0902": "A part of an imported file that is not there yet",
    // W0xxx: warnings.
    IdleAllow = "W0101": "A comment that allows nothing",
    UnusedParameter = "W0201": "A parameter that nothing uses",
    StillState = "W0202": "A state that nothing changes",
    ShadowedUnit = "W0301": "A name that hides a unit",
    ImplausibleValue = "W0401": "A value that is probably not meant",
    OverriddenIon = "W0402": "A value of an ion that something replaces",
    PointsFailed = "W0501": "Points of a sweep that failed",
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
