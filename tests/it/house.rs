//! Who knows whom: the table of `ARCHITECTURE.md` against the code. An edge that the table does not list fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms and what each may know, as the table says: `| \`room\` | owns | \`a\`, \`b\` |`.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md"))
            .unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let names = |cell: &str| -> BTreeSet<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(|name| name.trim_end_matches('/').to_owned())
            .collect()
    };
    let table: BTreeMap<_, _> = rows
        .filter_map(|row| {
            let cells: Vec<_> = row.trim_matches('|').split('|').collect();
            let [room, _, knows] = cells.as_slice() else {
                return None;
            };
            Some((names(room).into_iter().next()?, names(knows)))
        })
        .collect();
    assert!(table.len() > 10, "the table of rooms was not found");
    table
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file without its tests, which may use what they like.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let tests = ["#[cfg(test)]\n#[allow", "#[cfg(test)]\nmod tests {"];
    let code = tests
        .iter()
        .find_map(|mark| text.split_once(mark))
        .map(|(code, _)| code.to_owned());
    code.unwrap_or(text)
}

#[test]
fn every_room_knows_only_what_the_table_allows() {
    let table = table();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let inner = file.strip_prefix(&src).unwrap();
        let room = inner
            .components()
            .next()
            .unwrap()
            .as_os_str()
            .to_str()
            .unwrap()
            .trim_end_matches(".rs")
            .to_owned();
        let is_test = inner
            .components()
            .any(|part| part.as_os_str() == "tests.rs" || part.as_os_str() == "tests");
        if matches!(room.as_str(), "lib" | "main") || is_test {
            continue;
        }
        let Some(allowed) = table.get(&room) else {
            wrong.push(format!(
                "{} is in no room of ARCHITECTURE.md",
                inner.display()
            ));
            continue;
        };
        for (number, line) in code(&file).lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for known in line.split("crate::").skip(1) {
                let known: String = known
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if known != room
                    && !known.is_empty()
                    && !allowed.contains(&known)
                    && table.contains_key(&known)
                {
                    wrong.push(format!(
                        "{}:{}: {room} may not know {known}",
                        inner.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_are_pure() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let forbidden = [
        "tokio::",
        "actix",
        "sled::",
        "std::fs",
        "std::net",
        "SystemTime",
        "Instant::now",
        "getrandom",
        "reqwest",
        "async fn",
    ];
    let mut wrong = Vec::new();
    for room in [
        "ids",
        "conversation",
        "topics",
        "understanding",
        "dialogue",
        "rehearsal",
        "importing",
        "desk",
        "listening",
        "protocol",
        "authoring",
        "missed",
    ] {
        let mut files = Vec::new();
        rust_files(&src.join(room), &mut files);
        for file in files
            .iter()
            .filter(|file| !file.ends_with("tests.rs") && !file.ends_with("typescript.rs"))
            .filter(|file| !file.components().any(|part| part.as_os_str() == "tests"))
        {
            let text = code(file);
            for word in forbidden.iter().filter(|word| {
                text.lines()
                    .any(|line| !line.trim_start().starts_with("//") && line.contains(**word))
            }) {
                wrong.push(format!(
                    "{}: {word}",
                    file.strip_prefix(&src).unwrap().display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
