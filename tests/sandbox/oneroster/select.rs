//! `filter`, `sort` and `fields` (1EdTech, OneRoster 1.1 specification, section 3.4).

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::row::{Row, Type, Writer};

/// A filter: one or two clauses.
#[derive(Debug)]
pub(super) struct Filter {
    clauses: Vec<Clause>,
    /// Whether one clause is enough.
    any: bool,
}

#[derive(Debug)]
struct Clause {
    field: String,
    operator: &'static str,
    /// In lower case.
    value: String,
}

/// The longer ones first.
const OPERATORS: [&str; 7] = ["!=", ">=", "<=", "=", ">", "<", "~"];

impl Filter {
    /// Reads `field='value'`, or two of them with ` AND ` or ` OR ` between. A quote ends a value where the filter or
    /// its clause ends.
    pub(super) fn parse(text: &str, kind: Type) -> Result<Self, String> {
        let split = [" AND ", " OR "].into_iter().find_map(|word| {
            let (one, other) = text.split_once(&format!("'{word}"))?;
            Some((format!("{one}'"), other, word == " OR "))
        });
        let (texts, any) = match &split {
            Some((one, other, any)) => (vec![one.as_str(), other], *any),
            None => (vec![text], false),
        };
        let clauses = texts.into_iter().map(|text| Clause::parse(text, kind));
        Ok(Self {
            clauses: clauses.collect::<Result<_, _>>()?,
            any,
        })
    }

    pub(super) fn takes(&self, writer: Writer<'_>, row: Row<'_>) -> bool {
        let mut clauses = self.clauses.iter();
        if self.any {
            clauses.any(|clause| clause.takes(writer, row))
        } else {
            clauses.all(|clause| clause.takes(writer, row))
        }
    }
}

impl Clause {
    fn parse(text: &str, kind: Type) -> Result<Self, String> {
        let bad = || format!("the filter {text} is not understood");
        let (head, value) = text.split_once('\'').ok_or_else(bad)?;
        let value = value.strip_suffix('\'').ok_or_else(bad)?;
        let operator = OPERATORS
            .into_iter()
            .find(|operator| head.ends_with(operator));
        let operator = operator.ok_or_else(bad)?;
        let field = head.strip_suffix(operator).ok_or_else(bad)?;
        let (root, inner) = field.split_once('.').unwrap_or((field, ""));
        if !kind.has(root) || !["", "sourcedId"].contains(&inner) {
            return Err(format!("there is no field {field}"));
        }
        Ok(Self {
            field: field.to_owned(),
            operator,
            value: value.to_lowercase(),
        })
    }

    /// Of a list any entry will do.
    fn takes(&self, writer: Writer<'_>, row: Row<'_>) -> bool {
        let texts = texts(writer, row, &self.field);
        texts.iter().any(|text| {
            let order = text.as_str().cmp(self.value.as_str());
            match self.operator {
                "=" => order == Ordering::Equal,
                "!=" => order != Ordering::Equal,
                ">" => order == Ordering::Greater,
                ">=" => order != Ordering::Less,
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                _ => text.contains(&self.value),
            }
        })
    }
}

/// The values of a field, trimmed and in lower case; of a reference that of its `sourcedId`.
fn texts(writer: Writer<'_>, row: Row<'_>, field: &str) -> Vec<String> {
    let plain = |text: &str| text.trim().to_lowercase();
    let patched = writer.district.patches.contains_key(&row.id());
    match (row, field) {
        // Without writing the record: what large collections are asked for.
        (_, "sourcedId") if !patched => return vec![plain(&row.id())],
        (Row::Enrollment(section, ..), "class.sourcedId") if !patched => {
            return vec![plain(&section.id)];
        }
        (Row::Enrollment(section, ..), "school.sourcedId") if !patched => {
            return vec![plain(&section.school)];
        }
        (Row::Enrollment(_, person, _), "user.sourcedId") if !patched => {
            return vec![plain(person)];
        }
        _ => {}
    }
    let record = writer.json(row);
    let (root, inner) = field.split_once('.').unwrap_or((field, ""));
    let of = |value: &Value| {
        let value = if inner.is_empty() {
            value
        } else {
            &value[inner]
        };
        match value {
            Value::String(text) => plain(text),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    };
    match record.get(root) {
        Some(Value::Array(entries)) => entries.iter().map(of).collect(),
        Some(value) => vec![of(value)],
        None => vec![String::new()],
    }
}

/// Sorts by a field, ascending or descending.
pub(super) fn sort(
    writer: Writer<'_>,
    rows: &mut [Row<'_>],
    kind: Type,
    field: &str,
    order: Option<&str>,
) -> Result<(), String> {
    if !kind.has(field) {
        return Err(format!("there is no field {field} to sort by"));
    }
    rows.sort_by_cached_key(|row| texts(writer, *row, field));
    match order {
        None | Some("asc") => Ok(()),
        Some("desc") => {
            rows.reverse();
            Ok(())
        }
        Some(_) => Err("orderBy is asc or desc".to_owned()),
    }
}

/// Leaves only these fields of a record.
pub(super) fn only(record: &mut Map<String, Value>, fields: &[&str]) {
    record.retain(|name, _| fields.contains(&name.as_str()));
}

/// The names in `fields`.
pub(super) fn fields(text: &str, kind: Type) -> Result<Vec<&str>, String> {
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    match names.iter().find(|name| !kind.has(name)) {
        Some(unknown) => Err(format!("there is no field {unknown}")),
        None => Ok(names),
    }
}
