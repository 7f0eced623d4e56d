//! A checked program in short lines, for people to read in a diff.

use bouton_lang::ir::*;
use std::fmt::Write;

/// The whole program.
pub fn dump(program: &Program) -> String {
    let mut out = String::new();
    for param in &program.params {
        line(&mut out, 0, &format!("param {}: {} = {}", param.name, param.dimension, expr(&param.value)));
    }
    for mechanism in program.mechanisms.iter() {
        self::mechanism(&mut out, mechanism);
    }
    for cell in program.cells.iter() {
        self::cell(&mut out, cell);
    }
    for synapse in &program.synapses {
        line(&mut out, 0, &format!("synapse {} = #{}{}", synapse.name, synapse.mechanism.0, settings(&synapse.settings)));
    }
    for population in &program.populations {
        self::population(&mut out, population);
    }
    for connection in &program.connections {
        self::connection(&mut out, connection);
    }
    for electrode in &program.electrodes {
        let places: Vec<_> =
            electrode.places.iter().map(|(cell, place)| format!("cell {} at {}", cell.0, self::place(place))).collect();
        let head = format!("electrode{} #{}{}", label(&electrode.label), electrode.mechanism.0, settings(&electrode.settings));
        line(&mut out, 0, &format!("{head} on {}: {}", set(&electrode.targets), places.join(", ")));
    }
    simulation(&mut out, &program.simulation);
    for record in &program.records {
        let every = record.every.as_ref().map_or(String::new(), |every| format!(" every {}", expr(&every.value)));
        let term = |term: &Term| format!("{} of {}", probe(&term.probe), member(&term.cells));
        let terms: Vec<String> = record.terms.iter().map(term).collect();
        let value = record.value.as_ref().map_or(String::new(), |value| format!("{} with ", expr(value)));
        let head = format!("record {}: {} = {value}{}", record.name, record.dimension, terms.join(", "));
        line(&mut out, 0, &(head + &every));
    }
    statements(&mut out, 0, &program.statements);
    out
}

fn line(out: &mut String, depth: usize, text: &str) {
    let _ = writeln!(out, "{}{text}", "    ".repeat(depth));
}

fn mechanism(out: &mut String, mechanism: &Mechanism) {
    let (variables, equations) = (mechanism.variables.len(), mechanism.equations.len());
    let (currents, handlers, conditions) = (mechanism.currents.len(), mechanism.handlers.len(), mechanism.conditions.len());
    let counts = format!(
        "{variables} variables, {equations} equations, {currents} currents, {handlers} handlers, {conditions} conditions"
    );
    line(out, 0, &format!("mechanism {} ({:?}): {counts}", mechanism.name, mechanism.kind));
}

fn cell(out: &mut String, cell: &Cell) {
    match &cell.body {
        CellBody::Free(mechanism) => line(out, 0, &format!("cell {} = #{}", cell.name, mechanism.0)),
        CellBody::Tree(tree) => {
            line(out, 0, &format!("cell {}", cell.name));
            for param in &tree.params {
                let default = param.default.as_ref().map_or(String::new(), |value| format!(" = {}", expr(&value.value)));
                line(out, 1, &format!("param {} [{}]{default}", param.name, param.dimension));
            }
            tree.sections.iter().for_each(|one| section(out, one));
            for synapse in &tree.synapses {
                let head = format!("synapse {}: #{} at {}", synapse.name, synapse.mechanism.0, place(&synapse.place));
                line(out, 1, &(head + &settings(&synapse.settings)));
            }
            if let Some((synapse, variable)) = tree.voltage {
                line(out, 1, &format!("voltage is synapse {synapse} ${}", variable.0));
            }
            for port in &tree.ports {
                line(out, 1, &format!("port {}: synapse {} handler {}", port.name, port.synapse, port.handler.0));
            }
            if let Some(spike) = &tree.spike {
                line(out, 1, &format!("spike at {} above {}", place(&spike.place), expr(&spike.threshold.value)));
            }
        }
    }
}

