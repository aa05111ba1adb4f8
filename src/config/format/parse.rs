//! Python's `str.format`, as far as it says something about a person: text and names in braces.

use super::{Piece, Spec};
use crate::config::words;

/// The pieces of a format.
///
/// # Errors
/// A sentence.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at_checked(start).unwrap_or((rest, ""));
        plain.push_str(before);
        if let Some(behind) = brace.strip_prefix("{{") {
            plain.push('{');
            rest = behind;
        } else if let Some(behind) = brace.strip_prefix("}}") {
            plain.push('}');
            rest = behind;
        } else if let Some(inside) = brace.strip_prefix('{') {
            let (field, behind) = inside.split_once('}').ok_or_else(not_closed)?;
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(attribute(field)?);
            rest = behind;
        } else {
            return Err(
                "a '}' closes nothing. An attribute is written {email}, and a brace that belongs to the text }}"
                    .to_owned(),
            );
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

fn not_closed() -> String {
    "a '{' is not closed. An attribute is written {email}, and a brace that belongs to the text {{"
        .to_owned()
}

/// What stands between two braces.
fn attribute(field: &str) -> Result<Piece, String> {
    if field.contains('{') {
        // Another brace opens before this one is closed; behind the colon, Python would look for a name in it.
        return Err(if field.contains(':') {
            format!(
                "{} has braces inside its braces. Write the width as a number",
                shown(field)
            )
        } else {
            not_closed()
        });
    }
    let end = field.find(['!', ':']).unwrap_or(field.len());
    let (name, rest) = field.split_at_checked(end).unwrap_or((field, ""));
    check_name(field, name)?;
    let spec = match rest.strip_prefix('!') {
        Some(conversion) => converted(field, conversion)?,
        None => rest.strip_prefix(':').unwrap_or_default(),
    };
    let spec = Spec::parse(spec).ok_or_else(|| {
        format!(
            "in {}, what stands behind the colon is no format of a text. Possible are a width, such as :>8 or :08, and a greatest length, such as :.8",
            shown(field)
        )
    })?;
    Ok(Piece::Attribute {
        name: name.to_lowercase(),
        spec,
    })
}

fn check_name(field: &str, name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("{} names no attribute. Write its name between the braces: {email}".to_owned());
    }
    if name.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!(
            "{} counts values, and there are only attributes with names. Write a name between the braces: {{email}}",
            shown(field)
        ));
    }
    if name.contains(['.', '[']) {
        return Err(format!(
            "{} asks for a part of an attribute, and only whole ones can be used. First and last name are {{givenName}} and {{familyName}}",
            shown(field)
        ));
    }
    if name
        .chars()
        .all(|c| c.is_alphanumeric() || "_-".contains(c))
    {
        Ok(())
    } else {
        Err(format!(
            "{} is not the name of an attribute. A name has letters, digits, '_' and '-', and no blanks around it",
            shown(field)
        ))
    }
}

/// The format behind a conversion. Values are texts, so `!s` changes nothing.
fn converted<'f>(field: &str, conversion: &'f str) -> Result<&'f str, String> {
    let spec = match conversion.split_once(':') {
        Some(("s", spec)) => Some(spec),
        None if conversion == "s" => Some(""),
        _ => None,
    };
    spec.ok_or_else(|| {
        format!(
            "{} converts the value for programmers. Leave out what begins with '!'",
            shown(field)
        )
    })
}

fn shown(field: &str) -> String {
    words::quoted(&format!("{{{field}}}"))
}
