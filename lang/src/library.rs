//! The library: mechanisms, cells and functions in the language itself, known without `use`. No other code knows them by name.

/// Name and text of each file.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("library/functions.net", include_str!("../library/functions.net")),
    ("library/channels.net", include_str!("../library/channels.net")),
    ("library/synapses.net", include_str!("../library/synapses.net")),
    ("library/junctions.net", include_str!("../library/junctions.net")),
    ("library/stimuli.net", include_str!("../library/stimuli.net")),
    ("library/artificial.net", include_str!("../library/artificial.net")),
    ("library/neurons.net", include_str!("../library/neurons.net")),
];