fn section(out: &mut String, section: &Section) {
    let given = [
        ("L", &section.length),
        ("diam", &section.diam),
        ("Ra", &section.axial_resistivity),
        ("cm", &section.capacitance),
        ("nseg", &section.segments),
    ];
    let mut head = format!("section {}", section.name);
    for (name, value) in given {
        if let Some(value) = value {
            let _ = write!(head, " {name}={}", expr(&value.value));
        }
    }
    if let Some(points) = &section.points {
        let _ = write!(head, " {} points", points.list.len());
    }
    for set in &section.ions {
        let _ = write!(head, " {}={}", set.quantity.name(&set.ion), expr(&set.value.value));
    }
    if let Some(parent) = &section.parent {
        let end = if parent.by_end { " by its 1 end" } else { "" };
        let _ = write!(head, " on {}({}){end}", parent.section.0, expr(&parent.at.value));
    }
    line(out, 1, &head);
    for insert in &section.inserts {
        line(out, 2, &format!("insert {}: #{}{}", insert.name, insert.mechanism.0, settings(&insert.settings)));
    }
}

fn population(out: &mut String, population: &Population) {
    let count = population.count.as_ref().map_or(String::new(), |count| format!("[{}]", expr(&count.value)));
    line(out, 0, &format!("population {}: cell {}{count}", population.name, population.cell.0));
    for setting in &population.settings {
        line(out, 1, &format!("{:?} ${} = {}", setting.at, setting.setting.variable.0, expr(&setting.setting.value.value)));
    }
    for (section, attribute, value) in &population.sections {
        line(out, 1, &format!("section {} {attribute:?} = {}", section.0, expr(&value.value)));
    }
    for (param, value) in &population.params {
        line(out, 1, &format!("param {} = {}", param.0, expr(&value.value)));
    }
}

fn connection(out: &mut String, connection: &Connection) {
    let source = match &connection.source {
        Source::Cells(cells) => set(cells),
        Source::Generator { cell, settings, .. } => format!("cell {}{}", cell.0, self::settings(settings)),
    };
    line(out, 0, &format!("connection{} {source} -> {}", label(&connection.label), set(&connection.targets)));
    for (cell, port) in &connection.ports {
        let port = match port {
            Port::CellSynapse { synapse, handler } => format!("its synapse {synapse}, handler {}", handler.0),
            Port::Synapse { synapse, place, along, handler } => {
                let along: Vec<String> = along.iter().map(|section| section.0.to_string()).collect();
                let at = if along.is_empty() { self::place(place) } else { format!("along {}", along.join(", ")) };
                format!("synapse {} at {at}, handler {}", synapse.0, handler.0)
            }
            Port::Own { handler } => format!("its handler {}", handler.0),
            Port::Input { input } => format!("its input {}", input.0),
            Port::Junction { synapse, place, .. } => {
                format!("junction {} at {}", synapse.0, self::place(place))
            }
        };
        line(out, 1, &format!("on cell {}: {port}", cell.0));
    }
    let rule = match &connection.rule {
        Rule::All => "all".to_owned(),
        Rule::Probability(value) => format!("probability {}", expr(&value.value)),
        Rule::Convergence(value) => format!("convergence {}", expr(&value.value)),
        Rule::Divergence(value) => format!("divergence {}", expr(&value.value)),
        Rule::OneToOne => "one to one".to_owned(),
        Rule::Pairs(list) => format!("{} pairs", list.len()),
        Rule::Listed(list, _) => format!("{} pairs of {}", list.pre.len(), list.file),
    };
    let value = |name: &str, value: &Option<Attribute>| {
        value.as_ref().map_or(String::new(), |value| format!(", {name} {}", expr(&value.value)))
    };
    let flag = |name: &str, on: bool| if on { format!(", {name}") } else { String::new() };
    let flags = flag("autapses", connection.autapses)
        + &flag("per connection", connection.per_connection)
        + &flag("allow empty", connection.allow_empty);
    line(out, 1, &(rule + &value("weight", &connection.weight) + &value("delay", &connection.delay) + &flags));
}

