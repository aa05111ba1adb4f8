//! The middle of a pass is synchronous and deterministic: no I/O, no clock, no environment, no log.

use super::files::File;

const PURE: [&str; 4] = ["model", "config", "reconcile", "report"];
/// What makes code wait, look at the world or tell it something.
const IMPURE: [&str; 20] = [
    "async",
    "await",
    "tokio",
    "futures_util",
    "reqwest",
    "lambda_runtime",
    "tracing",
    "aws_config",
    "aws_sdk_s3",
    "aws_sdk_secretsmanager",
    "std::env",
    "std::fs",
    "TcpStream",
    "UdpSocket",
    "ToSocketAddrs",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "Timestamp::now",
];

/// Impure words in a pure module.
pub(super) fn impure(file: &File) -> Vec<String> {
    let module = file.module();
    if !module.first().is_some_and(|module| PURE.contains(module)) {
        return Vec::new();
    }
    // An address is a noun; reqwest only gives its type.
    let code = file.code().replace("reqwest::Url", "Url");
    let words = |line: &str| {
        IMPURE
            .into_iter()
            .filter(|word| has_word(line, word))
            .collect::<Vec<_>>()
    };
    code.lines()
        .enumerate()
        .flat_map(|(index, line)| words(line).into_iter().map(move |word| (index + 1, word)))
        .map(|(number, word)| format!("{}:{number}: `{word}` in the pure core", file.path))
        .collect()
}

fn has_word(line: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(start, _)| {
        !line[..start].ends_with(is_part) && !line[start + word.len()..].starts_with(is_part)
    })
}

#[test]
fn impure_words_are_found() {
    let of = |path: &str, text: &str| impure(&File::new(path, text));
    let text = "use reqwest::Url;\n// async\nfn instantly() {}\nuse std::time::SystemTime;\npub async fn f() {}\n";
    assert_eq!(
        of("src/config/host.rs", text),
        [
            "src/config/host.rs:4: `SystemTime` in the pure core",
            "src/config/host.rs:5: `async` in the pure core"
        ]
    );
    assert_eq!(of("src/http/retry.rs", text), Vec::<String>::new());
    assert_eq!(
        of("src/model.rs", "use aws_sdk_s3::Client;\n"),
        ["src/model.rs:1: `aws_sdk_s3` in the pure core"]
    );
}
