//! Files of other simulators become what the language itself would have made of them. Reads no files: texts come in, diagnostics and checked
//! mechanisms go out.

pub mod hoc;
pub mod morphology;
pub mod neuroml;
pub mod neuron;
pub mod nmodl;
pub mod python;
