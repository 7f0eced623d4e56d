//! The name that was probably meant. Knows no scopes: the caller brings the candidates.

/// The candidate nearest to `name`, if near enough to be a slip of the pen; the first of equals.
///
/// A transposition counts as one slip; a name of up to three letters may have one, up to seven two, a longer one three.
/// A difference in upper and lower case alone is always near.
pub fn did_you_mean<'a, I, S>(name: &str, candidates: I) -> Option<&'a str>
where
    I: IntoIterator<Item = &'a S>,
    S: AsRef<str> + ?Sized + 'a,
{
    let length = name.chars().count();
    let limit = match length {
        0 | 1 => 0,
        2 | 3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().map(AsRef::as_ref) {
        let slips = slips(name, candidate, length, limit);
        if slips.is_some_and(|slips| best.is_none_or(|(least, _)| slips < least)) {
            best = slips.map(|slips| (slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Number of slips between two names if at most `limit`; lengths are compared first because they cost nothing.
fn slips(name: &str, candidate: &str, length: usize, limit: usize) -> Option<usize> {
    if candidate == name {
        return None;
    }
    if candidate.eq_ignore_ascii_case(name) {
        return Some(0);
    }
    if candidate.chars().count().abs_diff(length) > limit {
        return None;
    }
    Some(strsim::osa_distance(name, candidate)).filter(|&slips| slips <= limit)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn finds_slips_and_nothing_else() {
        let names = ["probability", "weight", "delay", "gnabar", "v"];
        assert_eq!(did_you_mean("probabilty", &names), Some("probability"));
        assert_eq!(did_you_mean("gnabarr", &names), Some("gnabar"));
        assert_eq!(did_you_mean("V", &names), Some("v"));
        assert_eq!(did_you_mean("wieght", &names), Some("weight"));
        assert_eq!(did_you_mean("u", &names), None);
        assert_eq!(did_you_mean("conductance", &names), None);
    }
}
