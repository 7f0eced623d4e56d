//! Records and statements.

use super::{
    Attribute, CandidateLimits, CellId, ConnectionValue, Expr, IonQuantity, Knob, LocalId, Member, Name, ParamId, Place,
    RecordId, Rows, Search, SearchNumber, SearchPicture, Set, Span, SynapseId, TableId, VarId, Violation,
};
use crate::unit::Dimension;

/// `record NAME = PATH every INTERVAL`, or of an expression of paths.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// The variables of the model that are sampled.
    pub terms: Vec<Term>,
    /// What is computed of them, [`Measure::Term`] by [`Measure::Term`]; nothing: the traces of the terms, one behind the other.
    pub value: Option<Expr>,
    /// Whether it is one trace rather than a list.
    pub single: bool,
    /// Its dimension.
    pub dimension: Dimension,
    /// Interval of the samples (ms); nothing: each step.
    pub every: Option<Attribute>,
    /// To which of [`super::Program::record_files`] its samples go, instead of being kept.
    pub file: Option<usize>,
}

/// A file to which samples go while the model runs.
#[derive(Clone, Debug)]
pub struct RecordFile {
    /// Its name below the output directory.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// What goes there; all have one interval.
    pub records: Vec<RecordId>,
}

/// A variable of the model.
#[derive(Clone, Debug)]
pub struct Term {
    /// Of which cells.
    pub cells: Member,
    /// What of each.
    pub probe: Probe,
    /// Which part of a cell this is, where `*` stands for several: `dend`, `soma.hh`.
    pub part: Option<Name>,
    /// Whether it is of one cell.
    pub single: bool,
    /// Where it stands.
    pub span: Span,
}

/// What is recorded of a cell.
#[derive(Clone, Debug)]
pub enum Probe {
    /// Membrane potential at a place.
    Voltage(Place),
    /// A value of an ion at a place.
    Ion(Place, Name, IonQuantity),
    /// Potential of a layer of extracellular space at a place.
    Outside(Place, u8),
    /// Current through the membrane at a place of a cell with extracellular space.
    Membrane(Place),
    /// A variable of a density mechanism (index into the section's inserts) at a place.
    Insert(Place, usize, VarId),
    /// A variable of a synapse of the cell (index into its synapses).
    Synapse(usize, VarId),
    /// A variable of a synapse of the file at a place.
    Shared(SynapseId, Place, VarId),
    /// A variable of a body-less cell.
    Own(VarId),
    /// A value of connections; what cells the term names plays no part.
    Connections(OfConnections),
}

/// `P.w`: a value of each connection of a statement, or of one.
#[derive(Clone, Debug)]
pub struct OfConnections {
    /// Index into [`super::Program::connections`].
    pub connection: usize,
    /// What it is for each kind of cell among the targets.
    pub of: Vec<(CellId, ConnectionValue)>,
    /// Number of the one that is meant; nothing: all.
    pub index: Option<Attribute>,
}

/// A value of connections that statements read: what it is at that moment.
#[derive(Clone, Debug)]
pub struct ConnectionTable {
    /// `w` of `P.w`.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// Its dimension.
    pub dimension: Dimension,
    /// Of which connections.
    pub values: OfConnections,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `run`: from 0 for the simulation's duration, or on from where the model is for this time (ms).
    Run(Option<Attribute>),
    /// Back to 0.
    Restart,
    /// A parameter gets a new value.
    Set(ParamId, Attribute),
    /// A value that a path names gets a new one.
    Turn(Knob, Attribute),
    /// Writes the state of the model to a file.
    SaveState(FileName),
    /// Takes up a saved state.
    Restore(FileName),
    /// `let` that reads a result: keeps the value of this moment.
    Let(LocalId, Name, Expr),
    /// `let` of a list of results.
    Keep(LocalId, Name, Series),
    /// Writes a line.
    Print(Vec<TextPart>),
    /// Stops the script with a failure where it is false.
    Assert {
        /// What must hold.
        condition: Expr,
        /// Parts of the condition with their names, shown when it fails.
        shown: Vec<(Name, Shown)>,
        /// What the script says about it.
        message: Option<Vec<TextPart>>,
    },
    /// Writes results to a file.
    Save(Saved, FileName),
    /// Draws a picture.
    Plot(Plot),
    /// `for NAME in VALUES`
    For(LocalId, Values, Vec<Statement>),
    /// if
    If(Expr, Vec<Statement>, Vec<Statement>),
    /// `steady state NAME { }`
    Steady(Steady),
    /// `continue NAME { }`
    Continue(Box<Continue>),
    /// `sweep NAME { }`
    Sweep(Box<Sweep>),
    /// `optimize NAME { }`
    Optimize(Box<Search>),
    /// In a search: what must hold.
    Constrain(Violation),
    /// What a search has varied gets the values of its best candidate.
    Apply(LocalId),
    /// `report m = rate(M)` of a sweep, or a loss of a search: this value into one of its columns.
    Report(usize, Attribute),
}

