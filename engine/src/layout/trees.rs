//! Trees made ready for solving. Blocks of cells of one size share theirs.

use super::pieces::Piece;
use crate::cable::Cable;
use crate::plan::Body;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Those of each class that are known.
#[derive(Default)]
pub struct Trees(HashMap<usize, Vec<Ready>>);

/// The cable where these nodes' diagonals are fixed.
struct Ready {
    fixed: Vec<bool>,
    cable: Arc<Cable>,
}

impl Trees {
    /// The body of some lanes, and its cable where these nodes are fixed: see [`Cable::fix`].
    ///
    /// # Errors
    /// A tree that is none.
    pub fn of<'b>(&mut self, body: &'b Body, piece: Piece, fixed: &[bool]) -> Result<(Cow<'b, Body>, Arc<Cable>), String> {
        if body.differs() {
            let own = body.part(piece.first, piece.lanes);
            let cable = cable(&own, fixed)?;
            return Ok((Cow::Owned(own), cable));
        }
        let known = self.0.entry(piece.class).or_default();
        if let Some(ready) = known.iter().find(|ready| ready.fixed == fixed) {
            return Ok((Cow::Borrowed(body), Arc::clone(&ready.cable)));
        }
        let cable = cable(body, fixed)?;
        known.push(Ready { fixed: fixed.to_vec(), cable: Arc::clone(&cable) });
        Ok((Cow::Borrowed(body), cable))
    }
}

fn cable(body: &Body, fixed: &[bool]) -> Result<Arc<Cable>, String> {
    let mut cable = Cable::new(&body.parent, &body.order, &body.a, &body.b).ok_or("a body that is not a tree")?;
    cable.fix(fixed);
    Ok(Arc::new(cable))
}
