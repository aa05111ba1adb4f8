//! YAML as a tree that remembers where everything stands and decides nothing about types: that is the schema's part.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::mistakes;

/// Line and column, both from 1; columns count characters.
pub(super) type Position = (usize, usize);

/// One node and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Where it begins.
    pub(super) at: Position,
    /// What it is.
    pub(super) value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text, not typed yet. `plain` is unquoted: only that can be empty or null.
    Scalar { text: String, plain: bool },
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file.
    Mapping(Vec<(Node, Node)>),
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// Where.
    pub(super) at: Position,
    /// In our words.
    pub(super) message: String,
}

impl Flaw {
    fn new(at: Position, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }
}

/// Deeper than any configuration goes; keeps recursion over the tree harmless.
const DEEPEST: usize = 64;

/// The most nodes that aliases may repeat: a file of a few lines can otherwise unfold to gigabytes.
const MOST_REPEATED: usize = 100_000;

/// What word processors make of quotation marks.
const CURLY: [char; 5] = ['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}'];

impl Node {
    fn null(at: Position) -> Self {
        Self {
            at,
            value: Value::Scalar {
                text: String::new(),
                plain: true,
            },
        }
    }

    /// Whether nothing stands there: an empty value, `~`, `null`, or quotes around nothing.
    pub(super) fn is_empty(&self) -> bool {
        match &self.value {
            Value::Scalar { text, plain } => {
                text.trim().is_empty()
                    || (*plain && matches!(text.as_str(), "~" | "null" | "Null" | "NULL"))
            }
            Value::Sequence(items) => items.is_empty(),
            Value::Mapping(entries) => entries.is_empty(),
        }
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// Keys and values of a mapping; nothing of anything else.
    pub(super) fn entries(&self) -> &[(Self, Self)] {
        match &self.value {
            Value::Mapping(entries) => entries,
            Value::Scalar { .. } | Value::Sequence(_) => &[],
        }
    }

    /// The value of a key, if this is a mapping that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(name, _)| name.text() == Some(key))
            .map(|(_, value)| value)
    }

    fn size(&self) -> usize {
        match &self.value {
            Value::Scalar { .. } => 1,
            Value::Sequence(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Value::Mapping(entries) => {
                1 + entries
                    .iter()
                    .map(|(key, value)| key.size() + value.size())
                    .sum::<usize>()
            }
        }
    }
}

/// The tree of a file, and what is wrong with it although it is YAML: keys that stand twice (the first one counts), and
/// curly quotation marks.
///
/// # Errors
/// The first place where the text is not YAML.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Flaw>), Flaw> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let mark = error.marker();
            mistakes::explain(text, (mark.line(), mark.col() + 1), error.info())
        })?;
        builder.take(event, span)?;
    }
    let root = builder.root.unwrap_or_else(|| Node::null((1, 1)));
    Ok((root, builder.flaws))
}

