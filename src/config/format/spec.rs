//! What stands behind the colon: Python's format specification of a text, `[[fill]align][0][width][.precision][s]`.

use std::borrow::Cow;
use std::fmt;

/// Wider than any value of an account.
const WIDEST: usize = 255;

/// How a value is cut and padded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spec {
    fill: char,
    align: Align,
    /// The least number of characters.
    width: usize,
    /// The most characters of the value.
    precision: Option<usize>,
}

/// Where the value stands in its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
    Center,
}

impl Default for Spec {
    /// As it is.
    fn default() -> Self {
        Self {
            fill: ' ',
            align: Align::Left,
            width: 0,
            precision: None,
        }
    }
}

impl Align {
    fn of(sign: char) -> Option<Self> {
        match sign {
            '<' => Some(Self::Left),
            '>' => Some(Self::Right),
            '^' => Some(Self::Center),
            _ => None,
        }
    }
}

/// As it would be written: fill and alignment, then width and precision where there are any.
impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let align = match self.align {
            Align::Left => '<',
            Align::Right => '>',
            Align::Center => '^',
        };
        write!(f, "{}{align}", self.fill)?;
        if self.width > 0 {
            write!(f, "{}", self.width)?;
        }
        self.precision.map_or(Ok(()), |most| write!(f, ".{most}"))
    }
}

impl Spec {
    /// Reads what stands behind the colon; `None` where Python would not take it for a text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut spec = Self::default();
        let (fill, rest) = spec.alignment(text);
        // A zero before the width is the character to fill with, where none is written.
        let zero = rest.starts_with('0').then_some('0');
        spec.fill = fill.or(zero).unwrap_or(' ');
        let (width, rest) = number(rest)?;
        spec.width = width.unwrap_or(0);
        let rest = match rest.strip_prefix('.') {
            Some(rest) => {
                let (precision, rest) = number(rest)?;
                spec.precision = Some(precision?);
                rest
            }
            None => rest,
        };
        matches!(rest, "" | "s").then_some(spec)
    }

    /// Takes `[[fill]align]`; returns the character to fill with, and the rest.
    fn alignment<'t>(&mut self, text: &'t str) -> (Option<char>, &'t str) {
        let mut letters = text.chars();
        let (first, second) = (letters.next(), letters.next());
        if let (Some(fill), Some(align)) = (first, second.and_then(Align::of)) {
            self.align = align;
            return (Some(fill), letters.as_str());
        }
        let Some(align) = first.and_then(Align::of) else {
            return (None, text);
        };
        self.align = align;
        (None, text.get(1..).unwrap_or_default())
    }

    /// The value, cut and padded.
    pub(super) fn apply<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let value: Cow<'v, str> = match self.precision {
            Some(most) => value.chars().take(most).collect::<String>().into(),
            None => value.into(),
        };
        let missing = self.width.saturating_sub(value.chars().count());
        if missing == 0 {
            return value;
        }
        let before = match self.align {
            Align::Left => 0,
            Align::Right => missing,
            Align::Center => missing / 2,
        };
        let fill = |count: usize| std::iter::repeat_n(self.fill, count);
        let padded = fill(before)
            .chain(value.chars())
            .chain(fill(missing - before));
        padded.collect::<String>().into()
    }
}

/// The digits at the beginning, if there are any, and the rest; `None` where the number is too large.
fn number(text: &str) -> Option<(Option<usize>, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() {
        return Some((None, rest));
    }
    let number = digits.parse().ok().filter(|number| *number <= WIDEST)?;
    Some((Some(number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_padded_as_python_does() {
        for (spec, value, formatted) in [
            ("", "ab", "ab"),
            ("s", "ab", "ab"),
            ("5", "ab", "ab   "),
            (">5", "ab", "   ab"),
            ("^5", "ab", " ab  "),
            ("^4", "a", " a  "),
            ("05", "ab", "ab000"),
            ("005", "ab", "ab000"),
            (">05", "ab", "000ab"),
            ("<05", "ab", "ab000"),
            ("*<05", "ab", "ab***"),
            (" >05", "ab", "   ab"),
            ("*^05", "a", "**a**"),
            ("=>5", "ab", "===ab"),
            ("<<5", "ab", "ab<<<"),
            (":>5", "ab", ":::ab"),
            ("é>4", "ñü", "ééñü"),
            ("^6.3s", "abcdef", " abc  "),
            (".0", "ab", ""),
            (".1", "ñü", "ñ"),
            ("0", "ab", "ab"),
            ("1", "ab", "ab"),
        ] {
            assert_eq!(Spec::parse(spec).unwrap().apply(value), formatted, "{spec}");
        }
    }

    #[test]
    fn what_python_takes_for_numbers_only_is_none() {
        for spec in [
            "=5", "+5", "5d", ".", ",", "5_", "#5", "5.s", "ss", "99999", "x",
        ] {
            assert_eq!(Spec::parse(spec), None, "{spec}");
        }
    }
}
