//! Parameters and paths of a model get other values, and models go over to programs with more pieces.

use super::{Experiment, Stop, constants};
use bouton_model::ir::{Attribute, Dial, Expr, Knob, Name, ParamId, Program, SimulationKnob, Span};
use std::sync::Arc;

impl Experiment {
    /// What is varied gets other values, all at once.
    ///
    /// # Errors
    /// Parameters or attributes that have no value then.
    pub fn place<'d>(&mut self, all: impl Iterator<Item = (&'d Dial, Span, f64)>) -> Result<(), Stop> {
        let (mut params, mut paths) = (Vec::new(), Vec::new());
        for (dial, span, value) in all {
            match dial {
                Dial::Param(id) => params.push((*id, value)),
                Dial::Path(knob) => paths.push((knob.clone(), Attribute { value: Expr::Number(value), span })),
            }
        }
        self.change(&params, paths)
    }

    /// A value that a path names gets another one; it acts when the model begins again or goes on.
    ///
    /// # Errors
    /// Attributes that have no value then.
    pub fn turn(&mut self, knob: &Knob, value: Attribute) -> Result<(), Stop> {
        self.change(&[], vec![(knob.clone(), value)])
    }

    /// Parameters and paths get other values; where one has none then, nothing has changed.
    fn change(&mut self, params: &[(ParamId, f64)], paths: Vec<(Knob, Attribute)>) -> Result<(), Stop> {
        let mut knobs = self.knobs.clone();
        for (param, value) in params {
            knobs.params.retain(|(known, _)| known != param);
            knobs.params.push((*param, *value));
        }
        // What the script says later counts more than what was said outside, earlier.
        if paths.iter().any(|(knob, _)| *knob == Knob::Simulation(SimulationKnob::Seed)) {
            knobs.seed = None;
        }
        if paths.is_empty() {
            self.constants = constants(&self.program, &knobs)?;
        } else {
            let mut program = Program::clone(&self.program);
            paths.iter().for_each(|(knob, value)| program.turn(knob, value.clone()));
            self.constants = constants(&program, &knobs)?;
            self.program = Arc::new(program);
        }
        for (knob, value) in paths {
            self.turned.retain(|(known, _)| *known != knob);
            self.turned.push((knob, value));
        }
        (self.knobs, self.changed) = (knobs, true);
        Ok(())
    }

    /// The program of one more piece, with the parameters as they are. What is `anew` shares no numbers of knobs with the one before: then
    /// the model and what paths have set are gone, and parameters keep their values by their names.
    ///
    /// # Errors
    /// Parameters or attributes of `simulation` without a value; nothing has changed then.
    pub fn go_over(&mut self, mut program: Program, changes: bool, replaced: &[Name]) -> Result<(), Stop> {
        let mut knobs = self.knobs.clone();
        if replaced.is_empty() {
            self.turned.iter().for_each(|(knob, value)| program.turn(knob, value.clone()));
        } else {
            let named = |id: &ParamId| self.program.params.get(id.index()).map(|param| &param.name);
            let now =
                |name: &Name| program.params.iter().position(|param| param.name == *name).filter(|_| !replaced.contains(name));
            let kept = self.knobs.params.iter().filter_map(|(id, value)| Some((now(named(id)?)?, *value)));
            knobs.params = kept.map(|(at, value)| (ParamId(at as u32), value)).collect();
        }
        let constants = constants(&program, &knobs)?;
        let recorded = program.records.len() == self.program.records.len() && program.tables.len() == self.program.tables.len();
        (self.program, self.knobs, self.constants) = (Arc::new(program), knobs, constants);
        if !replaced.is_empty() {
            self.turned.clear();
        }
        if changes {
            self.take_profile();
            (self.model, self.going) = (None, false);
        }
        self.changed |= changes || !recorded;
        Ok(())
    }

    /// How many values paths have set.
    pub fn turned(&self) -> usize {
        self.turned.len()
    }

    /// A parameter gets another value; it acts when the model begins again or goes on.
    ///
    /// # Errors
    /// Parameters or attributes that have no value then.
    pub fn set(&mut self, param: ParamId, value: f64) -> Result<(), Stop> {
        self.change(&[(param, value)], Vec::new())
    }
}
