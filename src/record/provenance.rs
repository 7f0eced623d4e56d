//! Where a result comes from: what is written into files whose format has a place for it.

use md5::{Digest, Md5};

/// Origin of a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the script, without its folders: a file does not depend on where the script lay.
    pub script: String,
    /// MD5 of the texts that were read, in hexadecimal.
    pub hash: String,
    /// Version of the program.
    pub version: String,
    /// Seed of the run.
    pub seed: u64,
}

impl Provenance {
    /// Of a script and all texts that were read for it.
    pub fn new<'a>(script: &str, texts: impl IntoIterator<Item = &'a str>, seed: u64) -> Provenance {
        let name = script.rsplit(['/', '\\']).next().unwrap_or(script);
        Provenance { script: name.to_owned(), hash: hash(texts), version: env!("CARGO_PKG_VERSION").to_owned(), seed }
    }
}

/// MD5 over the texts one after the other.
fn hash<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Md5::new();
    for text in texts {
        digest.update(text.as_bytes());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::Provenance;

    #[test]
    fn knows_the_name_and_the_texts() {
        let origin = Provenance::new("models/tut2.net", ["ab", "c"], 3);
        assert_eq!(origin.script, "tut2.net");
        assert_eq!(origin.hash, "900150983cd24fb0d6963f7d28e17f72", "MD5 of abc, RFC 1321");
        assert_eq!(origin.seed, 3);
    }
}
