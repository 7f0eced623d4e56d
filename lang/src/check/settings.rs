//! Braces that set parameters and initial values of a mechanism.

use super::attributes::{given_twice, suggest};
use super::cell::OF_MECHANISMS;
use super::expr::{Ctx, check_expr};
use super::mechanism::given;
use super::value::quantity;
use super::{Checker, Known};
use bouton_model::ir::{Attribute, Expr, MechanismId, Setting, VarId, Variable, VariableKind};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{Attr, AttrBlock, Expr as Expression, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// What braces set of a mechanism, which becomes a copy of it where they give a table; a parameter without a value anywhere is reported at `place`.
    pub fn settings(
        &mut self,
        block: Option<&'a AttrBlock>,
        mechanism: &mut MechanismId,
        known: Known,
        place: Span,
    ) -> Vec<Setting> {
        let tables = self.given_tables(block, *mechanism, known);
        *mechanism = self.filled(*mechanism, &tables);
        self.settings_of_numbers(block, *mechanism, known, place)
    }

    /// What braces set of equations that all who have them share: no tables.
    pub fn settings_of_shared(
        &mut self,
        block: Option<&'a AttrBlock>,
        mechanism: MechanismId,
        known: Known,
        place: Span,
    ) -> Vec<Setting> {
        for attr in block.iter().flat_map(|block| &block.items) {
            if self.table_of(attr, mechanism).is_some() {
                let wrong = Diagnostic::new(Code::WrongArguments, attr.span, "a table is given where its cell is declared");
                let help = "give it a default: `param f(x) = table(...)`, in this cell or in one that extends it";
                self.diagnostics.push(wrong.help(help));
            }
        }
        self.settings_of_numbers(block, mechanism, known, place)
    }

    fn settings_of_numbers(
        &mut self,
        block: Option<&'a AttrBlock>,
        mechanism: MechanismId,
        known: Known,
        place: Span,
    ) -> Vec<Setting> {
        let all = self.given_settings(block, mechanism, known);
        self.missing(mechanism, &all, place);
        all.into_iter().filter(|setting| setting.value.span != Span::default()).collect()
    }

    /// What braces set of a mechanism. Those of which something was reported stand there without a value.
    pub fn given_settings(&mut self, block: Option<&'a AttrBlock>, mechanism: MechanismId, known: Known) -> Vec<Setting> {
        let mut all: Vec<Setting> = Vec::new();
        let mut given: Vec<(VarId, Span)> = Vec::new();
        for attr in block.iter().flat_map(|block| &block.items) {
            if self.table_of(attr, mechanism).is_some() {
                continue;
            }
            let Some(variable) = self.settable_attr(attr, mechanism) else { continue };
            if let Some((_, first)) = given.iter().find(|(known, _)| *known == variable) {
                self.diagnostics.push(given_twice(attr.name().map_or("", |name| name), attr.path.span, *first));
                continue;
            }
            given.push((variable, attr.path.span));
            let broken = || Setting { variable, value: Attribute { value: Expr::Number(f64::NAN), span: Span::default() } };
            let setting = self.setting(attr, mechanism, variable, known);
            all.push(setting.unwrap_or_else(broken));
        }
        self.plausible_settings(mechanism, &all);
        all
    }

    /// The value of one setting.
    pub fn setting(&mut self, attr: &'a Attr, mechanism: MechanismId, variable: VarId, known: Known) -> Option<Setting> {
        let declared = self.variable(mechanism, variable)?;
        let name = declared.name.clone();
        if attr.bare && !self.is_broken(mechanism, variable) {
            let bare = Diagnostic::new(Code::WrongArguments, attr.span, format!("`{name}` has no value"));
            self.diagnostics.push(bare.help(format!("write `{name} = ...`")));
            return None;
        }
        self.setting_of(&attr.value, mechanism, variable, known)
    }

    /// A setting of this value.
    pub fn setting_of(
        &mut self,
        value: &'a Expression,
        mechanism: MechanismId,
        variable: VarId,
        known: Known,
    ) -> Option<Setting> {
        let declared = self.variable(mechanism, variable)?;
        let (name, dimension) = (format!("`{}`", declared.name), declared.dimension);
        if self.is_broken(mechanism, variable) {
            // Its dimension is not known; the value may have faults of its own.
            self.within(known, |_, ctx| check_expr(value, ctx));
            return None;
        }
        if self.program.mechanisms.get(mechanism.index()).is_some_and(|checked| checked.lists(variable)) {
            let value = self.within(known, |_, ctx| times(value, dimension, &name, ctx))?;
            return Some(Setting { variable, value });
        }
        let value = self.within_time(known, |ctx| quantity(value, dimension, &name, ctx))?;
        self.knows_places(&value, &name, OF_MECHANISMS).then_some(Setting { variable, value })
    }

    pub(super) fn settable_attr(&mut self, attr: &Attr, mechanism: MechanismId) -> Option<VarId> {
        match &attr.path.kind {
            ExprKind::Name(name) => self.settable(name, attr.path.span, mechanism),
            ExprKind::Error => None,
            ExprKind::Index { base, indices } if element(base, indices).is_some() => {
                self.settable(&element(base, indices)?, attr.path.span, mechanism)
            }
            _ => {
                let message = "a parameter in these braces is a plain name, not a path";
                self.diagnostics.push(Diagnostic::new(Code::UnknownParameter, attr.path.span, message));
                None
            }
        }
    }

    /// The parameter or state of a name; anything else is reported.
    pub fn settable(&mut self, name: &str, span: Span, mechanism: MechanismId) -> Option<VarId> {
        let checked = self.program.mechanisms.get(mechanism.index())?;
        let found = checked.variables.iter().position(|variable| &*variable.name == name);
        let settable = |variable: &&Variable| {
            matches!(variable.kind, VariableKind::Param { .. } | VariableKind::Input { .. } | VariableKind::State { .. })
        };
        if let Some(at) = found
            && checked.variables.get(at).as_ref().is_some_and(settable)
        {
            return Some(VarId(u32::try_from(at).ok()?));
        }
        if self.is_refused(mechanism) {
            return None;
        }
        let names: Vec<&str> = checked.variables.iter().filter(settable).map(|variable| &*variable.name).collect();
        let is_table = |at: usize| checked.variables.get(at).is_some_and(|one| matches!(one.kind, VariableKind::Table { .. }));
        let message = match found {
            Some(at) if is_table(at) => {
                format!("`{name}` of `{}` is a table, and given in the braces of the mechanism", checked.name)
            }
            Some(_) => format!("`{name}` of `{}` is computed and cannot be set", checked.name),
            None => format!("`{}` has no parameter `{name}`", checked.name),
        };
        let unknown = suggest(Diagnostic::new(Code::UnknownParameter, span, message), name, span, &names);
        self.diagnostics.push(unknown);
        None
    }

    /// A variable of a mechanism.
    pub fn variable(&self, mechanism: MechanismId, variable: VarId) -> Option<&Variable> {
        self.program.mechanisms.get(mechanism.index())?.variables.get(variable.index())
    }

    /// Reports parameters that must be given and are not.
    pub fn missing(&mut self, mechanism: MechanismId, given: &[Setting], place: Span) {
        let Some(checked) = self.program.mechanisms.get(mechanism.index()) else { return };
        let mut missing = Vec::new();
        for (at, variable) in checked.variables.iter().enumerate() {
            if let VariableKind::Table { curve: None, .. } = &variable.kind
                && !self.is_broken(mechanism, VarId(at as u32))
            {
                missing.push(given::missing(&checked.name, &variable.name, place));
            }
            let needs = matches!(variable.kind, VariableKind::Param { default: None });
            if needs && !given.iter().any(|one| one.variable.index() == at) {
                missing.push(
                    Diagnostic::new(
                        Code::MissingParameter,
                        place,
                        format!("`{}` needs a value for `{}`", checked.name, variable.name),
                    )
                    .help(format!("set it in the braces: `{{ {} = ... }}`", variable.name)),
                );
            }
        }
        for one in missing {
            self.diagnostics.push(one);
        }
    }
}

/// `amp[3]`, an element of an array that a file of NMODL declares: each is a parameter of that name.
fn element(base: &Expression, indices: &[Expression]) -> Option<String> {
    match (&base.kind, indices) {
        (ExprKind::Name(name), [Expression { kind: ExprKind::Number(at), .. }]) => Some(format!("{name}[{at}]")),
        _ => None,
    }
}

/// Times that a parameter lists: a list of them, or one.
fn times(value: &Expression, dimension: Dimension, what: &str, ctx: &mut Ctx<'_>) -> Option<Attribute> {
    let list = match &value.kind {
        ExprKind::List(list) => {
            list.iter().map(|one| Some(quantity(one, dimension, what, ctx)?.value)).collect::<Option<Vec<Expr>>>()?
        }
        ExprKind::Range(_) => {
            let wrong = Diagnostic::new(Code::NotANumber, value.span, format!("{what} takes a list, not a range"));
            ctx.sink.push(wrong.help("write the times one by one: `[10 ms, 20 ms, 30 ms]`"));
            return None;
        }
        _ => vec![quantity(value, dimension, what, ctx)?.value],
    };
    Some(Attribute { value: Expr::List(list), span: value.span })
}
