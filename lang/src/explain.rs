//! The pages of `lang/errors/`, one for each code, for `bouton explain CODE`.

use bouton_syntax::Code;

/// Embeds the pages of the codes.
macro_rules! pages {
    ($($code:literal)*) => {
        /// Code and page, in the order of the codes.
        const PAGES: &[(&str, &str)] = &[$(($code, include_str!(concat!("../errors/", $code, ".md")))),*];
    };
}

pages! {
    "E0201" "E0202" "E0220" "E0221" "E0222" "E0223"
    "E0301" "E0302" "E0303" "E0304" "E0305" "E0306"
    "E0440" "E0441" "E0442" "E0443" "E0444" "E0445" "E0446" "E0447" "E0448" "E0449" "E0450" "E0451" "E0452" "E0453" "E0454" "E0455" "E0456" "E0457"
}

/// The page of a code: what it is about, why, an example that fails and the same one mended.
#[must_use]
pub fn page(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == code.text()).map(|(_, page)| *page)
}
