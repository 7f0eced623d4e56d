//! Knobs: values in the model that a path names, and what turning them does to a program.

use super::{
    Attribute, CellParamId, CellSetting, PopulationId, Program, Rule, SectionAttribute, SectionId, Setting, SettingPlace, Source,
    SynapseId, VarId,
};

/// A value that can be set between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Knob {
    /// An attribute of `simulation`.
    Simulation(SimulationKnob),
    /// A parameter of a mechanism of all cells of a population.
    Cell {
        /// Whose.
        population: PopulationId,
        /// Which mechanisms: one, or the same one in several sections.
        at: Vec<SettingPlace>,
        /// Which of its parameters.
        variable: VarId,
    },
    /// A parameter of the cells of a population.
    CellParam {
        /// Whose.
        population: PopulationId,
        /// Which.
        param: CellParamId,
    },
    /// An attribute of sections of the cells of a population.
    Sections {
        /// Whose.
        population: PopulationId,
        /// Which sections.
        sections: Vec<SectionId>,
        /// Which attribute.
        attribute: SectionAttribute,
    },
    /// A parameter of a synapse of the file.
    Synapse(SynapseId, VarId),
    /// Of a connection (index into [`Program::connections`]): its weight.
    Weight(usize),
    /// Its delay.
    Delay(usize),
    /// The number of its rule.
    Rule(usize),
    /// A parameter of its source.
    Source(usize, VarId),
    /// A parameter of an electrode (index into [`Program::electrodes`]).
    Electrode(usize, VarId),
    /// The same of several populations: all that are made of one cell.
    All(Vec<Knob>),
}

/// Attributes of `simulation` that are knobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum SimulationKnob {
    Duration,
    Dt,
    Celsius,
    VInit,
    Seed,
}

impl Program {
    /// Gives what a knob names another value.
    pub fn turn(&mut self, knob: &Knob, value: Attribute) {
        match knob {
            Knob::All(each) => each.iter().for_each(|knob| self.turn(knob, value.clone())),
            Knob::Simulation(which) => {
                let all = &mut self.simulation;
                let slot = match which {
                    SimulationKnob::Duration => &mut all.duration,
                    SimulationKnob::Dt => &mut all.dt,
                    SimulationKnob::Celsius => &mut all.celsius,
                    SimulationKnob::VInit => &mut all.v_init,
                    SimulationKnob::Seed => &mut all.seed,
                };
                *slot = Some(value);
            }
            Knob::Cell { population, at, variable } => {
                let Some(population) = self.populations.get_mut(population.index()) else { return };
                for at in at {
                    population.settings.retain(|own| (own.at, own.setting.variable) != (*at, *variable));
                    let setting = Setting { variable: *variable, value: value.clone() };
                    population.settings.push(CellSetting { at: *at, setting });
                }
            }
            Knob::CellParam { population, param } => {
                let Some(population) = self.populations.get_mut(population.index()) else { return };
                population.params.retain(|(own, _)| own != param);
                population.params.push((*param, value));
            }
            Knob::Sections { population, sections, attribute } => {
                let Some(population) = self.populations.get_mut(population.index()) else { return };
                for section in sections {
                    population.sections.retain(|(own, which, _)| (own, which) != (section, attribute));
                    population.sections.push((*section, *attribute, value.clone()));
                }
            }
            Knob::Synapse(synapse, variable) => {
                if let Some(synapse) = self.synapses.get_mut(synapse.index()) {
                    put(&mut synapse.settings, *variable, value);
                }
            }
            Knob::Electrode(electrode, variable) => {
                if let Some(electrode) = self.electrodes.get_mut(*electrode) {
                    put(&mut electrode.settings, *variable, value);
                }
            }
            Knob::Weight(k) | Knob::Delay(k) | Knob::Rule(k) | Knob::Source(k, _) => {
                let Some(connection) = self.connections.get_mut(*k) else { return };
                match (knob, &mut connection.source, &mut connection.rule) {
                    (Knob::Weight(_), ..) => connection.weight = Some(value),
                    (Knob::Delay(_), ..) => connection.delay = Some(value),
                    (Knob::Source(_, variable), Source::Generator { settings, .. }, _) => put(settings, *variable, value),
                    (Knob::Rule(_), _, Rule::Probability(number) | Rule::Convergence(number) | Rule::Divergence(number)) => {
                        *number = value;
                    }
                    _ => {}
                }
            }
        }
    }
}

fn put(settings: &mut Vec<Setting>, variable: VarId, value: Attribute) {
    settings.retain(|own| own.variable != variable);
    settings.push(Setting { variable, value });
}
