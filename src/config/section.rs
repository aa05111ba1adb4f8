//! Typed access to the tree. The schema asks for every key it knows; what it did not ask for is unknown. Whatever is
//! wrong is gathered, and reading goes on.

use std::ops::RangeInclusive;

use crate::model::id::fold;

use super::tree::{Node, Position, Value};
use super::{Problem, credentials, homes, words};

/// What was found while one file was read.
#[derive(Debug)]
pub(super) struct Findings {
    file: String,
    problems: Vec<Problem>,
    notices: Vec<String>,
}

impl Findings {
    /// For the file of this name.
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            problems: Vec::new(),
            notices: Vec::new(),
        }
    }

    /// Something that has to be corrected.
    pub(super) fn problem(&mut self, at: Position, message: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.clone(),
            at: Some(at),
            message: message.into(),
        });
    }

    /// Something that has no effect here.
    pub(super) fn notice(&mut self, sentence: impl AsRef<str>) {
        self.notices
            .push(format!("{}: {}", self.file, sentence.as_ref()));
    }

    /// Whether there is something to correct.
    pub(super) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// Problems by position, and notices as they came.
    pub(super) fn into_parts(mut self) -> (Vec<Problem>, Vec<String>) {
        self.problems.sort();
        self.problems.dedup();
        (self.problems, self.notices)
    }
}

/// A section of the file, key by key.
#[derive(Debug)]
pub(super) struct Section<'n> {
    /// Where it begins.
    pub(super) at: Position,
    entries: &'n [(Node, Node)],
    known: Vec<&'static str>,
    /// Those of them that may have a value.
    listed: Vec<&'static str>,
}

impl<'n> Section<'n> {
    /// The whole file.
    pub(super) fn root(node: &'n Node) -> Self {
        Self {
            at: (1, 1),
            entries: node.entries(),
            known: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// An absent section.
    pub(super) fn absent(at: Position) -> Self {
        Self {
            at,
            entries: &[],
            known: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// The value of a key. An empty key is an absent key. One that is misspelt by a letter, and reported for that, is
    /// read all the same: what stands below it is checked, too, and nothing is called missing.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Field<'n>> {
        if !self.listed.contains(&key) {
            self.listed.push(key);
        }
        self.take_unlisted(key)
    }

    /// As [`Self::take`], of a key that messages do not offer: it is refused, or has no effect.
    pub(super) fn take_unlisted(&mut self, key: &'static str) -> Option<Field<'n>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let named = |(name, _): &&(Node, Node)| name.text() == Some(key);
        let meant = |(name, _): &&(Node, Node)| {
            name.text().is_some_and(|text| words::is_slip_of(key, text))
        };
        let entry = self.entries.iter().find(named);
        entry
            .or_else(|| self.entries.iter().find(meant))
            .filter(|(_, node)| !node.is_empty())
            .map(|(name, node)| Field {
                key,
                key_at: name.at,
                node,
            })
    }

    /// A key of which two spellings exist; both in one file are a problem.
    pub(super) fn take_either(
        &mut self,
        key: &'static str,
        other: &'static str,
        findings: &mut Findings,
    ) -> Option<Field<'n>> {
        either(self.take(key), self.take(other), findings)
    }

    /// A section below this one; an empty one where it is absent.
    pub(super) fn section(&mut self, key: &'static str, findings: &mut Findings) -> Self {
        let at = self.at;
        self.take(key)
            .map_or(Self::absent(at), |field| field.section(findings))
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self, findings: &mut Findings) {
        for (name, _) in self.entries {
            let key = name.text().unwrap_or_default();
            if self.known.contains(&key) || credentials::is_credential(key) {
                continue;
            }
            let message = credentials::out_of_place(key).map_or_else(
                || {
                    let unknown = homes::unknown(key, name.at.1, &self.known, &self.listed);
                    format!("{}: {unknown}", short(key))
                },
                |sentence| format!("{}: {sentence}", short(key)),
            );
            findings.problem(name.at, message);
        }
    }
}

/// A key as messages repeat it.
fn short(key: &str) -> String {
    key.chars().take(60).collect()
}

/// Two names or two places of one setting: at most one may be filled.
pub(super) fn either<'n>(
    one: Option<Field<'n>>,
    other: Option<Field<'n>>,
    findings: &mut Findings,
) -> Option<Field<'n>> {
    if let (Some(one), Some(other)) = (&one, &other) {
        let (line, column) = one.key_at;
        let same = if one.key == other.key {
            "this setting"
        } else {
            one.key
        };
        findings.problem(
            other.key_at,
            format!(
                "{}: {same} stands at {line}:{column} already, and both mean the same. Keep one of them",
                other.key
            ),
        );
    }
    one.or(other)
}

/// A key with a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'n> {
    /// The key.
    pub(super) key: &'static str,
    /// Where the key stands.
    pub(super) key_at: Position,
    /// The value.
    pub(super) node: &'n Node,
}

