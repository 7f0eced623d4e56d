//! NumPy's NPY files of versions 1 to 3 (NEP 1): matrices of integers and floats, in either order of bytes and of dimensions.

use super::{MOST, Matrix};

/// How one number is stored.
#[derive(Clone, Copy)]
struct Kind {
    letter: u8,
    size: usize,
    big_endian: bool,
}

/// Reads a matrix; of a vector the one row.
pub(super) fn read(bytes: &[u8]) -> Result<Matrix, String> {
    let cut = || "it is cut off".to_owned();
    let rest = bytes.strip_prefix(b"\x93NUMPY").ok_or("it is no NPY file")?;
    let (version, rest) = rest.split_first_chunk::<2>().ok_or_else(cut)?;
    let (length, rest) = match version[0] {
        1 => rest.split_first_chunk::<2>().map(|(n, rest)| (usize::from(u16::from_le_bytes(*n)), rest)).ok_or_else(cut)?,
        2 | 3 => rest.split_first_chunk::<4>().map(|(n, rest)| (u32::from_le_bytes(*n) as usize, rest)).ok_or_else(cut)?,
        other => return Err(format!("it is an NPY file of the unknown version {other}")),
    };
    let header = rest.get(..length).ok_or_else(cut)?;
    let data = rest.get(length..).ok_or_else(cut)?;
    let header = std::str::from_utf8(header).map_err(|_| "its header is no text".to_owned())?;
    let kind = kind(field(header, "descr")?)?;
    let fortran = field(header, "fortran_order")?.starts_with("True");
    let shape = shape(field(header, "shape")?)?;
    let count = shape.0.checked_mul(shape.1).filter(|n| *n <= MOST).ok_or("it is too large")?;
    let wanted = count * kind.size;
    let data = data.get(..wanted).ok_or_else(cut)?;
    let stored: Vec<f64> = data.chunks_exact(kind.size).map(|b| number(kind, b)).collect();
    if stored.iter().any(|x| !x.is_finite()) {
        return Err("it has a value that is not a finite number".into());
    }
    let values = match fortran {
        false => stored,
        true => (0..count).map(|at| stored[at % shape.1 * shape.0 + at / shape.1]).collect(),
    };
    Ok(Matrix { shape, values })
}

/// What stands behind `'name':` in the header, a Python dictionary.
fn field<'h>(header: &'h str, name: &str) -> Result<&'h str, String> {
    let mut parts = header.split(['\'', '"']).scan(0, |at, part| {
        let start = *at;
        *at += part.len() + 1;
        Some((start, part))
    });
    let found = parts.find(|(_, part)| *part == name);
    let (start, _) = found.ok_or_else(|| format!("its header has no `{name}`"))?;
    let behind = header.get(start + name.len() + 1..).unwrap_or_default().trim_start();
    behind.strip_prefix(':').map(str::trim_start).ok_or_else(|| format!("its header has no `{name}`"))
}

fn kind(text: &str) -> Result<Kind, String> {
    let unknown = || "its numbers are of a kind that is not known here (float64, float32 and integers are)".to_owned();
    let text = text.strip_prefix(['\'', '"']).and_then(|t| t.split(['\'', '"']).next()).ok_or_else(unknown)?;
    let (order, kind) = text.split_at_checked(1).ok_or_else(unknown)?;
    let big_endian = match order {
        "<" | "|" => false,
        ">" => true,
        _ => return Err(unknown()),
    };
    let letter = *kind.as_bytes().first().ok_or_else(unknown)?;
    let size: usize = kind.get(1..).and_then(|n| n.parse().ok()).ok_or_else(unknown)?;
    let known = matches!((letter, size), (b'f', 4 | 8) | (b'i' | b'u', 1 | 2 | 4 | 8) | (b'b', 1));
    if known { Ok(Kind { letter, size, big_endian }) } else { Err(unknown()) }
}

