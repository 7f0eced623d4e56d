//! What is told of each generation of a search.

use super::super::files::refused;
use super::super::sweep::Kept;
use super::super::{Console, Runner, Stop, lists, show};
use super::{Found, picture};
use crate::record::table::{Column, Format, Table};
use bouton_model::ir::{Rows, Search, SearchPicture};
use bouton_model::unit::Dimension;

/// What is told, and what has been told so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Observe {
    stats: bool,
    best: bool,
    population: bool,
    plot: bool,
    file: bool,
    generations: Vec<Generation>,
}

/// The losses of a population.
#[derive(Clone, Copy, Debug)]
struct Generation {
    number: u64,
    evaluations: u64,
    best: f64,
    median: f64,
    mean: f64,
    worst: f64,
    sd: f64,
    failed: u64,
}

impl Generation {
    fn of(at_work: &bouton_optimize::Search) -> Generation {
        let all = at_work.method().population().iter().map(|one| one.fitness.first());
        let mut known: Vec<f64> = all.filter(|loss| loss.is_finite()).collect();
        known.sort_by(f64::total_cmp);
        let count = known.len() as f64;
        let mean = known.iter().sum::<f64>() / count;
        let at = |k: usize| known.get(k).copied().unwrap_or(f64::NAN);
        Generation {
            number: at_work.generation(),
            evaluations: at_work.evaluations(),
            best: at(0),
            median: (at(known.len().saturating_sub(1) / 2) + at(known.len() / 2)) / 2.0,
            mean,
            worst: at(known.len().saturating_sub(1)),
            sd: (known.iter().map(|loss| (loss - mean) * (loss - mean)).sum::<f64>() / count).sqrt(),
            failed: at_work.failed(),
        }
    }
}

impl Observe {
    /// By the words of the script.
    pub(super) fn of<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Observe {
        let has = |word: &str| words.clone().any(|said| said == word);
        Observe {
            stats: has("stats"),
            best: has("best"),
            population: has("population"),
            plot: has("plot"),
            file: has("file"),
            generations: Vec::new(),
        }
    }
}

impl Runner {
    /// Tells of a generation that has ended.
    pub(super) fn observe(
        &self,
        observe: &mut Observe,
        search: &Search,
        at_work: &bouton_optimize::Search,
        (table, found, known): (&Kept, &Found, u64),
        console: &mut dyn Console,
    ) -> Result<(), Stop> {
        let now = Generation::of(at_work);
        let head = format!("{} {}:", search.name, now.number);
        let loss = search.columns.get(search.axes.len()).map_or(Dimension::NONE, |column| column.dimension);
        let shown = |x: f64| show::quantity(x, &loss);
        let failed = if now.failed > 0 { format!(", {} failed", now.failed) } else { String::new() };
        let text = match now.best.is_finite() {
            true => format!("loss from {} to {}, mean {}", shown(now.best), shown(now.worst), shown(now.mean)),
            false => "none could be run".to_owned(),
        };
        console.searched(&super::super::Generation {
            search: search.name.to_string(),
            number: now.number,
            evaluations: now.evaluations,
            known,
            most: at_work.most_evaluations(),
            best: shown(now.best),
            mean: shown(now.mean),
            failed: now.failed,
        });
        if observe.stats {
            console.print(&format!("{head} {} evaluations, {text}{failed}", now.evaluations));
        }
        let row = |row: usize| {
            let each = table.values.iter().zip(&search.columns).filter_map(|(column, of)| Some((of, *column.get(row)?)));
            let named: Vec<String> = each.map(|(of, x)| format!("{} {}", of.name, show::quantity(x, &of.dimension))).collect();
            named.join(", ")
        };
        if let Some(best) = at_work.best().filter(|_| observe.best) {
            console.print(&format!("{head} best {}", row(best.number as usize)));
        }
        if observe.population {
            found.population.iter().for_each(|at| console.print(&format!("{head} {}", row(*at))));
        }
        let first = observe.generations.is_empty();
        observe.generations.push(now);
        if observe.file {
            let bytes = file(&observe.generations, &loss).bytes(Format::Csv, &self.origin()).unwrap_or_default();
            self.write_observed(search, (&format!("{}.generations.csv", search.name), &bytes), first, console)?;
        }
        if observe.plot {
            let drawn = picture::drawn((table, found), (search.axes.len(), Rows::All), SearchPicture::Losses);
            let text = drawn.map_or_else(String::new, |picture| picture.draw(&self.origin()));
            self.write_observed(search, (&format!("{}.svg", search.name), text.as_bytes()), first, console)?;
        }
        Ok(())
    }

    /// The same file again and again: it is told of once.
    fn write_observed(
        &self,
        search: &Search,
        (name, bytes): (&str, &[u8]),
        first: bool,
        console: &mut dyn Console,
    ) -> Result<(), Stop> {
        let path = self.settings.out.write(name, bytes).map_err(|error| refused(name, search.span, &error))?;
        if first {
            console.wrote(&path);
        }
        Ok(())
    }
}

fn file(all: &[Generation], loss: &Dimension) -> Table {
    let whole = |name: &str, of: fn(&Generation) -> u64| {
        Column::whole(name, all.iter().map(|one| u32::try_from(of(one)).unwrap_or(u32::MAX)).collect())
    };
    let column = |name: &str, of: fn(&Generation) -> f64| lists::column(name, loss, all.iter().map(of).collect());
    Table {
        columns: vec![
            whole("generation", |one| one.number),
            whole("evaluations", |one| one.evaluations),
            column("best", |one| one.best),
            column("median", |one| one.median),
            column("mean", |one| one.mean),
            column("worst", |one| one.worst),
            column("sd", |one| one.sd),
            whole("failed", |one| one.failed),
        ],
    }
}