/// The model goes to a steady state.
#[derive(Clone, Debug)]
pub struct Steady {
    /// Under which the table of its eigenvalues is kept.
    pub id: LocalId,
    /// Its name.
    pub name: Name,
    /// States from which it is looked for, instead of the present ones.
    pub from: Vec<(Knob, Attribute)>,
    /// The columns of its table.
    pub columns: Vec<TableColumn>,
    /// Under which its Jacobian matrix is kept, a column a state.
    pub jacobian: LocalId,
}

/// A branch of steady states is followed while one thing varies.
#[derive(Clone, Debug)]
pub struct Continue {
    /// Under which its table is kept.
    pub id: LocalId,
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// What is varied.
    pub dial: Dial,
    /// From where to where.
    pub range: (Expr, Expr),
    /// Longest step, as part of the range.
    pub longest: Option<Attribute>,
    /// Most points.
    pub points: Option<Attribute>,
    /// What is reported of each point.
    pub body: Vec<Statement>,
    /// The columns of its table: what is varied, what is reported, then [`Continue::OWN`].
    pub columns: Vec<TableColumn>,
}

impl Continue {
    /// Columns that every branch has: how many eigenvalues have a positive real part; the eigenvalue of the largest real part; what the point is.
    pub const OWN: [(&'static str, Dimension); 4] =
        [("unstable", Dimension::NONE), ("re", Dimension::FREQUENCY), ("im", Dimension::FREQUENCY), ("kind", Dimension::NONE)];

    /// What points of a branch can be, by the number that stands in its last column, 1 and following.
    pub const KINDS: [&'static str; 3] = ["folds", "hopf", "crossings"];
}

/// Runs of the model, one for each combination of values of some knobs, and what they report.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Under which its table is kept.
    pub id: LocalId,
    /// Its name.
    pub name: Name,
    /// Where it stands.
    pub span: Span,
    /// What is varied, the last fastest.
    pub axes: Vec<Axis>,
    /// All in step, instead of each with each.
    pub zip: bool,
    /// What a point may take.
    pub limits: CandidateLimits,
    /// What is done at each point, in a model of its own.
    pub body: Vec<Statement>,
    /// The columns of its table: what is varied, then what is reported.
    pub columns: Vec<TableColumn>,
}

/// `vary KNOB in VALUES`
#[derive(Clone, Debug)]
pub struct Axis {
    /// What is varied.
    pub dial: Dial,
    /// Its values.
    pub values: Values,
    /// Whole numbers only.
    pub integer: bool,
    /// Where it stands.
    pub span: Span,
}

/// Something that can be set.
#[derive(Clone, Debug, PartialEq)]
pub enum Dial {
    /// A parameter of the file.
    Param(ParamId),
    /// What a path names.
    Path(Knob),
}

/// A column of a table that a script keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct TableColumn {
    /// Its name.
    pub name: Name,
    /// The dimension of its values.
    pub dimension: Dimension,
}

/// Values that a `for` goes through.
#[derive(Clone, Debug)]
pub enum Values {
    /// One after the other.
    List(Vec<Expr>),
    /// The values of a list of results.
    Series(Series),
    /// Both ends included.
    Range {
        /// First.
        start: Expr,
        /// Last.
        end: Expr,
        /// Distance, or the number of values; 1 apart if nothing is said.
        step: RangeStep,
        /// Equal ratios instead of equal distances.
        log: bool,
    },
}

/// How a range is divided.
#[derive(Clone, Debug)]
pub enum RangeStep {
    /// 1 apart.
    One,
    /// So far apart.
    By(Expr),
    /// So many values, ends included.
    Steps(Expr),
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// As it is.
    Text(String),
    /// A value.
    Value(Shown),
    /// A list.
    List(ShownList),
    /// A table that the script keeps.
    Table(LocalId),
}

/// A value and how it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The value.
    pub value: Expr,
    /// Its unit as it is shown, and the value of one such unit in the coherent system; ("", 1) for plain numbers.
    pub unit: (Name, f64),
    /// `{x:.2f}`; nothing: six significant digits.
    pub format: Option<NumberFormat>,
    /// `celsius` and other temperatures are shown in degC: subtract 273.15 first.
    pub affine: bool,
}

