//! Who may import whom: arrows point inwards, and adapters do not know each other.

use super::files::File;

const INNER: [&str; 3] = ["model", "config", "reconcile"];

/// What each module of the crate may import of the others.
fn allowed(module: &str) -> Option<Vec<&'static str>> {
    let outer = [
        &INNER[..],
        &[
            "report", "sis", "umapi", "store", "http", "clock", "settings",
        ],
    ]
    .concat();
    Some(match module {
        "lib" | "model" | "clock" | "telemetry" => vec![],
        "config" | "store" => vec!["model"],
        "event" => vec!["config"],
        "http" => vec!["clock"],
        "settings" => vec!["model", "store"],
        "reconcile" => vec!["model", "config"],
        "report" => INNER.to_vec(),
        "sis" => vec!["model", "config", "http", "clock"],
        "umapi" => [&INNER[..], &["http", "clock"]].concat(),
        "pass" => outer,
        "wiring" => [&outer[..], &["pass"]].concat(),
        "handler" => [&outer[..], &["pass", "wiring", "event", "telemetry"]].concat(),
        "main" => vec!["handler", "clock", "http"],
        _ => return None,
    })
}

/// The table above.
pub(super) fn layers(file: &File) -> Vec<String> {
    let Some(&module) = file.module().first() else {
        return Vec::new();
    };
    let Some(allowed) = allowed(module) else {
        return vec![format!(
            "{}: `{module}` has no place in the import rule",
            file.path
        )];
    };
    imported(&file.code())
        .into_iter()
        .filter(|(_, other)| other != module && !allowed.contains(&other.as_str()))
        .map(|(line, other)| format!("{}:{line}: {module} may not import {other}", file.path))
        .collect()
}

/// What another module has is named from the crate's root: `crate::`, not `super::super::`.
pub(super) fn climbing(file: &File) -> Vec<String> {
    let depth = file.module().len();
    if depth == 0 {
        return Vec::new();
    }
    let root = "super::".repeat(depth);
    file.code()
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(&root))
        .map(|(index, _)| {
            format!(
                "{}:{}: `{root}` is the crate's root: write `crate::`",
                file.path,
                index + 1
            )
        })
        .collect()
}

/// A pass sees traits; which clients stand behind them is the business of `wiring`.
pub(super) fn concrete_clients(file: &File) -> Vec<String> {
    if file.module().first() != Some(&"pass") {
        return Vec::new();
    }
    let clients = [
        "sis::clever",
        "sis::oneroster",
        "umapi::client",
        "umapi::Client",
        "store::aws",
        "store::local",
    ];
    let code = file.code();
    clients
        .into_iter()
        .filter(|client| code.contains(client))
        .map(|client| format!("{}: a pass sees traits, not `{client}`", file.path))
        .collect()
}

/// The modules of ours that the code names, each with its line.
fn imported(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for root in ["crate::", "roster_sync::"] {
        for (start, _) in code.match_indices(root) {
            let line = code[..start].matches('\n').count() + 1;
            let modules = named(&code[start + root.len()..]);
            found.extend(modules.into_iter().map(|module| (line, module)));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The first name of a path, or of each path of a list in braces.
fn named(path: &str) -> Vec<String> {
    let Some(list) = path.strip_prefix('{') else {
        return vec![first_name(path)];
    };
    let mut depth = 0_usize;
    let mut paths = vec![String::new()];
    for letter in list.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => paths.push(String::new()),
            other if depth == 0 => paths.last_mut().unwrap().push(other),
            _ => {}
        }
    }
    paths
        .iter()
        .map(|path| first_name(path.trim()))
        .filter(|name| !name.is_empty())
        .collect()
}

fn first_name(path: &str) -> String {
    path.chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
        let file = File::new(path, text);
        (layers(&file), climbing(&file))
    }

    #[test]
    fn a_wrong_arrow_is_found_however_it_is_written() {
        let text = "use crate::model::id::{Email, UserKey};\nuse crate::{\n    http::{self, Http},\n    umapi,\n};\nfn f() -> crate::report::Status {}\n";
        assert_eq!(
            of("src/sis/clever.rs", text).0,
            [
                "src/sis/clever.rs:2: sis may not import umapi",
                "src/sis/clever.rs:6: sis may not import report"
            ]
        );
        assert_eq!(
            of(
                "src/http/pace.rs",
                "use crate::clock::Clock;\nuse crate::model::id;\n"
            )
            .0,
            ["src/http/pace.rs:2: http may not import model"]
        );
        assert_eq!(
            of("src/main.rs", "use roster_sync::pass;\n").0,
            ["src/main.rs:1: main may not import pass"]
        );
        assert_eq!(
            of("src/odd.rs", "").0,
            ["src/odd.rs: `odd` has no place in the import rule"]
        );
    }

    #[test]
    fn adapters_do_not_know_each_other() {
        let adapters = ["report", "sis", "umapi", "store"];
        for one in adapters {
            for other in adapters.into_iter().filter(|other| *other != one) {
                assert!(
                    !allowed(one).unwrap().contains(&other),
                    "{one} imports {other}"
                );
            }
        }
    }

    #[test]
    fn the_rule_has_no_circles() {
        fn reaches(from: &str, to: &str) -> bool {
            let next = allowed(from).unwrap();
            next.contains(&to) || next.into_iter().any(|between| reaches(between, to))
        }
        for module in [
            "model",
            "config",
            "reconcile",
            "report",
            "store",
            "settings",
            "pass",
            "wiring",
            "handler",
        ] {
            assert!(
                !reaches(module, module),
                "{module} imports itself in the end"
            );
        }
    }

    #[test]
    fn climbing_to_the_root_is_found() {
        assert_eq!(
            of("src/sis/clever.rs", "use super::Error;\n").1,
            Vec::<String>::new()
        );
        assert_eq!(
            of("src/sis/clever.rs", "use super::super::umapi;\n").1,
            ["src/sis/clever.rs:1: `super::super::` is the crate's root: write `crate::`"]
        );
    }

    #[test]
    fn a_client_in_a_pass_is_found() {
        let file = File::new("src/pass/gather.rs", "use crate::store::aws::Aws;\n");
        assert_eq!(
            concrete_clients(&file),
            ["src/pass/gather.rs: a pass sees traits, not `store::aws`"]
        );
    }
}
