//! The project's own text files.

use std::fs;
use std::path::Path;

/// Folders whose files are read, and single files beside them.
const PLACES: [&str; 8] = [
    "src",
    "tests",
    "infra",
    "events",
    "README.md",
    "Cargo.toml",
    ".ci/run",
    ".ci/tools.sh",
];
/// Other kinds of files keep their own rules.
const KINDS: [&str; 8] = ["rs", "toml", "yml", "yaml", "json", "py", "sh", "md"];

/// One file.
pub(super) struct File {
    /// Relative to the project, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    pub(super) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    pub(super) fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|kind| kind == "rs")
    }

    /// Whether it is part of the program.
    pub(super) fn is_source(&self) -> bool {
        self.is_rust() && self.path.starts_with("src/")
    }

    /// The modules from the crate's root to this file: `["umapi", "wire"]`. Empty for what is not part of the program.
    pub(super) fn module(&self) -> Vec<&str> {
        self.path
            .strip_prefix("src/")
            .and_then(|path| path.strip_suffix(".rs"))
            .map(|path| path.split('/').collect())
            .unwrap_or_default()
    }

    /// Lines, counted from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .split_terminator('\n')
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// The program's text in as many lines, without comments and without the tests at its end.
    pub(super) fn code(&self) -> String {
        let program = self
            .text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default();
        let mut code = String::new();
        for line in program.split_inclusive('\n') {
            let end = line
                .match_indices("//")
                .map(|(start, _)| start)
                // The slashes of `https://` begin no comment.
                .find(|start| !line[..*start].ends_with(':'));
            code.push_str(end.map_or(line, |end| &line[..end]));
            if end.is_some() {
                code.push('\n');
            }
        }
        code
    }
}

/// Every file, in the order of paths.
pub(super) fn all() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for place in PLACES {
        collect(root, &root.join(place), &mut files);
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn collect(root: &Path, place: &Path, files: &mut Vec<File>) {
    if place.is_dir() {
        for entry in fs::read_dir(place).unwrap() {
            collect(root, &entry.unwrap().path(), files);
        }
        return;
    }
    let known = place
        .extension()
        .and_then(|kind| kind.to_str())
        .is_none_or(|kind| KINDS.contains(&kind));
    if known && place.exists() {
        let path = place
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        files.push(File {
            path,
            text: fs::read_to_string(place).unwrap(),
        });
    }
}

#[test]
fn comments_and_tests_are_no_code() {
    let text = "//! Doc of tokio.\nlet url = \"https://host\"; // async\n#[cfg(test)]\nmod tests {\n    use tokio;\n}\n";
    assert_eq!(
        File::new("src/x.rs", text).code(),
        "\nlet url = \"https://host\"; \n"
    );
}