fn simulation(out: &mut String, simulation: &Simulation) {
    let given = [
        ("duration", &simulation.duration),
        ("dt", &simulation.dt),
        ("celsius", &simulation.celsius),
        ("v_init", &simulation.v_init),
        ("seed", &simulation.seed),
        ("threads", &simulation.threads),
    ];
    let mut head = "simulation".to_owned();
    for (name, value) in given {
        if let Some(value) = value {
            let _ = write!(head, " {name}={}", expr(&value.value));
        }
    }
    let flags = [("second_order", simulation.second_order != SecondOrder::Off), ("tables_off", simulation.tables_off)];
    flags.iter().filter(|(_, on)| *on).for_each(|(name, _)| head += &format!(" {name}"));
    line(out, 0, &format!("{head} {:?}", simulation.streams));
}

fn statements(out: &mut String, depth: usize, all: &[Statement]) {
    for one in all {
        match &one.kind {
            StatementKind::Run(time) => {
                line(out, depth, &format!("run {}", time.as_ref().map_or(String::new(), |time| expr(&time.value))))
            }
            StatementKind::Turn(knob, value) => line(out, depth, &format!("set {knob:?} = {}", expr(&value.value))),
            StatementKind::SaveState(file) => line(out, depth, &format!("save state {}", text(&file.parts))),
            StatementKind::Restore(file) => line(out, depth, &format!("restore {}", text(&file.parts))),
            StatementKind::Restart => line(out, depth, "restart"),
            StatementKind::Set(param, value) => line(out, depth, &format!("set p{} = {}", param.0, expr(&value.value))),
            StatementKind::Let(local, name, value) => line(out, depth, &format!("let l{} ({name}) = {}", local.0, expr(value))),
            StatementKind::Keep(local, name, list) => line(out, depth, &format!("let l{} ({name}) = {}", local.0, series(list))),
            StatementKind::Print(parts) => line(out, depth, &format!("print {}", text(parts))),
            StatementKind::Assert { condition, shown, message } => {
                let shown: Vec<_> = shown.iter().map(|(name, value)| format!("{name}: {}", self::shown(value))).collect();
                let message = message.as_ref().map_or(String::new(), |message| format!(" else {}", text(message)));
                line(out, depth, &format!("assert {} [{}]{message}", expr(condition), shown.join("; ")));
            }
            StatementKind::Save(Saved::Spikes(some), file) => {
                line(out, depth, &format!("save {} {}", some.as_ref().map_or("all spikes".into(), spikes), text(&file.parts)));
            }
            StatementKind::Save(Saved::Traces(cuts), file) => {
                line(out, depth, &format!("save {} {}", cuts.iter().map(cut).collect::<Vec<_>>().join(", "), text(&file.parts)));
            }
            StatementKind::Save(Saved::Table(table), file) => {
                line(out, depth, &format!("save table {} {}", table.0, text(&file.parts)));
            }
            StatementKind::Save(Saved::Result(of), file) => {
                line(out, depth, &format!("save {} {}", result_table(of), text(&file.parts)))
            }
            StatementKind::Plot(plot) => {
                let kind = match &plot.kind {
                    PlotKind::Raster(some) => format!("raster {}", some.as_ref().map_or("all".into(), spikes)),
                    PlotKind::Histogram(table) => format!("histogram of table {}", table.0),
                    PlotKind::Branches(tables) => format!("branches {tables:?}"),
                    PlotKind::Sweep(table, varied) => format!("table l{} over {varied}", table.0),
                    PlotKind::Search(search, rows, kind) => format!("{kind:?} of l{} {rows:?}", search.0),
                    PlotKind::Phase(a, b) => format!("phase({}, {})", cut(a), cut(b)),
                    PlotKind::Spectrogram(of) => format!("spectrogram {}", spectrum(of)),
                    PlotKind::Psd(of, dimension) => format!("{}: {dimension}", spectrum(of)),
                    PlotKind::Bars(of, dimension, _) => format!("histogram({}): {dimension}", series(of)),
                    PlotKind::Activity(of, bin) => format!("activity{} by {}", spikes(of), expr(bin)),
                    PlotKind::Positions => "positions".to_owned(),
                    PlotKind::Connections(tables) => format!("connections {}", tables.len()),
                    PlotKind::Traces(cuts) => cuts.iter().map(cut).collect::<Vec<_>>().join(", "),
                };
                line(
                    out,
                    depth,
                    &format!(
                        "plot {kind} {}{}",
                        text(&plot.file.parts),
                        plot.title.as_ref().map_or(String::new(), |title| format!(" {}", text(title)))
                    ),
                );
            }
            StatementKind::For(local, values, body) => {
                let values = match values {
                    Values::List(values) => exprs(values),
                    Values::Series(of) => series(of),
                    Values::Range { start, end, step, log } => {
                        format!("{} .. {} {}{}", expr(start), expr(end), self::step(step), if *log { " log" } else { "" })
                    }
                };
                line(out, depth, &format!("for l{} in {values}", local.0));
                statements(out, depth + 1, body);
            }
            StatementKind::Steady(steady) => {
                line(out, depth, &format!("steady state {} l{} from {}", steady.name, steady.id.0, steady.from.len()));
            }
            StatementKind::Continue(one) => {
                line(
                    out,
                    depth,
                    &format!("continue {} l{} from {} to {}", one.name, one.id.0, expr(&one.range.0), expr(&one.range.1)),
                );
                statements(out, depth + 1, &one.body);
            }
            StatementKind::Sweep(sweep) => {
                line(out, depth, &format!("sweep {} l{} over {}", sweep.name, sweep.id.0, sweep.axes.len()));
                statements(out, depth + 1, &sweep.body);
            }
            StatementKind::Report(at, value) => line(out, depth, &format!("report {at} = {}", expr(&value.value))),
            StatementKind::Optimize(search) => {
                let (name, evolve) = (&search.name, &search.evolve);
                line(out, depth, &format!("optimize l{} ({name}) {} {:?}", search.id.0, evolve.method, evolve.settings));
                statements(out, depth + 1, &search.body);
            }
            StatementKind::Constrain(Violation::Above(a, b)) => line(out, depth, &format!("at most {} {}", expr(b), expr(a))),
            StatementKind::Constrain(Violation::Not(truth)) => line(out, depth, &format!("must {}", expr(truth))),
            StatementKind::Apply(search) => line(out, depth, &format!("apply l{}", search.0)),
            StatementKind::If(condition, then, otherwise) => {
                line(out, depth, &format!("if {}", expr(condition)));
                statements(out, depth + 1, then);
                line(out, depth, "else");
                statements(out, depth + 1, otherwise);
            }
        }
    }
}