/// `(2, 3)`, `(4,)`
fn shape(text: &str) -> Result<(usize, usize), String> {
    let wrong = || "it is no matrix".to_owned();
    let inside = text.strip_prefix('(').and_then(|t| t.split_once(')')).ok_or_else(wrong)?.0;
    let sizes = inside.split(',').map(str::trim).filter(|n| !n.is_empty()).map(|n| n.trim_end_matches('L').parse());
    match sizes.collect::<Result<Vec<usize>, _>>().map_err(|_| wrong())?.as_slice() {
        [columns] => Ok((1, *columns)),
        [rows, columns] => Ok((*rows, *columns)),
        more => Err(format!("it has {} dimensions, and a matrix has 2", more.len())),
    }
}

fn number(kind: Kind, bytes: &[u8]) -> f64 {
    let mut word = [0u8; 8];
    for (slot, byte) in word.iter_mut().zip(bytes) {
        *slot = *byte;
    }
    if kind.big_endian {
        word[..kind.size].reverse();
    }
    let bits = u64::from_le_bytes(word);
    match (kind.letter, kind.size) {
        (b'f', 8) => f64::from_bits(bits),
        (b'f', _) => f64::from(f32::from_bits(bits as u32)),
        (b'i', size) => {
            let unused = 64 - 8 * size as u32;
            ((bits << unused) as i64 >> unused) as f64
        }
        _ => bits as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let header = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((header.len() as u16).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.extend(data);
        bytes
    }

    #[test]
    fn kinds_and_orders() {
        let m = |rows, columns, values: &[f64]| Ok(Matrix { shape: (rows, columns), values: values.to_vec() });
        let doubles: Vec<u8> = [1.5, -2.0, 3.0, 4.0, 5.0, 6.0].iter().flat_map(|x: &f64| x.to_le_bytes()).collect();
        assert_eq!(read(&file("<f8", "False", "(2, 3)", &doubles)), m(2, 3, &[1.5, -2.0, 3.0, 4.0, 5.0, 6.0]));
        assert_eq!(read(&file("<f8", "True", "(2, 3)", &doubles)), m(2, 3, &[1.5, 3.0, 5.0, -2.0, 4.0, 6.0]));
        let floats: Vec<u8> = [0.5f32, 2.0].iter().flat_map(|x| x.to_be_bytes()).collect();
        assert_eq!(read(&file(">f4", "False", "(2, 1)", &floats)), m(2, 1, &[0.5, 2.0]));
        assert_eq!(read(&file("|i1", "False", "(3,)", &[1, 0, 255])), m(1, 3, &[1.0, 0.0, -1.0]));
        assert_eq!(read(&file("<u2", "False", "(1, 1)", &[255, 255])), m(1, 1, &[65535.0]));
        assert_eq!(read(&file("|b1", "False", "(1, 2)", &[1, 0])), m(1, 2, &[1.0, 0.0]));
    }

    #[test]
    fn broken_files_are_told() {
        assert_eq!(read(b"PK\x03\x04"), Err("it is no NPY file".into()));
        assert_eq!(read(&file("<f8", "False", "(2, 3)", &[0; 8])), Err("it is cut off".into()));
        assert!(read(&file("<c16", "False", "(1, 1)", &[0; 16])).is_err());
        assert!(read(&file("<f8", "False", "(1, 1, 1)", &[0; 8])).is_err());
        assert!(read(&file("<f8", "False", "(99999999999, 99999999999)", &[0; 8])).is_err());
        assert!(read(&file("<f8", "False", "(1, 1)", &f64::NAN.to_le_bytes())).is_err());
    }

    #[test]
    fn no_bytes_panic() {
        let good = file("<f8", "False", "(1, 2)", &[0; 16]);
        arbtest::arbtest(|u| {
            let mut bytes = good.clone();
            for _ in 0..u.int_in_range(1..=6)? {
                let at = u.choose_index(bytes.len())?;
                bytes[at] = u.arbitrary()?;
            }
            bytes.truncate(u.int_in_range(0..=bytes.len())?);
            let _ = read(&bytes);
            Ok(())
        });
    }
}
