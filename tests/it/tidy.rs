//! House rules that neither the compiler nor clippy knows, held by reading the source.

mod files;
mod imports;
mod purity;

use files::File;

/// More than this is two modules.
const LONGEST_FILE: usize = 400;
/// The entry point sets up and hands over.
const LONGEST_MAIN: usize = 40;

/// One rule: the problems of one file, each `path: what` or `path:line: what`.
type Rule = fn(&File) -> Vec<String>;

const RULES: [Rule; 8] = [
    imports::layers,
    imports::climbing,
    imports::concrete_clients,
    purity::impure,
    module_docs,
    length,
    unfinished,
    blanks,
];

#[test]
fn the_source_is_tidy() {
    let files = files::all();
    assert!(files.len() > 10, "the source was not found");
    let problems: Vec<String> = RULES
        .iter()
        .flat_map(|rule| files.iter().flat_map(rule))
        .collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

fn module_docs(file: &File) -> Vec<String> {
    if !file.is_source() || file.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![format!(
        "{}: the module does not say what it is for: begin with `//! `",
        file.path
    )]
}

fn length(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    let mut problems = Vec::new();
    if file.is_rust() && lines > LONGEST_FILE {
        problems.push(format!(
            "{}: {lines} lines, more than {LONGEST_FILE}: split it",
            file.path
        ));
    }
    if file.path == "src/main.rs" && lines >= LONGEST_MAIN {
        problems.push(format!(
            "{}: {lines} lines; the entry has fewer than {LONGEST_MAIN}",
            file.path
        ));
    }
    if file.path.ends_with("/mod.rs") {
        problems.push(format!(
            "{}: a module is `name.rs`, not `name/mod.rs`",
            file.path
        ));
    }
    problems
}

/// What is written into the source is there; what is not there yet stands elsewhere.
fn unfinished(file: &File) -> Vec<String> {
    if !file.is_source() {
        return Vec::new();
    }
    let marks = ["todo!", "unimplemented!", "TODO", "FIXME", "XXX"];
    let line_problems = |(number, line): (usize, &str)| {
        let found: Vec<&str> = marks
            .into_iter()
            .filter(|mark| line.contains(mark))
            .collect();
        found
            .into_iter()
            .map(move |mark| (number, mark))
            .collect::<Vec<_>>()
    };
    file.lines()
        .flat_map(line_problems)
        .map(|(number, mark)| format!("{}:{number}: `{mark}`", file.path))
        .collect()
}

/// A test may quote a text that has them; rustfmt sees to the code around it.
fn blanks(file: &File) -> Vec<String> {
    if file.is_rust() && !file.is_source() {
        return Vec::new();
    }
    let mut problems: Vec<String> = file
        .lines()
        .filter(|(_, line)| line.ends_with([' ', '\t', '\r']))
        .map(|(number, _)| format!("{}:{number}: blanks at the end of the line", file.path))
        .collect();
    if !file.text.ends_with('\n') || file.text.ends_with("\n\n") {
        problems.push(format!(
            "{}: the file does not end in exactly one line break",
            file.path
        ));
    }
    problems
}

#[test]
fn untidy_files_are_found() {
    let found = |rule: Rule, path: &str, text: &str| rule(&File::new(path, text)).join("; ");
    assert_eq!(
        found(module_docs, "src/x.rs", "use std::fmt;\n"),
        "src/x.rs: the module does not say what it is for: begin with `//! `"
    );
    assert_eq!(
        found(length, "src/x.rs", &"\n".repeat(401)),
        "src/x.rs: 401 lines, more than 400: split it"
    );
    assert_eq!(
        found(length, "src/main.rs", &"\n".repeat(40)),
        "src/main.rs: 40 lines; the entry has fewer than 40"
    );
    assert_eq!(
        found(length, "src/x/mod.rs", "//! X.\n"),
        "src/x/mod.rs: a module is `name.rs`, not `name/mod.rs`"
    );
    assert_eq!(
        found(unfinished, "src/x.rs", "//! X.\n// TODO: y\n"),
        "src/x.rs:2: `TODO`"
    );
    assert_eq!(
        found(blanks, "README.md", "one \ntwo"),
        "README.md:1: blanks at the end of the line; README.md: the file does not end in exactly one line break"
    );
}