/// How a number is written: `{x:8.2e}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// At least so many characters of the number, filled from the left.
    pub width: usize,
    /// Digits after the point, or significant ones.
    pub digits: Option<usize>,
    /// With a power of ten, without, or whichever is shorter.
    pub style: NumberStyle,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberStyle {
    /// `f`: 0.05
    Fixed,
    /// `e`: 5.00e-2
    Exponent,
    /// `g`: the shorter one, with so many significant digits
    General,
}

/// A file name, which may have values in it.
#[derive(Clone, Debug)]
pub struct FileName {
    /// Its parts.
    pub parts: Vec<TextPart>,
    /// Where it stands.
    pub span: Span,
}

/// What is saved.
#[derive(Clone, Debug)]
pub enum Saved {
    /// All spikes, or those of a set.
    Spikes(Option<Spikes>),
    /// Traces, with one time column.
    Traces(Vec<Cut>),
    /// A value of connections, with sender and receiver of each.
    Table(TableId),
    /// A table of its own.
    Result(ResultTable),
}

/// `plot`.
#[derive(Clone, Debug)]
pub struct Plot {
    /// What is drawn.
    pub kind: PlotKind,
    /// Into which file.
    pub file: FileName,
    /// Title, where one is given.
    pub title: Option<Vec<TextPart>>,
    /// How wide it is (cm); 18 cm if nothing is said.
    pub width: Option<Attribute>,
    /// Points in an inch of a PNG.
    pub dpi: Option<Attribute>,
    /// Equal ratios are equal distances, across and up.
    pub log: (bool, bool),
    /// Of a raster: the first population above, not below.
    pub reverse: bool,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub enum PlotKind {
    /// Spikes over time, a row for each cell.
    Raster(Option<Spikes>),
    /// Traces over time.
    Traces(Vec<Cut>),
    /// How often the values of connections lie where.
    Histogram(TableId),
    /// A table of a sweep: how many of its columns were varied.
    Sweep(LocalId, usize),
    /// Branches of steady states.
    Branches(Vec<LocalId>),
    /// Candidates of a search.
    Search(LocalId, Rows, SearchPicture),
    /// One trace over another.
    Phase(Cut, Cut),
    /// A power spectrum, of this dimension.
    Psd(Spectrum, Dimension),
    /// Power over time and frequency.
    Spectrogram(Spectrum),
    /// How often the values of a list or trace lie where; so many bins, or as many as fit.
    Bars(Series, Dimension, Option<Expr>),
    /// Spikes per cell and time in bins of a width (ms).
    Activity(Spikes, Expr),
    /// Where cells lie.
    Positions,
    /// Who is connected with whom: the weights of these statements.
    Connections(Vec<TableId>),
}

/// Spikes of a set of cells in a window of time.
#[derive(Clone, Debug)]
pub struct Spikes {
    /// Whose; sets are joined.
    pub sets: Vec<Set>,
    /// From this time on (ms).
    pub after: Option<Expr>,
    /// Before this time (ms).
    pub before: Option<Expr>,
}

/// A recorded trace in a window of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// Which.
    pub record: RecordId,
    /// From this time on (ms).
    pub after: Option<Expr>,
    /// Before this time (ms).
    pub before: Option<Expr>,
}

