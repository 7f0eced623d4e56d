//! Knobs: values in the model that a path names, and what turning them does to a program.

use super::{
    Attribute, CellBody, CellParamId, CellSetting, Expr, MechanismId, Population, PopulationId, Program, Rule, SectionAttribute,
    SectionId, Setting, SettingPlace, Source, SynapseId, Tree, VarId, VariableKind,
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

impl Program {
    /// The values that what a knob names has, one for each place that it reaches; nothing for what has none that stands somewhere.
    #[must_use]
    pub fn present(&self, knob: &Knob) -> Vec<Option<Expr>> {
        match knob {
            Knob::All(each) => each.iter().flat_map(|knob| self.present(knob)).collect(),
            Knob::Cell { population, at, variable } => at.iter().map(|at| self.of_cell(*population, *at, *variable)).collect(),
            Knob::Sections { population, sections, attribute } => {
                sections.iter().map(|section| self.of_section(*population, *section, *attribute)).collect()
            }
            one => vec![self.of_one(one)],
        }
    }

    fn of_one(&self, knob: &Knob) -> Option<Expr> {
        let value = |of: &Option<Attribute>| of.as_ref().map(|one| one.value.clone());
        match knob {
            Knob::Simulation(which) => {
                let all = &self.simulation;
                value(match which {
                    SimulationKnob::Duration => &all.duration,
                    SimulationKnob::Dt => &all.dt,
                    SimulationKnob::Celsius => &all.celsius,
                    SimulationKnob::VInit => &all.v_init,
                    SimulationKnob::Seed => &all.seed,
                })
            }
            Knob::CellParam { population, param } => {
                let population = self.populations.get(population.index())?;
                let own = population.params.iter().find(|(own, _)| own == param);
                own.map(|(_, one)| one.value.clone())
                    .or_else(|| value(&self.tree(population)?.params.get(param.index())?.default))
            }
            Knob::Synapse(id, variable) => {
                let synapse = self.synapses.get(id.index())?;
                self.set_or_usual(&synapse.settings, synapse.mechanism, *variable)
            }
            Knob::Electrode(at, variable) => {
                let electrode = self.electrodes.get(*at)?;
                self.set_or_usual(&electrode.settings, electrode.mechanism, *variable)
            }
            Knob::Weight(at) => value(&self.connections.get(*at)?.weight),
            Knob::Delay(at) => value(&self.connections.get(*at)?.delay),
            Knob::Rule(at) => match &self.connections.get(*at)?.rule {
                Rule::Probability(number) | Rule::Convergence(number) | Rule::Divergence(number) => Some(number.value.clone()),
                _ => None,
            },
            Knob::Source(at, variable) => match &self.connections.get(*at)?.source {
                Source::Generator { cell, settings, .. } => match &self.cells.get(cell.index())?.body {
                    CellBody::Free(mechanism) => self.set_or_usual(settings, *mechanism, *variable),
                    CellBody::Tree(_) => None,
                },
                Source::Cells(_) => None,
            },
            Knob::All(_) | Knob::Cell { .. } | Knob::Sections { .. } => None,
        }
    }

    fn tree(&self, population: &Population) -> Option<&Tree> {
        match &self.cells.get(population.cell.index())?.body {
            CellBody::Tree(tree) => Some(tree),
            CellBody::Free(_) => None,
        }
    }

    fn of_cell(&self, population: PopulationId, at: SettingPlace, variable: VarId) -> Option<Expr> {
        let population = self.populations.get(population.index())?;
        let (settings, mechanism): (&[Setting], MechanismId) = match (at, &self.cells.get(population.cell.index())?.body) {
            (SettingPlace::Own, CellBody::Free(mechanism)) => (&[], *mechanism),
            (SettingPlace::Insert(section, insert), CellBody::Tree(tree)) => {
                let insert = tree.sections.get(section.index())?.inserts.get(insert)?;
                (&insert.settings, insert.mechanism)
            }
            (SettingPlace::Synapse(synapse), CellBody::Tree(tree)) => {
                let synapse = tree.synapses.get(synapse)?;
                (&synapse.settings, synapse.mechanism)
            }
            _ => return None,
        };
        let own = population.settings.iter().filter(|own| own.at == at).map(|own| &own.setting);
        let all: Vec<Setting> = settings.iter().chain(own).cloned().collect();
        self.set_or_usual(&all, mechanism, variable)
    }

    fn of_section(&self, population: PopulationId, section: SectionId, attribute: SectionAttribute) -> Option<Expr> {
        let population = self.populations.get(population.index())?;
        let own = population.sections.iter().rfind(|(own, which, _)| (*own, *which) == (section, attribute));
        if let Some((.., own)) = own {
            return Some(own.value.clone());
        }
        let section = self.tree(population)?.sections.get(section.index())?;
        let given = match attribute {
            SectionAttribute::Length => &section.length,
            SectionAttribute::Diam => &section.diam,
            SectionAttribute::AxialResistivity => &section.axial_resistivity,
            SectionAttribute::Capacitance => &section.capacitance,
            SectionAttribute::Segments => &section.segments,
        };
        given.as_ref().map(|given| given.value.clone())
    }

    /// The last of its settings, or its default. What a state begins with is not what it is.
    fn set_or_usual(&self, settings: &[Setting], mechanism: MechanismId, variable: VarId) -> Option<Expr> {
        let usual = match &self.mechanisms.get(mechanism.index())?.variables.get(variable.index())?.kind {
            VariableKind::Param { default } => default.clone(),
            VariableKind::Input { base } => Some(base.clone()),
            _ => return None,
        };
        settings.iter().rfind(|own| own.variable == variable).map(|own| own.value.value.clone()).or(usual)
    }
}

fn put(settings: &mut Vec<Setting>, variable: VarId, value: Attribute) {
    settings.retain(|own| own.variable != variable);
    settings.push(Setting { variable, value });
}