fn step(step: &RangeStep) -> String {
    match step {
        RangeStep::One => "by one".to_owned(),
        RangeStep::By(by) => format!("by {}", expr(by)),
        RangeStep::Steps(steps) => format!("steps {}", expr(steps)),
    }
}

fn text(parts: &[TextPart]) -> String {
    let part = |part: &TextPart| match part {
        TextPart::Text(text) => text.replace('\n', "\\n"),
        TextPart::Value(value) => format!("{{{}}}", shown(value)),
        TextPart::Table(table) => format!("{{l{}}}", table.0),
        TextPart::List(list) => format!("{{{}: {}}}", series(&list.series), list.unit.0),
    };
    format!("\"{}\"", parts.iter().map(part).collect::<String>())
}

fn shown(shown: &Shown) -> String {
    let digits = shown.format.map_or(String::new(), |format| format!(", {format:?}"));
    let affine = if shown.affine { ", affine" } else { "" };
    format!("{} in [{}] of {}{digits}{affine}", expr(&shown.value), shown.unit.0, shown.unit.1)
}

fn label(label: &Option<Name>) -> String {
    label.as_ref().map_or(String::new(), |label| format!(" {label}:"))
}

fn settings(all: &[Setting]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let all: Vec<_> = all.iter().map(|one| format!("${} = {}", one.variable.0, expr(&one.value.value))).collect();
    format!(" {{ {} }}", all.join(", "))
}

fn place(place: &Place) -> String {
    format!("{}({})", place.section.0, expr(&place.x.value))
}

