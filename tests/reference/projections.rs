//! Projections of connections that are given one by one.

use super::links::Link;
use bouton_engine::plan::{Projection, Values};

/// A projection for each handler that some of the links reach, with what they share kept once.
pub fn projections(links: &[Link]) -> Vec<Projection> {
    let mut all: Vec<Vec<Link>> = Vec::new();
    for link in links {
        let same = |l: &Link| (l.class, l.pool, l.handler) == (link.class, link.pool, link.handler);
        match all.iter_mut().find(|group| same(&group[0])) {
            Some(group) => group.push(*link),
            None => all.push(vec![*link]),
        }
    }
    all.into_iter().map(projection).collect()
}

fn projection(mut links: Vec<Link>) -> Projection {
    links.sort_by_key(|l| l.source);
    let Link { class, pool, handler, .. } = links[0];
    let delay = values(links.iter().map(|l| l.delay).collect());
    let arguments = vec![values(links.iter().map(|l| l.weight).collect())];
    let projection = Projection { class, pool, handler, delay, arguments, ..Projection::default() };
    projection.joining(links.iter().map(|l| (l.source, l.instance)).collect())
}

fn values(all: Vec<f64>) -> Values {
    if all.iter().all(|x| *x == all[0]) { Values::Same(all[0]) } else { Values::Each(all) }
}
