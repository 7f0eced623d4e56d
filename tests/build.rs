//! From text to a plan: what is where, what it is given, who hears whom. The network of NetPyNE's tutorial against NetPyNE itself.

use bouton::build::{Knobs, Network, SpikeSource, build};
use bouton_engine::kernel::Input;
use bouton_engine::layout::connection_bytes;
use bouton_engine::plan::{Class, Placement, Pool, ProbeValue};
use bouton_engine::run::{Options, Simulation};
use bouton_engine::threads::Threads;
use bouton_lang::ir::{ParamId, Program, VarId};
use bouton_lang::{Diagnostic, NoFiles, check};
use links::links;

#[path = "reference/links.rs"]
mod links;
#[path = "build/lists.rs"]
mod lists;
#[path = "build/neuron.rs"]
mod neuron;
#[path = "build/refused.rs"]
mod refused;
#[path = "build/spots.rs"]
mod spots;
#[path = "build/tut2.rs"]
mod tut2;

fn program(text: &str) -> Program {
    let checked = check("test.net", text, &NoFiles);
    let told: Vec<String> = checked.diagnostics.iter().map(|d| format!("{} {} {:?}", d.code, d.message, d.span)).collect();
    checked.program.unwrap_or_else(|| panic!("{told:#?}"))
}

fn network(text: &str) -> Network {
    let told = |list: Vec<Diagnostic>| -> Vec<String> { list.into_iter().map(|d| format!("{} {}", d.code, d.message)).collect() };
    build(&program(text), &Knobs::default()).map_err(told).unwrap()
}

fn pools<'a>(class: &'a Class, name: &str) -> Vec<&'a Pool> {
    class.pools.iter().filter(|p| p.code.name == name).collect()
}

/// The row of a parameter, or the one value that all instances have.
fn values(program: &Program, pool: &Pool, name: &str) -> Vec<f64> {
    let mechanism = program.mechanisms.iter().find(|m| *m.name == *pool.code.name).unwrap();
    let id = VarId(mechanism.variables.iter().position(|v| &*v.name == name).unwrap() as u32);
    match pool.code.inputs.iter().position(|(input, _)| *input == Input::Variable(id)) {
        Some(k) => pool.inputs[k].clone(),
        None => match pool.code.value(id) {
            Some(bouton_engine::kernel::Place::Fixed(x)) => vec![x],
            other => panic!("{other:?}"),
        },
    }
}

fn class<'a>(network: &'a Network, name: &str) -> &'a Class {
    network.plan.classes.iter().find(|c| c.name == name).unwrap()
}

const BRANCHED: &str = "
cell Branched {
    section soma { L = 20 um, diam = 20 um
        insert hh
        insert pas { g = 0.1 mS/cm2 }
    }
    section dend { L = 300 um, diam = 2 um, nseg = 3
        connect soma(1)
        insert pas { g = 0.2 mS/cm2, e = -60 mV }
    }
    section tuft { L = 50 um, diam = 1 um, nseg = 2
        connect dend(0.5) at 1
        insert hh
        ena = 60 mV
    }
    synapse nmda: Exp2Syn at dend(1) { tau2 = 80 ms }
    synapse second: Exp2Syn at dend(0.5)
    spike at soma(0.5) above 0 mV
}
population p: Branched[3]
";

