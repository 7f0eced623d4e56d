//! The pages of `lang/errors/`, one for each code, for `bouton explain CODE`.

use bouton_syntax::Code;

/// Embeds the pages of the codes.
macro_rules! pages {
    ($($code:literal)*) => {
        /// Code and page, in the order of the codes.
        const PAGES: &[(&str, &str)] = &[$(($code, include_str!(concat!("../errors/", $code, ".md")))),*];
    };
}

pages! {}

/// The page of a code: what it is about, why, an example that fails and the same one mended.
#[must_use]
pub fn page(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == code.text()).map(|(_, page)| *page)
}
