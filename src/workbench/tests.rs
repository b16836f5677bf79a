use std::collections::BTreeMap;
use std::path::Path;

use super::disk::{Plan, recover};
use super::git;
use crate::authoring::{Changed, Who};
use crate::catalog_watch::PUBLISHING;
use crate::ids::AgentId;

fn changed(base: Option<&str>, text: Option<&str>) -> Changed {
    Changed {
        base: base.map(str::to_owned),
        text: text.map(str::to_owned),
    }
}

fn plan() -> Plan {
    Plan::new(BTreeMap::from([
        ("a.yaml".to_owned(), changed(Some("a\n"), Some("A\n"))),
        ("b.yaml".to_owned(), changed(Some("b\n"), None)),
        ("use/c.yaml".to_owned(), changed(None, Some("C\n"))),
    ]))
}

fn start() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        std::fs::write(
            folder.path().join(format!("{name}.yaml")),
            format!("{name}\n"),
        )
        .unwrap();
    }
    folder
}

fn text(folder: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(folder.join(name)).ok()
}

/// What stands there, hidden files and all.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn several_files_are_written_and_nothing_else_is_left() {
    let folder = start();
    let folder = folder.path();
    plan().carry_out(folder).unwrap();
    assert_eq!(text(folder, "a.yaml").as_deref(), Some("A\n"));
    assert_eq!(text(folder, "use/c.yaml").as_deref(), Some("C\n"));
    assert_eq!(names(folder), ["a.yaml", "use"]);
    assert!(!recover(folder).unwrap());
}

#[test]
fn a_server_that_died_between_two_files_finishes_at_its_next_start() {
    for done in 0..3 {
        let folder = start();
        let folder = folder.path();
        plan().announce(folder).unwrap();
        // As far as it came.
        if done > 0 {
            std::fs::write(folder.join("a.yaml"), "A\n").unwrap();
            std::fs::write(folder.join(".b.yaml.new"), "half").unwrap();
        }
        if done > 1 {
            std::fs::remove_file(folder.join("b.yaml")).unwrap();
        }
        assert!(recover(folder).unwrap(), "{done}");
        assert_eq!(text(folder, "a.yaml").as_deref(), Some("A\n"), "{done}");
        assert_eq!(text(folder, "b.yaml"), None, "{done}");
        assert_eq!(text(folder, "use/c.yaml").as_deref(), Some("C\n"), "{done}");
        assert!(!folder.join(PUBLISHING).exists());
        assert!(!recover(folder).unwrap());
    }
}

#[test]
fn what_somebody_changed_after_the_server_died_stays() {
    let folder = start();
    let folder = folder.path();
    plan().announce(folder).unwrap();
    std::fs::write(folder.join("a.yaml"), "by hand\n").unwrap();
    assert!(recover(folder).unwrap());
    assert_eq!(text(folder, "a.yaml").as_deref(), Some("by hand\n"));
}

#[test]
fn a_file_that_cannot_be_written_puts_the_others_back() {
    let folder = start();
    let folder = folder.path();
    // The last of the three: a folder stands where its new text should be written.
    std::fs::create_dir_all(folder.join("use/.c.yaml.new")).unwrap();
    plan().carry_out(folder).unwrap_err();
    assert_eq!(text(folder, "a.yaml").as_deref(), Some("a\n"));
    assert_eq!(text(folder, "b.yaml").as_deref(), Some("b\n"));
    assert_eq!(text(folder, "use/c.yaml"), None);
    assert!(!folder.join(PUBLISHING).exists());
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    let (folder, outside) = (start(), tempfile::tempdir().unwrap());
    let folder = folder.path();
    std::os::unix::fs::symlink(outside.path(), folder.join("use")).unwrap();
    plan().carry_out(folder).unwrap_err();
    assert_eq!(names(outside.path()), Vec::<String>::new());
    std::fs::remove_file(folder.join("use")).unwrap();
    std::fs::remove_file(folder.join("a.yaml")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("x"), folder.join("a.yaml")).unwrap();
    plan().carry_out(folder).unwrap_err();
    assert_eq!(names(outside.path()), Vec::<String>::new());
}

fn who() -> Who {
    Who {
        id: AgentId::from_bytes([7; 16]),
        name: "Ana <López>\n".to_owned(),
        email: "ana@example.com".to_owned(),
    }
}

#[tokio::test]
async fn a_machine_without_git_is_told_so() {
    let folder = start();
    let told = git::commit("git-is-not-here", folder.path(), &["a.yaml"], &who(), "x").await;
    let told = told.unwrap_err();
    assert!(told.contains("git-is-not-here is not installed"), "{told}");
}

#[cfg(unix)]
#[tokio::test]
async fn git_is_called_with_a_list_of_arguments_and_the_name_of_whoever_published() {
    use std::os::unix::fs::PermissionsExt;
    let folder = start();
    let program = folder.path().join("git-that-writes-down");
    let script = "#!/bin/sh\nprintf '%s|' \"$GIT_AUTHOR_NAME\" \"$GIT_COMMITTER_EMAIL\" \"$@\" >>\"$2/said\"\n";
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let program = program.to_string_lossy();
    let paths = ["use/a.yaml", "b.yaml"];
    git::commit(
        &program,
        folder.path(),
        &paths,
        &who(),
        "topics: a; $(rm -rf /)",
    )
    .await
    .unwrap();
    let said = text(folder.path(), "said").unwrap();
    let at = folder.path().display();
    assert_eq!(
        said,
        format!(
            "Ana López|ana@example.com|-C|{at}|add|--all|--|use/a.yaml|b.yaml|Ana López|ana@example.com|-C|{at}|commit|--quiet|--message=topics: a; $(rm -rf /)|--|use/a.yaml|b.yaml|"
        )
    );
    let failing = folder.path().join("git-that-fails");
    std::fs::write(
        &failing,
        "#!/bin/sh\necho 'fatal: no repository' >&2\nexit 128\n",
    )
    .unwrap();
    std::fs::set_permissions(&failing, PermissionsExt::from_mode(0o755)).unwrap();
    let told = git::commit(
        &failing.to_string_lossy(),
        folder.path(),
        &paths,
        &who(),
        "x",
    )
    .await;
    assert!(told.unwrap_err().ends_with("fatal: no repository"));
}