fn probe(probe: &Probe) -> String {
    match probe {
        Probe::Voltage(place) => format!("v at {}", self::place(place)),
        Probe::Ion(place, ion, quantity) => format!("{} at {}", quantity.name(ion), self::place(place)),
        Probe::Outside(place, layer) => format!("vext[{layer}] at {}", self::place(place)),
        Probe::Membrane(place) => format!("i_membrane at {}", self::place(place)),
        Probe::Insert(place, insert, variable) => format!("insert {insert} ${} at {}", variable.0, self::place(place)),
        Probe::Synapse(synapse, variable) => format!("synapse {synapse} ${}", variable.0),
        Probe::Shared(synapse, place, variable) => {
            format!("synapse of the file {} ${} at {}", synapse.0, variable.0, self::place(place))
        }
        Probe::Own(variable) => format!("${}", variable.0),
        Probe::Connections(of) => format!("connections {} {:?}", of.connection, of.of),
    }
}

fn set(set: &Set) -> String {
    set.members.iter().map(member).collect::<Vec<_>>().join(", ")
}

fn member(member: &Member) -> String {
    let index = |part: &Indices| match part {
        Indices::One(one) => expr(&one.value),
        Indices::Range(start, end) => format!("{} .. {}", expr(&start.value), expr(&end.value)),
    };
    let indices = member
        .indices
        .as_ref()
        .map_or(String::new(), |parts| format!("[{}]", parts.iter().map(index).collect::<Vec<_>>().join(", ")));
    let filter = member.filter.as_ref().map_or(String::new(), |filter| format!(" where {}", expr(filter)));
    format!("population {}{indices}{filter}", member.population.0)
}

fn spikes(spikes: &Spikes) -> String {
    let sets: Vec<_> = spikes.sets.iter().map(set).collect();
    format!("({}{})", sets.join("; "), window(spikes.after.as_ref(), spikes.before.as_ref()))
}

fn cut(cut: &Cut) -> String {
    format!("r{}{}", cut.record.0, window(cut.after.as_ref(), cut.before.as_ref()))
}

fn window(after: Option<&Expr>, before: Option<&Expr>) -> String {
    let edge = |word: &str, time: Option<&Expr>| time.map_or(String::new(), |time| format!(" {word} {}", expr(time)));
    edge("after", after) + &edge("before", before)
}

fn exprs(all: &[Expr]) -> String {
    all.iter().map(expr).collect::<Vec<_>>().join(", ")
}

fn expr(value: &Expr) -> String {
    match value {
        Expr::Number(number) => format!("{number}"),
        Expr::Bool(value) => format!("{value}"),
        Expr::Var(var) => self::var(var),
        Expr::Unary(Unary::Neg, operand) => format!("-{}", expr(operand)),
        Expr::Unary(Unary::Not, operand) => format!("not {}", expr(operand)),
        Expr::Binary(op, left, right) => format!("({} {} {})", expr(left), self::op(*op), expr(right)),
        Expr::Call(function, args) => format!("{}({})", format!("{function:?}").to_lowercase(), exprs(args)),
        Expr::Draw(draw, args) => format!("draw {}({})", format!("{draw:?}").to_lowercase(), exprs(args)),
        Expr::If(condition, then, otherwise) => {
            format!("if {} {{ {} }} else {{ {} }}", expr(condition), expr(then), expr(otherwise))
        }
        Expr::Let(local, value, inner) => format!("let l{} = {} in {}", local.0, expr(value), expr(inner)),
        Expr::Measure(measure) => self::measure(measure),
        Expr::List(all) => format!("[{}]", exprs(all)),
        Expr::PerCell(all) => format!("by cell [{}]", exprs(all)),
    }
}

fn op(op: Binary) -> &'static str {
    match op {
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::Pow => "^",
        Binary::Lt => "<",
        Binary::Le => "<=",
        Binary::Gt => ">",
        Binary::Ge => ">=",
        Binary::Eq => "==",
        Binary::Ne => "!=",
        Binary::And => "and",
        Binary::Or => "or",
    }
}

