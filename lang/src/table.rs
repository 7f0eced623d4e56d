//! Tables of numbers from files that a script reads: columns from CSV, matrices from NPY or CSV. Knows nothing of networks.

mod npy;

use crate::World;

/// Largest number of values of one table.
const MOST: usize = 1 << 28;

/// Columns of numbers, all of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    /// Names of the header; empty where the file begins with numbers.
    pub names: Vec<String>,
    /// The numbers, column by column.
    pub values: Vec<Vec<f64>>,
}

/// Numbers in rows of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Matrix {
    /// How many rows and columns.
    pub shape: (usize, usize),
    /// Row by row.
    pub values: Vec<f64>,
}

/// Reads a CSV file. The first line may be names.
///
/// # Errors
/// Why it is none, as the end of the sentence "cannot read X: ...".
pub(crate) fn columns(world: &dyn World, path: &str) -> Result<Columns, String> {
    let bytes = world.bytes(path)?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut rows = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).comment(Some(b'#')).from_reader(text);
    let mut out = Columns::default();
    for (line, row) in rows.records().enumerate() {
        let row = row.map_err(|e| e.to_string())?;
        if line == 0 {
            out.values = vec![Vec::new(); row.len()];
            if row.iter().any(|cell| cell.parse::<f64>().is_err()) {
                out.names = row.iter().map(str::to_owned).collect();
                continue;
            }
        }
        for (cell, column) in row.iter().zip(&mut out.values) {
            let at = row.position().map_or(line as u64 + 1, csv::Position::line);
            let number = cell.parse::<f64>().ok().filter(|x| x.is_finite());
            column.push(number.ok_or_else(|| format!("`{cell}` in line {at} is no number"))?);
        }
    }
    Ok(out)
}

/// Reads a matrix: an NPY file by its ending, else CSV without a header.
///
/// # Errors
/// Why it is none, as the end of the sentence "cannot read X: ...".
pub(crate) fn matrix(world: &dyn World, path: &str) -> Result<Matrix, String> {
    if path.ends_with(".npy") {
        return npy::read(&world.bytes(path)?);
    }
    let columns = columns(world, path)?;
    if !columns.names.is_empty() {
        return Err("a matrix has no names above its columns".into());
    }
    let shape = (columns.values.first().map_or(0, Vec::len), columns.values.len());
    let values = (0..shape.0).flat_map(|row| columns.values.iter().map(move |column| column[row])).collect();
    Ok(Matrix { shape, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(&'static str);

    impl World for One {
        fn read(&self, _: &str) -> Result<String, String> {
            Ok(self.0.to_owned())
        }
    }

    #[test]
    fn columns_with_and_without_names() {
        let named = columns(&One("source, target, w\n0, 1, 0.5\n2, 3, 1e-3\n"), "a.csv").unwrap();
        assert_eq!(named.names, ["source", "target", "w"]);
        assert_eq!(named.values, [[0.0, 2.0], [1.0, 3.0], [0.5, 1e-3]]);
        let bare = columns(&One("# from somewhere\n0,1\n2,3\n"), "a.csv").unwrap();
        assert!(bare.names.is_empty());
        assert_eq!(bare.values, [[0.0, 2.0], [1.0, 3.0]]);
        assert_eq!(columns(&One(""), "a.csv").unwrap(), Columns::default());
    }

    #[test]
    fn what_is_no_table() {
        assert_eq!(columns(&One("a,b\n1,x\n"), "a.csv"), Err("`x` in line 2 is no number".into()));
        assert_eq!(columns(&One("a,b\n1,inf\n"), "a.csv"), Err("`inf` in line 2 is no number".into()));
        assert!(columns(&One("a,b\n1,2,3\n"), "a.csv").is_err());
        assert!(matrix(&One("a,b\n1,2\n"), "a.csv").is_err());
    }

    #[test]
    fn matrices_of_text() {
        let m = matrix(&One("1,2,3\n4,5,6\n"), "a.csv").unwrap();
        assert_eq!((m.shape, m.values), ((2, 3), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    }
}
