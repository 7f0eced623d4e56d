//! Threads for what is done side by side: rows of connections while a network is built and laid out, groups while it runs.

/// Memory for what calls itself (bytes): as much as the first thread of a process has elsewhere.
const STACK: usize = 8 << 20;

/// So many of them.
#[derive(Debug)]
pub struct Threads(rayon::ThreadPool);

impl Threads {
    /// At least one.
    ///
    /// # Errors
    /// Threads that cannot be made.
    pub fn new(count: usize) -> Result<Threads, String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count.max(1)).stack_size(STACK).build();
        pool.map(Threads).map_err(|e| e.to_string())
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.current_num_threads()
    }

    /// Acts with them at hand.
    pub fn within<T: Send>(&self, act: impl FnOnce() -> T + Send) -> T {
        self.0.install(act)
    }
}
