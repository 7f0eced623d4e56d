//! What the connections to a pool have for themselves: a line of columns each, where events bring or change more than a weight that stays.

/// The connections to a pool that is in a block.
#[derive(Debug, Default)]
pub struct Connections {
    columns: usize,
    /// One line after another.
    values: Vec<f64>,
    /// As the plan says; not a number: by the mechanism's own program.
    given: Vec<f64>,
    /// Which instance each of them reaches.
    instances: Vec<u32>,
    /// Those of instance `i` are `of_instance[start[i]..start[i + 1]]`, where somebody goes over them.
    start: Vec<u32>,
    of_instance: Vec<u32>,
}

impl Connections {
    /// None yet, of so many columns.
    pub fn new(columns: usize) -> Connections {
        Connections { columns, ..Connections::default() }
    }

    /// One more, with what the plan says of it. Its number.
    pub fn push(&mut self, instance: u32, line: impl Iterator<Item = f64>) -> u32 {
        let number = self.instances.len() as u32;
        self.instances.push(instance);
        self.given.extend(line.chain(std::iter::repeat(f64::NAN)).take(self.columns));
        number
    }

    /// Sorts those of each instance by `key`, for so many instances.
    pub fn index(&mut self, instances: usize, key: impl Fn(u32) -> (usize, u32)) {
        self.start = vec![0; instances + 1];
        for instance in &self.instances {
            self.start[*instance as usize + 1] += 1;
        }
        (0..instances).for_each(|i| self.start[i + 1] += self.start[i]);
        self.of_instance = (0..self.instances.len() as u32).collect();
        self.of_instance.sort_by_key(|number| (self.instances[*number as usize], key(*number)));
    }

    /// How many columns a line has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.instances.len()
    }

    /// Which instance a connection reaches.
    pub fn instance(&self, number: u32) -> u32 {
        self.instances.get(number as usize).copied().unwrap_or(0)
    }

    /// The line of a connection.
    pub fn line(&self, number: u32) -> &[f64] {
        let first = number as usize * self.columns;
        self.values.get(first..first + self.columns).unwrap_or_default()
    }

    /// Sets a column of a connection.
    pub fn set(&mut self, number: u32, column: u8, value: f64) {
        if let Some(slot) = self.values.get_mut(number as usize * self.columns + usize::from(column)) {
            *slot = value;
        }
    }

    /// How many reach an instance.
    pub fn count_of(&self, instance: usize) -> usize {
        self.start.get(instance + 1).map_or(0, |end| (*end - self.start[instance]) as usize)
    }

    /// The k-th of those that reach an instance.
    pub fn of(&self, instance: usize, k: usize) -> u32 {
        self.of_instance[self.start[instance] as usize + k]
    }

    /// All lines as the plan says.
    pub fn restart(&mut self) {
        self.values.clone_from(&self.given);
    }

    /// All lines.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All lines.
    pub fn values_mut(&mut self) -> &mut Vec<f64> {
        &mut self.values
    }
}