#[test]
fn a_tree_and_what_is_in_it() {
    let text = format!(
        "{BRANCHED}record v = p[1].tuft(0).v\nrecord m = p[2].soma(0.5).hh.m every 1 ms\nrecord g = p[0].nmda.A every 1 ms"
    );
    let (program, network) = (program(&text), network(&text));
    let class = class(&network, "Branched");
    let body = class.body.as_ref().unwrap();
    // hh alone, both, pas alone; then the soma's end (the dendrite hangs there) and the dendrite's end (a synapse sits there).
    let nodes = ["tuft(0.75)", "tuft(0.25)", "soma(0.5)", "dend(0.1667)", "dend(0.5)", "dend(0.8333)", "soma(1)", "dend(1)"];
    assert_eq!(body.names, nodes);
    assert_eq!(network.dropped, [2], "the soma's start and the tuft's free end");
    assert_eq!(body.parent, [4, 0, u32::MAX, 6, 3, 4, 2, 5]);
    assert_eq!(body.order, [1, 0, 7, 5, 4, 3, 6, 2]);
    assert_eq!(body.area[6..], [0.0, 0.0]);
    assert!((body.area[2] - 1256.6370614359173e-8).abs() < 1e-20);

    let [hh] = pools(class, "hh")[..] else { panic!() };
    assert_eq!(hh.placement, Placement::Nodes(vec![0, 1, 2]));
    // What all lanes have stands once for all of them.
    assert_eq!(values(&program, hh, "ena"), [60.0, 60.0, 50.0]);
    let [pas] = pools(class, "pas")[..] else { panic!() };
    assert_eq!(pas.placement, Placement::Nodes(vec![2, 3, 4, 5]));
    assert_eq!(values(&program, pas, "g")[..2], [1e-4, 2e-4]);
    assert_eq!(values(&program, pas, "e")[..2], [-70.0, -60.0]);

    let [synapses] = pools(class, "Exp2Syn")[..] else { panic!() };
    assert_eq!(synapses.placement, Placement::Nodes(vec![4, 7]));
    assert_eq!(values(&program, synapses, "tau2"), [10.0, 80.0]);
    let factor = synapses.code.inputs.iter().position(|(i, _)| *i == Input::Factor).unwrap();
    assert_eq!(synapses.inputs[factor], [1.0 / body.area[4], 1.0], "no area");
    assert_eq!([0, 2, 3, 5].map(|i| synapses.input(factor, i, 3)), [1.0 / body.area[4], 1.0 / body.area[4], 1.0, 1.0]);

    let probes: Vec<ProbeValue> = network.plan.recorders.iter().flat_map(|r| &r.probes).map(|p| p.value).collect();
    assert_eq!(probes[0], ProbeValue::Voltage { node: 1, lane: 1 }, "the dropped end reads as its neighbour");
    assert_eq!(network.plan.recorders.iter().map(|r| r.probes.len()).collect::<Vec<_>>(), [1, 2]);
    assert!(matches!(probes[1], ProbeValue::Row { instance: 8, .. }));
    assert!(matches!(probes[2], ProbeValue::Row { instance: 3, .. }));
    assert_eq!((network.records[2].recorder, network.records[2].terms[0]), (1, (1, 1)));
}

const POINT: &str = "
cell Point { section soma { L = 20 um, diam = 20 um ; insert pas } ; spike at soma(0.5) }
population a: Point[6]
population b: Point[4]
";

