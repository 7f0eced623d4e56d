//! Ions as mechanisms of their own: where a concentration can change, the reversal potential is computed anew before the currents of each step.

use super::{Inside, Ion, Ions, Outside, Reversal};
use crate::build::points::In;
use bouton_engine::kernel::{self, Input, KernelError, Mode, Setting};
use bouton_engine::plan::{Placement, Pool};
use bouton_model::builtin::Function;
use bouton_model::ir::{
    Expr, IonQuantity, Mechanism, MechanismKind, Name, Span, Var, VarId, Variable, VariableKind, Write, WritePhase,
};
use bouton_model::unit::Dimension;
use std::sync::Arc;

const INSIDE: VarId = VarId(0);
const OUTSIDE: VarId = VarId(1);
const REVERSAL: VarId = VarId(2);

impl Ions<'_> {
    /// Pools that act before all others.
    ///
    /// # Errors
    /// None that is known.
    pub fn pools(&self, setting: &Setting) -> Result<Vec<Pool>, KernelError> {
        let mut pools = Vec::new();
        for ion in self.all.iter().filter(|ion| ion.rows.contains_key(&Reversal)) {
            let (mut whole, mut parts) = (Vec::new(), Vec::new());
            for (node, lanes) in ion.advancing(self.lanes) {
                match lanes {
                    In::Every => whole.push(node),
                    In::Some(lanes) => parts.extend(lanes.into_iter().map(|lane| (node, lane))),
                }
            }
            if !whole.is_empty() {
                pools.push(self.pool(ion, setting, Placement::Nodes(whole))?);
            }
            if !parts.is_empty() {
                pools.push(self.pool(ion, setting, Placement::Scattered(parts))?);
            }
        }
        Ok(pools)
    }

    fn pool(&self, ion: &Ion, setting: &Setting, placement: Placement) -> Result<Pool, KernelError> {
        let places: Vec<(u32, u32)> = match &placement {
            Placement::Nodes(nodes) => {
                let differs = nodes.iter().any(|node| ion.differs(*node));
                let lanes = if differs { self.lanes as u32 } else { 1 };
                nodes.iter().flat_map(|node| (0..lanes).map(move |lane| (*node, lane))).collect()
            }
            Placement::Scattered(places) => places.clone(),
            Placement::Free => Vec::new(),
        };
        let row = |quantity: IonQuantity| places.iter().map(|at| ion.value(quantity, *at)).collect::<Vec<_>>();
        let given = |input| match input {
            Input::Variable(INSIDE) => Some(Inside),
            Input::Variable(OUTSIDE) => Some(Outside),
            Input::Variable(REVERSAL) => Some(Reversal),
            _ => None,
        };
        let mode = |input| {
            let Some(quantity) = given(input) else { return Mode::Fixed(0.0) };
            match (ion.rows.get(&quantity), row(quantity)) {
                (Some(row), _) => Mode::Shared(*row),
                (None, row) if row.iter().all(|x| row.first() == Some(x)) => Mode::Fixed(row.first().copied().unwrap_or(0.0)),
                (None, _) => Mode::PerInstance,
            }
        };
        let scattered = matches!(placement, Placement::Scattered(_));
        let code = kernel::compile(&mechanism(&ion.name, ion.valence), &Setting { scattered, ..*setting }, &mode)?;
        let inputs = code.inputs.iter().map(|(input, _)| given(*input).map(row).unwrap_or_default()).collect();
        Ok(Pool { code: Arc::new(code), placement, inputs, streams: Vec::new(), sources: Vec::new() })
    }
}

/// `e = nernst(inside, outside, valence)`
fn mechanism(ion: &Name, valence: f64) -> Mechanism {
    let own = |id| Expr::Var(Var::Own(id));
    let variable = |name: String, kind| Variable { name: name.into(), span: Span::default(), dimension: Dimension::NONE, kind };
    let read = |quantity: IonQuantity| variable(quantity.name(ion), VariableKind::Ion { ion: ion.clone(), quantity });
    let potential = Expr::Call(Function::Nernst, vec![own(INSIDE), own(OUTSIDE), Expr::Number(valence)]);
    let write = Write { variable: REVERSAL, ion: ion.clone(), quantity: Reversal, phase: WritePhase::Currents };
    Mechanism {
        variables: vec![read(Inside), read(Outside), variable(Reversal.name(ion), VariableKind::Let { value: potential })],
        writes: vec![write],
        ..Mechanism::empty(format!("{ion} ion").into(), Span::default(), MechanismKind::Density)
    }
}
