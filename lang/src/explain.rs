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
    "E0101" "E0101" "E0102" "E0103" "E0104" "E0105" "E0106" "E0107" "E0108" "E0109" "E0110" "E0111" "E0112"
    "E0113" "E0114" "E0115" "E0116" "E0117" "E0201" "E0202" "E0203" "E0204" "E0205" "E0206" "E0207" "E0208"
    "E0209" "E0210" "E0211" "E0212" "E0220" "E0221" "E0222" "E0223" "E0301" "E0302" "E0303" "E0304" "E0305"
    "E0306" "E0401" "E0402" "E0403" "E0404" "E0405" "E0406" "E0407" "E0408" "E0409" "E0410" "E0411" "E0412"
    "E0413" "E0414" "E0415" "E0416" "E0440" "E0441" "E0442" "E0443" "E0444" "E0445" "E0446" "E0447" "E0448"
    "E0449" "E0450" "E0451" "E0452" "E0453" "E0454" "E0455" "E0456" "E0457" "E0458" "E0501" "E0502" "E0503" "E0504"
    "E0510" "E0511" "E0512" "E0513" "E0514" "E0601" "E0602" "E0603" "E0604" "E0610" "E0701" "E0702" "E0901" "E0902"
    "W0101" "W0201" "W0202" "W0301" "W0401" "W0402" "W0501"
}

/// The page of a code: what it is about, why, an example that fails and the same one mended.
#[must_use]
pub fn page(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == code.text()).map(|(_, page)| *page)
}
