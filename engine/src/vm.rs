//! The kernel machine: straight-line programs run over blocks of instances in lanes, or over one instance. It knows nothing of mechanisms.

mod action;
pub mod code;
mod draft;
mod exec;
pub mod frame;
mod fuse;
pub mod machine;
mod merge;
mod order;
pub mod program;
