//! The kernel machine: straight-line programs run over blocks of instances in lanes, or over one instance. It knows nothing of mechanisms.

mod action;
pub mod code;
mod exec;
pub mod frame;
pub mod machine;
pub mod program;
