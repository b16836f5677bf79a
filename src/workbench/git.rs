//! What is published, told to git: one commit with the name of whoever published it.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;

use crate::authoring::Who;

/// Longest wait for git: it may run hooks of the company's.
const PATIENCE: Duration = Duration::from_secs(30);

/// Commits these files of a folder and nothing else.
///
/// # Errors
/// What git says, or that there is no git, in one line.
pub(super) async fn commit(
    program: &str,
    folder: &Path,
    paths: &[&str],
    who: &Who,
    message: &str,
) -> Result<(), String> {
    let mut add = vec!["add", "--all", "--"];
    add.extend(paths);
    run(program, folder, who, &add).await?;
    let message = format!("--message={message}");
    let mut commit = vec!["commit", "--quiet", &message, "--"];
    commit.extend(paths);
    run(program, folder, who, &commit).await
}

async fn run(program: &str, folder: &Path, who: &Who, args: &[&str]) -> Result<(), String> {
    let name = plain(&who.name);
    let email = plain(&who.email);
    let running = Command::new(program)
        .arg("-C")
        .arg(folder)
        .args(args)
        .env("GIT_AUTHOR_NAME", &name)
        .env("GIT_AUTHOR_EMAIL", &email)
        .env("GIT_COMMITTER_NAME", &name)
        .env("GIT_COMMITTER_EMAIL", &email)
        // Nobody is there to type a password.
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_LITERAL_PATHSPECS", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output: Output = tokio::time::timeout(PATIENCE, running)
        .await
        .map_err(|_late| format!("{program} did not end within {} s", PATIENCE.as_secs()))?
        .map_err(|why| match why.kind() {
            std::io::ErrorKind::NotFound => format!("the program {program} is not installed here"),
            _ => format!("{program} cannot be run: {why}"),
        })?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&said);
    let first = said.lines().find(|line| !line.trim().is_empty());
    Err(format!(
        "{program}: {}",
        first.unwrap_or("failed without a word")
    ))
}

/// A name as git takes it: without the signs of its own format.
fn plain(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '<' | '>'))
        .collect();
    let kept = kept.trim();
    if kept.is_empty() {
        "Ventanilla".to_owned()
    } else {
        kept.to_owned()
    }
}