/// A synapse of the file: in every lane where at least half of the class has one, else where it is wanted.
#[test]
fn shared_synapses() {
    let most = network(&format!("{POINT}connect b -> a via ExpSyn at soma(0.5) {{ weight = 1 nS }}"));
    let [pool] = pools(class(&most, "Point"), "ExpSyn")[..] else { panic!() };
    assert_eq!((&pool.placement, pool.placement.count(10)), (&Placement::Nodes(vec![0]), 10));
    assert_eq!(links(&most.plan).iter().filter(|l| l.source == 6).map(|l| l.instance).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);

    let few = network(&format!("{POINT}connect a -> b via ExpSyn at soma(0.5) {{ weight = 1 nS }}"));
    let [pool] = pools(class(&few, "Point"), "ExpSyn")[..] else { panic!() };
    assert_eq!(pool.placement, Placement::Scattered(vec![(0, 6), (0, 7), (0, 8), (0, 9)]));
    assert_eq!(links(&few.plan).iter().filter(|l| l.source == 0).map(|l| l.instance).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

/// With `per connection` one each; where every lane has exactly one, in every lane.
#[test]
fn synapses_per_connection() {
    let text = format!("{POINT}connect a -> b via ExpSyn at soma(0.5) per connection {{ convergence = 2, weight = 1 nS }}");
    let network = network(&text);
    let [pool] = pools(class(&network, "Point"), "ExpSyn")[..] else { panic!() };
    assert_eq!(pool.placement, Placement::Scattered([6, 6, 7, 7, 8, 8, 9, 9].map(|lane| (0, lane)).to_vec()));
    let mut instances: Vec<u32> = links(&network.plan).iter().map(|l| l.instance).collect();
    instances.sort_unstable();
    assert_eq!(instances, [0, 1, 2, 3, 4, 5, 6, 7]);

    let one = self::network(&format!(
        "{POINT}connect a, b -> a, b via ExpSyn at soma(0.5) per connection {{ convergence = 1, weight = 1 nS }}"
    ));
    let [pool] = pools(class(&one, "Point"), "ExpSyn")[..] else { panic!() };
    assert_eq!(pool.placement, Placement::Nodes(vec![0]));
    let mut instances: Vec<u32> = links(&one.plan).iter().map(|l| l.instance).collect();
    instances.sort_unstable();
    assert_eq!(instances, (0..10).collect::<Vec<_>>(), "instance = lane");
}

#[test]
fn electrodes() {
    let text = format!(
        "{POINT}stimulate b[1], a[2] with IClamp {{ duration = 1 ms, amplitude = 0.1 nA * (1 + post.index) }} at soma(0.5)\n\
         stimulate a, b with IClamp {{ duration = 2 ms, amplitude = 0.2 nA }} at soma(0.5)"
    );
    let (program, network) = (program(&text), network(&text));
    let [every, some] = pools(class(&network, "Point"), "IClamp")[..] else { panic!() };
    assert_eq!(every.placement, Placement::Nodes(vec![0]));
    assert_eq!(some.placement, Placement::Scattered(vec![(0, 2), (0, 7)]));
    let nano = |list: Vec<f64>| list.iter().map(|x| (x * 1e6 * 1e9).round() / 1e9).collect::<Vec<_>>();
    assert_eq!(nano(values(&program, some, "amplitude")), [0.3, 0.2]);
    assert_eq!(values(&program, some, "duration"), [1.0]);
}

/// What a population sets; where another of the same class does not, the declaration or the default holds.
#[test]
fn cells_that_differ() {
    let text = "
        cell Point { section soma { insert pas { e = -60 mV } } ; spike at soma(0.5) }
        population a: Point[2]
        population b: Point[3] { soma.pas.g = uniform(1 mS/cm2, 2 mS/cm2), soma.pas.e = -50 mV - 1 mV * index }
        population c: Point[1]
    ";
    let (program, network) = (program(text), network(text));
    let [pas] = pools(class(&network, "Point"), "pas")[..] else { panic!() };
    assert_eq!(values(&program, pas, "e"), [-60.0, -60.0, -50.0, -51.0, -52.0, -60.0]);
    let g = values(&program, pas, "g");
    assert_eq!([g[0], g[1], g[5]], [1e-3; 3]);
    assert!(g[2..5].iter().all(|g| (1e-3..2e-3).contains(g)) && g[2] != g[3]);
}

/// Nothing that stands in the network changes when populations and statements are added.
#[test]
fn additions_leave_the_rest_alone() {
    let small = format!(
        "{POINT}connect a -> b via ExpSyn at soma(0.5) {{ probability = 0.5, weight = lognormal(1 nS, 0.5 nS), delay = 1 ms + distance / (0.3 m/s) }}\n\
         stimulate Point with NetStim {{ rate = uniform(5 Hz, 20 Hz), noise = 1 }} via ExpSyn at soma(0.5) {{ weight = 1 nS }}"
    );
    let large = format!(
        "population first: Point[5]\n{small}\npopulation last: Point[2]\nconnect last -> b via ExpSyn at soma(0.5) {{ weight = 2 nS }}\n"
    );
    let named = |text: &str| {
        let network = network(text);
        let name = |source: u32| match network.source(source) {
            Some(SpikeSource::Cell(p, index)) => format!("{}[{index}]", network.cells.populations[p].name),
            Some(SpikeSource::Stimulus(class, lane)) => network.plan.classes[class].cells.get(lane as usize).unwrap(),
            None => panic!(),
        };
        let old = |name: &str| ["a[", "b[", "NetStim of a[", "NetStim of b["].iter().any(|p| name.starts_with(p));
        let mut made: Vec<_> =
            links(&network.plan).iter().map(|l| (name(l.source), l.weight.to_bits(), l.delay.to_bits())).collect();
        made.retain(|l| old(&l.0));
        made.sort();
        let stim = class(&network, "NetStim");
        let [pool] = &stim.pools[..] else { panic!() };
        let rates = values(&program(text), pool, "rate");
        let mut streams: Vec<_> =
            stim.cells.iter().zip(pool.streams.iter().map(|s| s.0)).zip(rates.iter().map(|r| r.to_bits())).collect();
        streams.retain(|s| old(&s.0.0));
        streams.sort();
        (made, streams)
    };
    let (before, after) = (named(&small), named(&large));
    assert!(before.0.len() > 20 && before.1.len() == 10);
    assert_eq!(before, after);
}

#[test]
fn the_same_program_gives_the_same_plan() {
    let text = format!("{POINT}connect a -> b via ExpSyn at soma(0.5) {{ probability = 0.5, weight = lognormal(1 nS, 0.5 nS) }}");
    let of = |seed| {
        let network = build(&program(&text), &Knobs { seed, ..Knobs::default() }).unwrap();
        format!("{:?} {:?}", network.plan, network.cells)
    };
    assert_eq!(of(None), of(Some(1)));
    assert_ne!(of(None), of(Some(2)));
}

/// However many threads build it: rules that go by receiver and by sender, values that differ, synapses made for connections.
#[test]
fn threads_build_the_same_plan() {
    let text = format!(
        "{POINT}
        connect a, b -> b, a via ExpSyn at soma(0.5) {{ probability = 0.6, weight = lognormal(1 nS, 0.5 nS), delay = uniform(1 ms, 2 ms) }}
        connect b -> a via ExpSyn at soma(0.5) {{ divergence = 4, weight = uniform(1 nS, 2 nS) }}
        connect a -> b via ExpSyn at soma(0.5) per connection {{ convergence = 3, weight = 1 nS, delay = 1 ms, tau = uniform(1 ms, 2 ms) }}"
    );
    let program = program(&text);
    let of = |threads| {
        let threads = Threads::new(threads).unwrap();
        threads.within(|| format!("{:?}", build(&program, &Knobs::default()).unwrap().plan))
    };
    for threads in [2, 3, 40] {
        assert_eq!(of(threads), of(1), "{threads} threads");
    }
}

/// Sets: lists, ranges, `where`, a cell named twice.
#[test]
fn sets() {
    let sources = |set: &str| {
        let network = network(&format!("{POINT}connect {set} -> b[0] via ExpSyn at soma(0.5) {{ weight = 1 nS }}"));
        links(&network.plan).iter().map(|l| l.source).collect::<Vec<_>>()
    };
    assert_eq!(sources("a[1 .. 3]"), [1, 2, 3]);
    assert_eq!(sources("a[1, 4]"), [1, 4]);
    assert_eq!(sources("a[2], a[1 .. 2], b[3]"), [1, 2, 9]);
    assert_eq!(sources("a where index >= 4"), [4, 5]);
}

/// What a connection takes in plan and engine, whatever rule gives its weight and its delay.
#[test]
fn bytes_of_a_connection() {
    let bytes = |attributes: &str| {
        let network = network(&format!("{POINT}connect a -> b via ExpSyn at soma(0.5) {{ {attributes} }}"));
        let [projection] = &network.plan.projections[..] else { panic!() };
        projection.bytes() + connection_bytes(projection)
    };
    assert_eq!(bytes("probability = 0.5, weight = 1 nS, delay = 2 ms"), 8);
    assert_eq!(bytes("convergence = 3, weight = uniform(1 nS, 2 nS), delay = 2 ms"), 20);
    assert_eq!(bytes("weight = lognormal(1 nS, 0.5 nS), delay = 1 ms + distance / (0.3 m/s)"), 28);
}

/// `count` is known before anything runs.
#[test]
fn counts_in_attributes() {
    let network = network(&format!("{POINT}connect a -> b via ExpSyn at soma(0.5) {{ weight = 6 nS / count(a, b) }}"));
    assert!((links(&network.plan)[0].weight * 1e9 - 0.6).abs() < 1e-12);
}

/// Initial values that are set for some cells; the others have their mechanism's own.
#[test]
fn initial_values() {
    let text = "
        cell Lif {
            param tau = 10 ms, rest = -65 mV
            state v = rest + 1 mV
            v' = (rest - v) / tau
            on v > 1 mV { v = rest; spike }
        }
        population a: Lif[2] { v = -50 mV - 1 mV * index }
        population b: Lif[2] { rest = -70 mV }
        record v = a.v
        record w = b.v
    ";
    let network = network(text);
    let simulation = run(&network, 0.0);
    let first: Vec<f64> = simulation.recording().traces[0].values.iter().map(|v| v[0]).collect();
    assert_eq!(first, [-50.0, -51.0, -69.0, -69.0]);
}

fn run(network: &Network, ms: f64) -> Simulation {
    let mut simulation = Simulation::new(network.plan.clone(), &Options::default()).unwrap();
    simulation.start();
    simulation.advance(ms, &mut |_| true).unwrap();
    simulation
}

fn turned(text: &str, knobs: &[f64]) -> Result<Network, Vec<Diagnostic>> {
    let params = (0..).map(ParamId).zip(knobs.iter().copied()).collect();
    build(&program(text), &Knobs { params, ..Knobs::default() })
}
