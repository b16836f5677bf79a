//! A bounded fuzzer without tools: messages, topic files, patterns and imports, mutated from real ones.
//!
//!     cargo run --release --example fuzz -- [messages|topics|patterns|imports|all] [COUNT] [SEED] [DIR]
//!
//! Execution `n` has the seed `SEED + n`, so that `fuzz KIND 1 SEED` shows one again. DIR is the folder of topic files, `intents` unless given.
//! Prints what was done, how much of it was accepted and the slowest executions; ends with 1 where something panicked or took more than ten seconds.

mod dice;
mod files;
mod imports;
mod messages;
mod run;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use ventanilla::topics::SourceFile;

fn folder(dir: &Path, base: &Path, out: &mut Vec<SourceFile>) {
    let mut paths: Vec<_> = fs::read_dir(dir)
        .expect("the folder of topic files is readable")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            folder(&path, base, out);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.strip_prefix(base).unwrap_or(&path);
            out.push(SourceFile {
                path: name.display().to_string(),
                text: fs::read_to_string(&path).expect("a topic file is readable"),
            });
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let arg = |at: usize| args.get(at).map(String::as_str);
    let kind = arg(0).unwrap_or("all");
    let number = |at: usize| arg(at).and_then(|number| number.parse().ok());
    let count = number(1).unwrap_or(1_000_000);
    let seed = number(2).unwrap_or(1);
    let dir = Path::new(arg(3).unwrap_or("intents"));
    let mut files = Vec::new();
    folder(dir, dir, &mut files);
    run::keep_panics();
    let wanted = |name: &str| kind == "all" || kind == name;
    let mut good = true;
    if wanted("messages") {
        good &= messages::messages(&files, count, seed);
    }
    if wanted("topics") {
        good &= files::topics(&files, count, seed);
    }
    if wanted("patterns") {
        good &= files::patterns(count, seed);
    }
    if wanted("imports") {
        good &= imports::imports(count, seed);
    }
    ExitCode::from(u8::from(!good))
}
