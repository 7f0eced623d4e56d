//! Spares copies: a value that only waits in a slot to be stored is computed where it is to be stored. No operation is changed.

use super::action::Step;
use super::draft::Draft;
use super::program::Op;

/// Removes the stores that can be spared.
pub(super) fn merge(draft: &mut Draft<'_>) {
    let mut k = 0;
    while k < draft.steps.len() {
        if draft.steps[k].op == Op::Store && spare(draft, k) {
            draft.steps.remove(k);
        } else {
            k += 1;
        }
    }
}

/// Redirects the value that step `store` stores to its row from the beginning; false, and nothing changed, where somebody would see the difference.
fn spare(draft: &mut Draft<'_>, store: usize) -> bool {
    let Step { a: slot, dst: row, .. } = draft.steps[store];
    let Some(maker) = draft.maker(store, slot).filter(|_| draft.is_private(slot)) else { return false };
    let last = draft.last_reader(maker, slot).unwrap_or(store).max(store);
    let old_is_read = (maker + 1..store).any(|k| draft.reads(k, row) || draft.writes(k, row));
    // The last reader may itself write the row: it reads first.
    let new_is_lost = (store + 1..last).any(|k| draft.writes(k, row));
    if draft.steps[maker].op == Op::Table || old_is_read || new_is_lost {
        return false;
    }
    draft.steps[maker].dst = row;
    for step in &mut draft.steps[maker + 1..=last] {
        step.redirect(slot, row);
    }
    true
}
