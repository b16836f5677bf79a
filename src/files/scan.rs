//! The scanner: a program of the operator's that looks at each file before anybody gets it.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// A command that is run on each file. Its exit code tells: 0 clean, 1 infected, anything else: it could not look.
#[derive(Debug, Clone)]
pub struct Scan {
    program: String,
    arguments: Vec<String>,
    patience: Duration,
}

/// Why a file did not pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Something bad is in it.
    #[error("the scanner found something in it")]
    Infected,
    /// The scanner did not do its work: for the log.
    #[error("the scanner did not do its work: {0}")]
    Failed(String),
}

impl Scan {
    /// A command of words set apart by spaces. `{}` stands for the file's path; without it the file is given on standard input. `None` for a
    /// command without words.
    pub fn new(command: &str, patience: Duration) -> Option<Self> {
        let mut words = command.split_whitespace().map(str::to_owned);
        Some(Self {
            program: words.next()?,
            arguments: words.collect(),
            patience,
        })
    }

    /// Looks at a file.
    ///
    /// # Errors
    /// [`ScanError`]; a scanner that is too slow is ended and has failed.
    pub async fn look(&self, path: &Path) -> Result<(), ScanError> {
        let failed = |why: std::io::Error| ScanError::Failed(why.to_string());
        let named = self.arguments.iter().any(|word| word == "{}");
        let mut command = tokio::process::Command::new(&self.program);
        for word in &self.arguments {
            if word == "{}" {
                command.arg(path);
            } else {
                command.arg(word);
            }
        }
        command.stdin(if named {
            Stdio::null()
        } else {
            std::fs::File::open(path).map_err(failed)?.into()
        });
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.kill_on_drop(true);
        let status = tokio::time::timeout(self.patience, command.status());
        let status = status
            .await
            .map_err(|_slow| ScanError::Failed("no answer in time".to_owned()))?
            .map_err(failed)?;
        match status.code() {
            Some(0) => Ok(()),
            Some(1) => Err(ScanError::Infected),
            _ => Err(ScanError::Failed(status.to_string())),
        }
    }
}
