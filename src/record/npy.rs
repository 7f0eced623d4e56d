//! Arrays as NumPy reads them: the NPY format 1.0, and NPZ, a ZIP archive of such files without compression.

use super::table::{Cells, Column};

/// A file of one array: of numbers or texts where there is one column, else of records whose fields are the columns.
pub fn array(columns: &[Column]) -> Vec<u8> {
    if let [column] = columns {
        return one(&column.cells);
    }
    let rows = columns.iter().map(|column| column.cells.len()).min().unwrap_or(0);
    let kinds: Vec<(String, usize)> = columns.iter().map(|column| kind(&column.cells)).collect();
    let fields: Vec<String> =
        columns.iter().zip(&kinds).map(|(column, (kind, _))| format!("('{}', '{kind}')", name(&column.name))).collect();
    let mut bytes = header(&format!("[{}]", fields.join(", ")), &format!("({rows},)"));
    for row in 0..rows {
        for (column, (_, width)) in columns.iter().zip(&kinds) {
            match &column.cells {
                Cells::Numbers(values) => bytes.extend(values.get(row).copied().unwrap_or(f64::NAN).to_le_bytes()),
                Cells::Whole(values) => bytes.extend(i64::from(values.get(row).copied().unwrap_or(0)).to_le_bytes()),
                Cells::Texts(values) => put(&mut bytes, values.get(row).map_or("", String::as_str), *width),
            }
        }
    }
    bytes
}

/// An archive with an array for each column, and a text called `provenance`; nothing where it is larger than an archive can be.
pub fn archive(columns: &[Column], provenance: &str) -> Option<Vec<u8>> {
    let mut files: Vec<(String, Vec<u8>)> =
        columns.iter().map(|column| (format!("{}.npy", name(&column.name)), one(&column.cells))).collect();
    let width = provenance.chars().count().max(1);
    let mut text = header(&format!("'<U{width}'"), "()");
    put(&mut text, provenance, width);
    files.push(("provenance.npy".to_owned(), text));
    let size: usize = files.iter().map(|(name, content)| 128 + 2 * name.len() + content.len()).sum();
    (u32::try_from(size).is_ok() && files.len() < usize::from(u16::MAX)).then(|| zip(&files))
}

fn one(cells: &Cells) -> Vec<u8> {
    let (kind, width) = kind(cells);
    let mut bytes = header(&format!("'{kind}'"), &format!("({},)", cells.len()));
    match cells {
        Cells::Numbers(values) => values.iter().for_each(|x| bytes.extend(x.to_le_bytes())),
        Cells::Whole(values) => values.iter().for_each(|x| bytes.extend(i64::from(*x).to_le_bytes())),
        Cells::Texts(values) => values.iter().for_each(|text| put(&mut bytes, text, width)),
    }
    bytes
}

/// The type of an array, and how many letters its texts have.
fn kind(cells: &Cells) -> (String, usize) {
    match cells {
        Cells::Numbers(_) => ("<f8".to_owned(), 0),
        Cells::Whole(_) => ("<i8".to_owned(), 0),
        Cells::Texts(values) => {
            let width = values.iter().map(|text| text.chars().count()).max().unwrap_or(0).max(1);
            (format!("<U{width}"), width)
        }
    }
}

/// A name without what would end its quotes.
fn name(name: &str) -> String {
    name.replace(['\'', '\\', '/', '\n'], "_")
}

/// Letters of four bytes each, filled with zeros.
fn put(bytes: &mut Vec<u8>, text: &str, width: usize) {
    let letters = text.chars().map(u32::from).chain(std::iter::repeat(0)).take(width);
    letters.for_each(|letter| bytes.extend(letter.to_le_bytes()));
}

/// Magic, version, and the header padded so that numbers begin at a multiple of 64. NumPy's names of fields are in its quotes: ASCII.
fn header(kind: &str, shape: &str) -> Vec<u8> {
    let mut text = format!("{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}");
    // Version 3.0 has UTF-8 and a length of four bytes; 1.0 is read by older ones too.
    let wide = !text.is_ascii() || text.len() > 60_000;
    let before = if wide { 12 } else { 10 };
    let padding = (64 - (before + text.len() + 1) % 64) % 64;
    text.push_str(&" ".repeat(padding));
    text.push('\n');
    let mut bytes = b"\x93NUMPY".to_vec();
    if wide {
        bytes.extend([3, 0]);
        bytes.extend((text.len() as u32).to_le_bytes());
    } else {
        bytes.extend([1, 0]);
        bytes.extend((text.len() as u16).to_le_bytes());
    }
    bytes.extend(text.bytes());
    bytes
}

/// An archive of files as they are. Its times are the earliest that the format has, so that equal tables are equal bytes.
fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let begin = bytes.len() as u32;
        let mut about = Vec::new();
        // Version 2.0; names in UTF-8; stored; 1980-01-01.
        for number in [20_u16, 0x0800, 0, 0, 0x0021] {
            about.extend(number.to_le_bytes());
        }
        for number in [crc32(content), content.len() as u32, content.len() as u32] {
            about.extend(number.to_le_bytes());
        }
        about.extend((name.len() as u16).to_le_bytes());
        about.extend(0_u16.to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&about);
        bytes.extend(name.bytes());
        bytes.extend(content);
        list.extend(b"PK\x01\x02");
        list.extend(20_u16.to_le_bytes());
        list.extend(&about);
        list.extend([0; 10]);
        list.extend(begin.to_le_bytes());
        list.extend(name.bytes());
    }
    let (begin, count) = (bytes.len() as u32, files.len() as u16);
    let length = list.len() as u32;
    bytes.extend(list);
    bytes.extend(b"PK\x05\x06");
    for number in [0, 0, count, count] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(length.to_le_bytes());
    bytes.extend(begin.to_le_bytes());
    bytes.extend(0_u16.to_le_bytes());
    bytes
}

/// The check sum of ZIP (CRC-32, polynomial 0xEDB88320).
fn crc32(bytes: &[u8]) -> u32 {
    let table: [u32; 256] =
        std::array::from_fn(|k| (0..8).fold(k as u32, |sum, _| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 }));
    !bytes.iter().fold(!0, |sum, byte| table[((sum ^ u32::from(*byte)) & 0xFF) as usize] ^ (sum >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_sum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn numbers_begin_at_a_multiple_of_64() {
        let bytes = one(&Cells::Numbers(vec![1.5, -2.0]));
        assert_eq!(bytes.len() % 64, 16);
        assert_eq!(bytes.get(bytes.len() - 16..bytes.len() - 8), Some(&1.5_f64.to_le_bytes()[..]));
    }
}