/// What a run gave.
#[derive(Clone, Debug)]
pub enum Measure {
    /// Spikes per cell and ms.
    Rate(Spikes),
    /// Number of spikes.
    Count(Spikes),
    /// Number of cells.
    Cells(Vec<Set>),
    /// Mean coefficient of variation of the intervals of cells with at least two intervals.
    Cv(Spikes),
    /// Variance over mean of the number of spikes in bins of a width (ms).
    Fano(Spikes, Expr),
    /// Golomb and Rinzel's measure of synchrony of several traces.
    Synchrony(Cut),
    /// Frequency of the largest power (1/ms).
    Peak(Spectrum),
    /// Power between two frequencies (1/ms).
    Band(Spectrum, Expr, Expr),
    /// Sample or value of a list by number.
    Sample(Series, Expr),
    /// Value of a trace at a time (ms): the last sample not after it.
    At(Cut, Expr),
    /// Over the samples of a trace or the values of a list.
    Statistic(Statistic, Series),
    /// A feature of a voltage trace, with its arguments.
    Feature(Feature, Cut, Vec<Expr>),
    /// Over the values of connections.
    OfTable(Statistic, TableId),
    /// Of the result of a search.
    Search(LocalId, SearchNumber),
    /// What is set of the model.
    Setting(Knob),
    /// In a record: the value of one of its terms at the moment of the sample.
    Term(usize),
    /// In a record: over the cells of one of its terms at the moment of the sample.
    Over(Statistic, usize),
    /// In a record: of what is computed for each cell of its terms at the moment of the sample.
    OverEach(Statistic, Expr),
}

/// Numbers that a run gave, in an order.
#[derive(Clone, Debug)]
pub enum Series {
    /// The samples of one trace.
    Samples(Cut),
    /// A number of each of several traces.
    Each(Statistic, Cut),
    /// Times of spikes (ms).
    Times(Spikes),
    /// Intervals between spikes of the same cell (ms), cell by cell.
    Intervals(Spikes),
    /// Rate of each cell (1/ms).
    Rates(Spikes),
    /// Spikes per cell and ms in bins of a width (ms).
    Activity(Spikes, Expr),
    /// Times at which a trace rises above a level (ms).
    Crossings(Cut, Expr),
    /// A list that the script keeps.
    Kept(LocalId),
    /// A column of a table that the script keeps.
    Column(LocalId, usize),
    /// The same of the points of a branch of one of [`Continue::KINDS`].
    Marked(LocalId, usize, usize),
    /// The same of some candidates of a search.
    Rows(LocalId, Rows, usize),
    /// A feature of each spike of a voltage trace, with its arguments.
    Features(Feature, Cut, Vec<Expr>),
}

/// A feature of a voltage trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Number of spikes.
    Count,
    /// Times of their peaks (ms).
    Times,
    /// Peaks above the potential at which they begin (mV).
    Amplitude,
    /// Time above the middle between begin and peak (ms).
    Width,
    /// Lowest potential behind a spike against rest (mV).
    Depth,
    /// Coefficient of variation of the intervals between peaks.
    IntervalCv,
    /// Mean difference of neighbouring intervals over their sum.
    Adaptation,
    /// Mean potential of the last tenth (mV).
    Rest,
    /// How much of the fall at a step of current is taken back.
    Sag,
    /// Deflection at the end of a step of current over that current (mV/mA).
    Resistance,
}

impl Feature {
    /// Whether it has a value for each spike.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self, Feature::Times | Feature::Amplitude | Feature::Width | Feature::Depth)
    }
}

/// The power spectrum of a trace or an activity.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// Of what.
    pub of: Series,
    /// Length of its segments (ms); a quarter of the whole if not given.
    pub segment: Option<Expr>,
}

/// A table that can be saved.
#[derive(Clone, Debug)]
pub enum ResultTable {
    /// Frequencies and power densities, of this dimension.
    Psd(Spectrum, Dimension),
    /// Values of this dimension in so many bins.
    Histogram(Series, Dimension, Expr),
    /// One column of this name and dimension.
    List(Name, Series, Dimension),
    /// A table that the script keeps.
    Kept(LocalId),
    /// Where each cell lies.
    Positions,
    /// Who is connected with whom: the weights of these statements.
    Connections(Vec<TableId>),
    /// Some rows of a search's table.
    Rows(LocalId, Rows),
}

/// A list and how it is shown.
#[derive(Clone, Debug)]
pub struct ShownList {
    /// The list.
    pub series: Series,
    /// Its unit as it is shown, and the value of one such unit in the coherent system.
    pub unit: (Name, f64),
}

impl PartialEq for Measure {
    /// Measures are read from results and never compared as expressions.
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// One number of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Statistic {
    Min,
    Max,
    Mean,
    Sum,
    /// Standard deviation over all samples.
    Sd,
    /// Number of samples.
    Count,
}