fn var(var: &Var) -> String {
    match var {
        Var::Param(id) => format!("p{}", id.0),
        Var::Own(id) => format!("${}", id.0),
        Var::Local(id) => format!("l{}", id.0),
        Var::Argument(at) => format!("arg{at}"),
        Var::Known(known) => format!("{known:?}").to_lowercase(),
        Var::Pre(attribute) => format!("pre.{}", format!("{attribute:?}").to_lowercase()),
        Var::Post(attribute) => format!("post.{}", format!("{attribute:?}").to_lowercase()),
        Var::Distance => "distance".to_owned(),
        Var::Cell(param) => format!("cell{}", param.0),
        Var::Place(place) => format!("{place:?}"),
        Var::Listed(column) => format!("column {column}"),
    }
}

fn measure(measure: &Measure) -> String {
    match measure {
        Measure::Rate(of) => format!("rate{}", spikes(of)),
        Measure::Count(of) => format!("spikes{}", spikes(of)),
        Measure::Cells(sets) => format!("cells({})", sets.iter().map(set).collect::<Vec<_>>().join("; ")),
        Measure::Cv(of) => format!("cv{}", spikes(of)),
        Measure::Fano(of, bin) => format!("fano{} by {}", spikes(of), expr(bin)),
        Measure::Synchrony(of) => format!("synchrony({})", cut(of)),
        Measure::Peak(of) => format!("peak({})", spectrum(of)),
        Measure::Band(of, low, high) => format!("power({}, {} .. {})", spectrum(of), expr(low), expr(high)),
        Measure::Sample(of, at) => format!("{}[{}]", series(of), expr(at)),
        Measure::At(of, at) => format!("{}({})", cut(of), expr(at)),
        Measure::Feature(feature, of, _) => format!("{feature:?} of {}", cut(of)),
        Measure::Setting(knob) => format!("{knob:?}"),
        Measure::Search(search, number) => format!("l{} {number:?}", search.0),
        Measure::Term(k) => format!("term {k}"),
        Measure::OverEach(statistic, each) => format!("{}({})", format!("{statistic:?}").to_lowercase(), expr(each)),
        Measure::Over(statistic, k) => format!("{}(term {k})", format!("{statistic:?}").to_lowercase()),
        Measure::OfTable(statistic, table) => format!("{}(table {})", format!("{statistic:?}").to_lowercase(), table.0),
        Measure::Statistic(statistic, of) => format!("{}({})", format!("{statistic:?}").to_lowercase(), series(of)),
    }
}

fn series(of: &Series) -> String {
    match of {
        Series::Samples(of) => cut(of),
        Series::Each(statistic, of) => format!("each {}({})", format!("{statistic:?}").to_lowercase(), cut(of)),
        Series::Times(of) => format!("times{}", spikes(of)),
        Series::Intervals(of) => format!("intervals{}", spikes(of)),
        Series::Rates(of) => format!("rates{}", spikes(of)),
        Series::Activity(of, bin) => format!("activity{} by {}", spikes(of), expr(bin)),
        Series::Crossings(of, level) => format!("crossings({}, {})", cut(of), expr(level)),
        Series::Features(feature, of, _) => format!("{feature:?} of {}", cut(of)),
        Series::Marked(local, kind, at) => format!("l{}.{kind}.{at}", local.0),
        Series::Column(local, at) => format!("l{}.{at}", local.0),
        Series::Rows(search, rows, column) => format!("l{} {rows:?} {column}", search.0),
        Series::Kept(local) => format!("l{}", local.0),
    }
}

fn spectrum(of: &Spectrum) -> String {
    let segment = of.segment.as_ref().map_or(String::new(), |segment| format!(", {}", expr(segment)));
    format!("psd({}{segment})", series(&of.of))
}

fn result_table(table: &ResultTable) -> String {
    match table {
        ResultTable::Psd(of, dimension) => format!("{}: {dimension}", spectrum(of)),
        ResultTable::Histogram(of, dimension, bins) => format!("histogram({}, {}): {dimension}", series(of), expr(bins)),
        ResultTable::Positions => "positions".to_owned(),
        ResultTable::Connections(tables) => format!("connections {}", tables.len()),
        ResultTable::Rows(search, rows) => format!("l{} {rows:?}", search.0),
        ResultTable::Kept(local) => format!("l{}", local.0),
        ResultTable::List(name, of, dimension) => format!("{name} {}: {dimension}", series(of)),
    }
}
