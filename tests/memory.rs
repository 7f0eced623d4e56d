//! What networks take beside the rows of their cells: bytes are counted where they are allocated. What is the same for all copies of a cell is there once.

use bouton::build::{Knobs, build};
use bouton_engine::layout::bytes_per_lane;
use bouton_engine::run::{Options, Simulation};
use bouton_lang::{NoFiles, World, check, fits};
use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, which keeps count.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn count(more: usize, less: usize) {
    let now = NOW.fetch_add(more, Relaxed) + more;
    MOST.fetch_max(now, Relaxed);
    NOW.fetch_sub(less, Relaxed);
}

// SAFETY: all that is asked for is asked of the system's allocator, with the same promises.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller's promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// One test at a time: bytes are those of the process.
static ALONE: Mutex<()> = Mutex::new(());

/// The examples.
struct Examples(PathBuf);

impl World for Examples {
    fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|why| why.to_string())
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        let (folder, name) = pattern.rsplit_once('/').unwrap_or((".", pattern));
        let entries = fs::read_dir(self.0.join(folder)).map_err(|why| why.to_string())?;
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<String> = names.filter(|file| fits(name, file)).map(|file| format!("{folder}/{file}")).collect();
        files.sort();
        Ok(files)
    }
}

/// The most bytes that there are at once while the network of a script is built, laid out and run for 1 ms, and the bytes of its rows.
fn bytes(script: &str) -> (f64, f64) {
    let world = Examples(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"));
    let program = check("test.net", script, &world).program.expect("a script without faults");
    let before = NOW.load(Relaxed);
    MOST.store(before, Relaxed);
    let plan = build(&program, &Knobs::default()).expect("a network").plan;
    let mut simulation = Simulation::new(plan.clone(), &Options::default()).expect("a simulation");
    simulation.start();
    simulation.advance(1.0, &mut |_| true).expect("a run without faults");
    let most = MOST.load(Relaxed) - before;
    let rows = plan.classes.iter().map(|class| class.lanes() * bytes_per_lane(class)).sum::<usize>();
    (most as f64, rows as f64)
}

/// By how much copies of a cell cost more than their rows.
fn ratio(script: impl Fn(usize) -> String, copies: usize) -> f64 {
    let _alone = ALONE.lock().unwrap();
    let ((one, row), (many, rows)) = (bytes(&script(1)), bytes(&script(copies)));
    (many - one) / (rows - row)
}

/// 88 sections with eleven kinds of channels, from a file of hoc.
fn pyramidal(count: usize) -> String {
    format!(
        "import mechanisms \"import/mod/*.mod\"\n\
         cell Traub = import \"import/pyr23.hoc\" template pyr23 {{ spike at soma(0.5) above 10 mV }}\n\
         population p: Traub[{count}]\nsimulation {{ duration = 1 ms, seed = 1 }}\n"
    )
}

/// A mechanism whose states are sought by an iteration in each of 60 segments.
fn iterating(count: usize) -> String {
    format!(
        "mechanism turn {{\n param tau = 5 ms\n state x = 1, y = 0.5\n x' = -y * x / tau\n y' = x * x / tau - y * v / tau / 65 mV\n method derivimplicit\n }}\n\
         cell C {{ section dend {{ L = 600 um, diam = 2 um, nseg = 60; insert pas; insert turn }} ; spike at dend(0.5) }}\n\
         population p: C[{count}]\nstimulate p[0] with IClamp {{ duration = 1 ms, amplitude = 0.1 nA }} at dend(0)\n\
         record x = p[0].dend(0.1).turn.x, y = p[0].dend(0.9).turn.y\nsimulation {{ duration = 1 ms, seed = 1 }}\n"
    )
}

/// Instances are iterated in parts: each has the bits that it has by itself.
#[test]
fn copies_of_a_cell_whose_states_are_iterated() {
    let ratio = ratio(iterating, 100);
    println!("{ratio:.3} times their rows");
    assert!(ratio < 1.2, "copies take {ratio:.2} times their rows");
    let program = check("test.net", &iterating(5), &NoFiles).program.expect("a script without faults");
    let plan = build(&program, &Knobs::default()).expect("a network").plan;
    let run = |lanes| {
        let mut simulation = Simulation::new(plan.clone(), &Options { lanes, ..Options::default() }).expect("a simulation");
        simulation.start();
        simulation.advance(1.0, &mut |_| true).expect("a run without faults");
        simulation.recording().clone()
    };
    let together = run(None);
    assert!(together.traces[0].values.iter().all(|values| values.len() == 41 && values[40] != values[0]));
    assert_eq!(together, run(Some(1)));
}

#[test]
fn copies_of_a_cell_of_88_sections() {
    for copies in [100, 400] {
        let ratio = ratio(pyramidal, copies);
        println!("{copies} copies take {ratio:.3} times their rows");
        assert!(ratio < 1.2, "{copies} copies take {ratio:.2} times their rows");
    }
}
