//! Networks: populations, synapses of the file, connections, stimuli, and the sets of cells that they speak of.

pub(super) mod connect;
mod connection;
mod edge;
mod inflow;
pub(super) mod junction;
mod layout;
mod list;
pub(super) mod names;
pub(super) mod path;
pub(in crate::check) mod percell;
pub(super) mod population;
pub(super) mod port;
mod rate;
pub(super) mod set;
pub(super) mod spikes;
mod spread;
pub(super) mod stimulate;
pub(super) mod synapse;
pub(super) mod table;

use bouton_model::ir::MechanismId;

/// Stands for a mechanism that is unknown or broken, which has been reported; the program is not used then.
pub(super) const NO_MECHANISM: MechanismId = MechanismId(u32::MAX);
