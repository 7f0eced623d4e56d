//! From a mechanism's equations to its code.

use super::{Input, KernelError, MechanismCode, Mode, Setting};
use bouton_model::ir::Mechanism;

pub(super) fn compile(
    mechanism: &Mechanism,
    _setting: &Setting,
    _mode: &dyn Fn(Input) -> Mode,
) -> Result<MechanismCode, KernelError> {
    Err(KernelError { message: "not yet".into(), span: mechanism.span })
}
