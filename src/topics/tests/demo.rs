//! The demo company's own files, for the tests of the rooms that read the catalogue.

use std::path::Path;

use crate::topics::{Catalog, SourceFile, is_media_path, parse};

fn files(folder: &Path, base: &Path, out: &mut Vec<SourceFile>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, base, out);
            continue;
        }
        let below = path.strip_prefix(base).unwrap().to_str().unwrap();
        if is_media_path(below) {
            let data = std::fs::read(&path).unwrap();
            out.push(SourceFile::media(below.to_owned(), &data));
        } else if path.extension().is_some_and(|ext| ext == "yaml") {
            out.push(SourceFile {
                path: below.to_owned(),
                text: std::fs::read_to_string(&path).unwrap(),
            });
        }
    }
}

pub(crate) fn mareas() -> Catalog {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("intents");
    let mut all = Vec::new();
    files(&base, &base, &mut all);
    parse(&all, &|_| None).unwrap()
}
