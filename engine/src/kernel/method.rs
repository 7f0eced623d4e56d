//! How states advance, one method a file.

pub mod derivimplicit;