/// A list or mapping whose end has not come yet.
struct Open {
    at: Position,
    anchor: usize,
    value: Value,
    /// The key whose value comes next.
    key: Option<Node>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Node>,
    repeated: usize,
    documents: usize,
    root: Option<Node>,
    flaws: Vec<Flaw>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Flaw> {
        let at = (span.start.line().max(1), span.start.col() + 1);
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Flaw::new(
                        at,
                        "a second document begins here; a configuration file holds one. Delete the line '---' or what follows it",
                    ));
                }
            }
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                if plain && text.starts_with(CURLY) {
                    self.flaws.push(Flaw::new(
                        at,
                        "a curly quotation mark of a word processor begins this value. Write straight ones: \" or '",
                    ));
                }
                if plain && is_glued(&text) {
                    self.flaws.push(mistakes::glued_hyphen(at));
                }
                let text = if plain {
                    text.trim_matches(CURLY).to_owned()
                } else {
                    text.into_owned()
                };
                let value = Value::Scalar { text, plain };
                self.finish(Node { at, value }, anchor)?;
            }
            Event::Alias(anchor) => {
                let node = self.repeat(anchor, at)?;
                self.finish(node, 0)?;
            }
            Event::SequenceStart(anchor, _) => {
                self.begin(at, anchor, Value::Sequence(Vec::new()))?;
            }
            Event::MappingStart(anchor, _) => {
                self.begin(at, anchor, Value::Mapping(Vec::new()))?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end()?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn begin(&mut self, at: Position, anchor: usize, value: Value) -> Result<(), Flaw> {
        if self.open.len() >= DEEPEST {
            return Err(Flaw::new(at, "lists and sections are nested too deep here"));
        }
        self.open.push(Open {
            at,
            anchor,
            value,
            key: None,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Flaw> {
        let Some(Open {
            at,
            anchor,
            mut value,
            ..
        }) = self.open.pop()
        else {
            return Ok(());
        };
        if let Value::Mapping(entries) = &mut value {
            merge(entries);
        }
        self.finish(Node { at, value }, anchor)
    }

    /// What an alias stands for.
    fn repeat(&mut self, anchor: usize, at: Position) -> Result<Node, Flaw> {
        let node = self
            .anchors
            .get(&anchor)
            .ok_or_else(|| Flaw::new(at, "this '*' refers to the section that it stands in"))?;
        self.repeated += node.size();
        if self.repeated > MOST_REPEATED {
            return Err(Flaw::new(at, "the references with '*' repeat too much"));
        }
        Ok(node.clone())
    }

    /// Puts a finished node where it belongs.
    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Flaw> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut parent.value, parent.key.take()) {
            (Value::Sequence(items), _) => items.push(node),
            (Value::Mapping(entries), Some(key)) => {
                let first = entries.iter().find(|(other, _)| other.text() == key.text());
                if let (Some((first, _)), Some(name)) = (first, key.text()) {
                    let (line, column) = first.at;
                    self.flaws.push(Flaw::new(
                        key.at,
                        format!("{name}: this key stands here a second time; the first is at {line}:{column}. Keep one of them"),
                    ));
                } else {
                    entries.push((key, node));
                }
            }
            (Value::Mapping(_), None) if node.text().is_none() => {
                return Err(Flaw::new(
                    node.at,
                    "a list or section stands where the name of a key is expected",
                ));
            }
            (Value::Mapping(_), None) => parent.key = Some(node),
            (Value::Scalar { .. }, _) => {}
        }
        Ok(())
    }
}

/// `-Spark`: an entry of a list without the blank that makes it one.
fn is_glued(text: &str) -> bool {
    let behind = text.strip_prefix('-').and_then(|rest| rest.chars().next());
    behind.is_some_and(|c| c.is_alphabetic() || matches!(c, '"' | '\''))
}

/// `<<: *other` brings the keys of the other section that are not written here (YAML 1.1, as UST's parser reads it).
fn merge(entries: &mut Vec<(Node, Node)>) {
    let Some(place) = entries.iter().position(|(key, _)| is_merge(key)) else {
        return;
    };
    let (_, merged) = entries.remove(place);
    let sources = match merged.value {
        Value::Sequence(items) => items,
        Value::Mapping(_) | Value::Scalar { .. } => vec![merged],
    };
    for (key, value) in sources.iter().flat_map(Node::entries) {
        if !entries.iter().any(|(known, _)| known.text() == key.text()) {
            entries.push((key.clone(), value.clone()));
        }
    }
}

fn is_merge(key: &Node) -> bool {
    matches!(&key.value, Value::Scalar { text, plain: true } if text == "<<")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node {
        parse(text).unwrap().0
    }

    #[test]
    fn every_node_knows_its_place() {
        let root = tree("a:\n  b: 'c'\n  d: [1, x]\n");
        let a = root.get("a").unwrap();
        assert_eq!(a.get("b").unwrap().at, (2, 6));
        assert_eq!(a.get("d").unwrap().at, (3, 6));
    }

    #[test]
    fn anchors_and_merges_are_unfolded() {
        let root = tree("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n");
        let y = root.get("y").unwrap();
        assert_eq!(y.get("a").and_then(Node::text), Some("1"));
        assert_eq!(y.get("b").and_then(Node::text), Some("3"));
    }

    #[test]
    fn a_key_that_stands_twice_is_reported_with_both_places() {
        let (_, duplicates) = parse("a: 1\nb: 2\na: 3\n").unwrap();
        assert_eq!(duplicates.len(), 1);
        assert_eq!(duplicates[0].at, (3, 1));
        assert!(duplicates[0].message.contains("1:1"));
    }

    #[test]
    fn references_cannot_unfold_without_end() {
        let level = |n: usize| {
            let below = format!("*a{}", n - 1);
            format!("a{n}: &a{n} [{}]\n", vec![below; 10].join(", "))
        };
        let first = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        let text: String = std::iter::once(first).chain((1..9).map(level)).collect();
        assert!(parse(&text).is_err());
        assert!(parse("a: &a [*a]\n").is_err());
        assert!(parse(&"[".repeat(500)).is_err());
    }

    #[test]
    fn an_empty_file_is_an_empty_tree() {
        assert!(tree("").is_empty());
        assert!(tree("# nothing\n").is_empty());
    }
}
