//! From a folder to the texts of its YAML files and what its `media/` holds. What cannot be read becomes a problem with its place like any other.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::topics::{Problem, SourceFile, Unreadable, VIDEO_MAX_BYTES, is_media_path};

/// Largest file that is read, in bytes.
pub const FILE_MAX_BYTES: u64 = 1 << 20;

/// Largest file of `media/` that is read, in bytes; what each kind may have is judged with the rest.
const MEDIA_BYTES: u64 = VIDEO_MAX_BYTES as u64;

/// Most files that are read.
pub const FILES_MAX: usize = 5_000;

/// Deepest sub-folder.
const DEPTH_MAX: usize = 16;

/// Every YAML file below a folder and what `media/` holds to be shown, by path, and what could not be read. Paths are relative to the folder, with `/`.
///
/// Hidden files and folders and the temporary files of editors are passed over; a folder that links back to itself is entered once.
pub fn read(folder: &Path) -> (Vec<SourceFile>, Vec<Problem>) {
    let mut walk = Walk {
        root: folder,
        entered: BTreeSet::new(),
        files: Vec::new(),
        problems: Vec::new(),
    };
    walk.enter(folder, 0);
    let Walk {
        mut files,
        problems,
        ..
    } = walk;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    (files, problems)
}

struct Walk<'a> {
    root: &'a Path,
    /// Folders by their real path.
    entered: BTreeSet<PathBuf>,
    files: Vec<SourceFile>,
    problems: Vec<Problem>,
}

impl Walk<'_> {
    fn enter(&mut self, folder: &Path, depth: usize) {
        let entries = fs::canonicalize(folder).and_then(|real| {
            if depth > DEPTH_MAX || !self.entered.insert(real) {
                return Ok(Vec::new());
            }
            fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()
        });
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, Unreadable::Io(error.to_string())),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(['.', '#']) || name.ends_with('~') {
                continue;
            }
            // Follows links, so that a linked file or folder counts as what it leads to.
            match fs::metadata(&path) {
                Ok(kind) if kind.is_dir() => self.enter(&path, depth + 1),
                Ok(kind) if kind.is_file() && is_media_path(&self.relative(&path)) => {
                    self.take_media(&path);
                }
                Ok(kind) if kind.is_file() && is_yaml(&path) => {
                    if self.files.len() == FILES_MAX {
                        return self
                            .unreadable(self.root, Unreadable::TooMany { limit: FILES_MAX });
                    }
                    self.take(&path);
                }
                Ok(_) => {}
                Err(error) if is_yaml(&path) => {
                    self.unreadable(&path, Unreadable::Io(error.to_string()));
                }
                Err(_dangling_link_to_something_else) => {}
            }
        }
    }

    fn take(&mut self, path: &Path) {
        match text_of(path) {
            Ok(text) => {
                let path = self.relative(path);
                self.files.push(SourceFile { path, text });
            }
            Err(trouble) => self.unreadable(path, trouble),
        }
    }

    /// What is shown goes along with the texts: one set, swapped and kept as a whole.
    fn take_media(&mut self, path: &Path) {
        match bytes_of(path, MEDIA_BYTES) {
            Ok(data) => {
                let path = self.relative(path);
                self.files.push(SourceFile::media(path, &data));
            }
            Err(trouble) => self.unreadable(path, trouble),
        }
    }

    fn relative(&self, path: &Path) -> String {
        let below = path.strip_prefix(self.root).unwrap_or(path);
        let parts: Vec<_> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        parts.join("/")
    }

    fn unreadable(&mut self, path: &Path, trouble: Unreadable) {
        let file = self.relative(path);
        self.problems.push(Problem::unreadable(&file, trouble));
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn bytes_of(path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
    let io = |error: std::io::Error| Unreadable::Io(error.to_string());
    let mut bytes = Vec::new();
    // One byte more than the limit: a file that grows while it is read is caught too.
    fs::File::open(path)
        .map_err(io)?
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(io)?;
    if bytes.len() as u64 > limit {
        return Err(Unreadable::TooLarge { limit });
    }
    Ok(bytes)
}

fn text_of(path: &Path) -> Result<String, Unreadable> {
    let bytes = bytes_of(path, FILE_MAX_BYTES)?;
    String::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8 {
        byte: error.utf8_error().valid_up_to(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn only_yaml_files_count_and_bad_ones_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("use")).unwrap();
        fs::create_dir(at(".git")).unwrap();
        fs::write(at("use/b.yaml"), "b: 1\n").unwrap();
        fs::write(at("a.yml"), "a: ñ\n").unwrap();
        for passed_over in [
            "notes.md",
            "a.yaml~",
            ".#a.yaml",
            "#a.yaml#",
            ".git/c.yaml",
            "a.yaml.swp",
        ] {
            fs::write(at(passed_over), "x").unwrap();
        }
        fs::write(at("latin1.yaml"), b"a: \xf1\n").unwrap();
        fs::write(at("huge.yaml"), vec![b'a'; 1 + (1 << 20)]).unwrap();

        let (files, problems) = read(folder.path());

        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["a.yml", "use/b.yaml"]);
        let found: Vec<(&str, &str)> = problems
            .iter()
            .map(|problem| (problem.file.as_str(), problem.code))
            .collect();
        assert_eq!(
            found,
            [("huge.yaml", "file_too_large"), ("latin1.yaml", "not_utf8")]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_links_to_itself_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), "a: 1\n").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("b.yaml")).unwrap();
        let (files, problems) = read(folder.path());
        assert_eq!(files.len(), 1);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems.first().unwrap().code, "unreadable_file");
    }

    #[test]
    fn a_missing_folder_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let (files, problems) = read(&folder.path().join("nowhere"));
        assert!(files.is_empty());
        assert_eq!(problems.first().unwrap().code, "unreadable_file");
    }
}