impl<'n> Field<'n> {
    /// Reports the value.
    pub(super) fn problem(&self, findings: &mut Findings, message: impl AsRef<str>) {
        findings.problem(self.node.at, format!("{}: {}", self.key, message.as_ref()));
    }

    /// Reports the key.
    pub(super) fn refuse(&self, findings: &mut Findings, message: impl AsRef<str>) {
        findings.problem(self.key_at, format!("{}: {}", self.key, message.as_ref()));
    }

    /// One text, without surrounding blanks.
    pub(super) fn text(&self, findings: &mut Findings) -> Option<&'n str> {
        let text = self.node.text().map(str::trim);
        if text.is_none() {
            self.problem(
                findings,
                "one value is expected here, not a list or a section",
            );
        }
        text
    }

    /// As [`Self::text`]; the example texts of the manual and of UST count as absent.
    pub(super) fn filled(&self, findings: &mut Findings) -> Option<&'n str> {
        self.text(findings)
            .filter(|text| !words::is_example_text(text))
    }

    /// Yes or No.
    pub(super) fn flag(&self, findings: &mut Findings) -> Option<bool> {
        let text = self.text(findings)?;
        let flag = words::flag(text);
        if flag.is_none() {
            self.problem(
                findings,
                format!("{} is neither Yes nor No", words::quoted(text)),
            );
        }
        flag
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self, findings: &mut Findings) -> Option<u64> {
        let text = self.text(findings)?;
        let number = text.replace('_', "").parse().ok();
        if number.is_none() {
            let negative = text
                .strip_prefix('-')
                .is_some_and(|rest| rest.parse::<u64>().is_ok());
            let wrong = if negative {
                "is negative"
            } else {
                "is not a whole number"
            };
            self.problem(
                findings,
                format!(
                    "{} {wrong}; write digits alone, 0 or more",
                    words::quoted(text)
                ),
            );
        }
        number
    }

    /// As [`Self::number`], in this range, which is one of these units.
    pub(super) fn number_of(
        &self,
        unit: &str,
        range: &RangeInclusive<u64>,
        findings: &mut Findings,
    ) -> Option<u64> {
        let number = self.number(findings)?;
        let fits = range.contains(&number);
        if !fits {
            let (least, most) = (range.start(), range.end());
            self.problem(
                findings,
                format!("'{number}' is not possible; write {unit} from {least} to {most}"),
            );
        }
        fits.then_some(number)
    }

    /// As [`Self::number`], no larger than fits.
    pub(super) fn small_number(&self, findings: &mut Findings) -> Option<u32> {
        let number = self.number(findings)?;
        let small = u32::try_from(number).ok();
        if small.is_none() {
            self.problem(findings, format!("'{number}' is too large"));
        }
        small
    }

    /// One of these words, without regard to case.
    pub(super) fn choice<T: Copy>(
        &self,
        choices: &[(&'static str, T)],
        findings: &mut Findings,
    ) -> Option<T> {
        let text = self.text(findings)?;
        let folded = fold(text);
        let chosen = choices
            .iter()
            .find(|(word, _)| fold(word) == folded)
            .map(|(_, value)| *value);
        if chosen.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            self.problem(findings, words::unknown(text, words));
        }
        chosen
    }

    /// One text or a list of texts, each with its position; empty entries are left out.
    pub(super) fn texts(&self, findings: &mut Findings) -> Vec<(Position, &'n str)> {
        let nodes: Vec<&Node> = match &self.node.value {
            Value::Sequence(items) => items.iter().collect(),
            Value::Scalar { .. } | Value::Mapping(_) => vec![self.node],
        };
        let mut texts = Vec::new();
        for node in nodes.into_iter().filter(|node| !node.is_empty()) {
            match node.text() {
                Some(text) => texts.push((node.at, text.trim())),
                None => findings.problem(
                    node.at,
                    format!("{}: a text is expected here, not a section", self.key),
                ),
            }
        }
        texts
    }

    /// The keys below this one.
    pub(super) fn section(&self, findings: &mut Findings) -> Section<'n> {
        if self.node.entries().is_empty() {
            self.problem(
                findings,
                "keys with values are expected below this one, on lines of their own and indented further",
            );
        }
        Section {
            at: self.key_at,
            entries: self.node.entries(),
            known: Vec::new(),
            listed: Vec::new(),
        }
    }

    /// A setting of a later version: only No may stand here, which is what it is without being written.
    pub(super) fn later(&self, findings: &mut Findings) {
        if self.node.text().and_then(words::flag) != Some(false) {
            self.refuse(
                findings,
                "this is not available in this version. Delete the line or write No",
            );
        }
    }

    /// What UST does with this has no meaning here and does no harm.
    pub(super) fn idle(&self, why: &str, findings: &mut Findings) {
        findings.notice(format!("{} has no effect: {why}", self.key));
    }
}
