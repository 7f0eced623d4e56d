//! The library: mechanisms, cells and functions in the language itself. No other code knows them by name.

/// Name and text of each file that is known without `use`.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("library/functions.net", include_str!("../library/functions.net")),
    ("library/channels.net", include_str!("../library/channels.net")),
    ("library/synapses.net", include_str!("../library/synapses.net")),
    ("library/junctions.net", include_str!("../library/junctions.net")),
    ("library/stimuli.net", include_str!("../library/stimuli.net")),
    ("library/artificial.net", include_str!("../library/artificial.net")),
    ("library/neurons.net", include_str!("../library/neurons.net")),
];

/// Name and text of each file that has to be used. `use std.a` brings `library/a.net` and all of the folder `library/a`, `use std.a.b` the file `library/a/b.net` alone.
pub(crate) const PARTS: &[(&str, &str)] = &[
    ("library/cells/connor_stevens_1977.net", include_str!("../library/cells/connor_stevens_1977.net")),
    ("library/cells/golomb_2007.net", include_str!("../library/cells/golomb_2007.net")),
    ("library/cells/hodgkin_huxley_1952.net", include_str!("../library/cells/hodgkin_huxley_1952.net")),
    ("library/cells/mainen_sejnowski_1996.net", include_str!("../library/cells/mainen_sejnowski_1996.net")),
    ("library/cells/morris_lecar_1981.net", include_str!("../library/cells/morris_lecar_1981.net")),
    ("library/cells/pinsky_rinzel_1994.net", include_str!("../library/cells/pinsky_rinzel_1994.net")),
    ("library/cells/pospischil_2008.net", include_str!("../library/cells/pospischil_2008.net")),
    ("library/cells/wang_buzsaki_1996.net", include_str!("../library/cells/wang_buzsaki_1996.net")),
    ("library/channels/common.net", include_str!("../library/channels/common.net")),
    ("library/channels/traub_2003.net", include_str!("../library/channels/traub_2003.net")),
    ("library/neural_mass/base.net", include_str!("../library/neural_mass/base.net")),
    ("library/neural_mass/izhikevich.net", include_str!("../library/neural_mass/izhikevich.net")),
    ("library/neural_mass/jansen_rit.net", include_str!("../library/neural_mass/jansen_rit.net")),
    ("library/neural_mass/plasticity.net", include_str!("../library/neural_mass/plasticity.net")),
    ("library/neural_mass/qif.net", include_str!("../library/neural_mass/qif.net")),
    ("library/neural_mass/theta.net", include_str!("../library/neural_mass/theta.net")),
    ("library/neural_mass/wilson_cowan.net", include_str!("../library/neural_mass/wilson_cowan.net")),
    ("library/oscillators/kuramoto.net", include_str!("../library/oscillators/kuramoto.net")),
    ("library/oscillators/limit_cycles.net", include_str!("../library/oscillators/limit_cycles.net")),
    ("library/synapses/noise.net", include_str!("../library/synapses/noise.net")),
    ("library/synapses/plasticity.net", include_str!("../library/synapses/plasticity.net")),
    ("library/synapses/receptors.net", include_str!("../library/synapses/receptors.net")),
];

/// The files of a part by its name, `channels` or `channels.traub_2003`; what of them is known without `use` is among them, where that is asked for.
pub(crate) fn part(name: &str, with_known: bool) -> Vec<&'static str> {
    let path = format!("library/{}", name.replace('.', "/"));
    let (file, folder) = (format!("{path}.net"), format!("{path}/"));
    let is_in = |path: &str| path == file || path.starts_with(&folder);
    let known = FILES.iter().filter(|_| with_known);
    known.chain(PARTS).map(|(path, _)| *path).filter(|path| is_in(path)).collect()
}

/// The text of a file.
pub(crate) fn text(path: &str) -> Option<&'static str> {
    FILES.iter().chain(PARTS).find(|(known, _)| *known == path).map(|(_, text)| *text)
}

/// The names of all parts that are a file.
pub(crate) fn names() -> Vec<String> {
    FILES.iter().chain(PARTS).filter_map(|(path, _)| name(path)).collect()
}

/// The name of a file as a part.
fn name(path: &str) -> Option<String> {
    Some(path.strip_prefix("library/")?.strip_suffix(".net")?.replace('/', "."))
}

/// The parts, with `std`, that have a mechanism or cell of this name and have to be used for it.
pub(crate) fn parts_with(wanted: &str) -> Vec<String> {
    let declares = |line: &str| {
        let rest = ["mechanism ", "point mechanism ", "cell "].iter().find_map(|word| line.strip_prefix(word));
        rest.and_then(|rest| rest.split(' ').next()) == Some(wanted)
    };
    let has = PARTS.iter().filter(|(_, text)| text.lines().any(declares));
    has.filter_map(|(path, _)| name(path)).map(|part| format!("std.{part}")).collect()
}
