//! Bytes of a configuration file to text: what Windows editors leave in a file is read or named.

use super::tree::Position;

/// Why a file is not text that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// Where the first byte of it stands.
    pub(super) at: Position,
    /// What it is saved as, and as what it should be.
    pub(super) message: &'static str,
}

const UTF_16: &str = "this file is saved as UTF-16 (Windows calls it Unicode). Save it as UTF-8: in Notepad with File > Save as, Encoding: UTF-8";
const NOT_UTF_8: &str = "this file is not saved as UTF-8: from this letter on it looks like Windows-1252 (Windows calls it ANSI). Save it as UTF-8: in Notepad with File > Save as, Encoding: UTF-8";

/// UTF-8 with or without a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, Unreadable> {
    let utf_16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if utf_16 {
        return Err(Unreadable {
            at: (1, 1),
            message: UTF_16,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Unreadable {
            at: end_of(&String::from_utf8_lossy(good)),
            message: NOT_UTF_8,
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Every other byte of UTF-16 text in Latin letters is zero. The YAML scanner takes a zero for the end of the file.
    if let Some((before, _)) = text.split_once('\0') {
        return Err(Unreadable {
            at: end_of(before),
            message: UTF_16,
        });
    }
    Ok(text)
}

/// What can be read of a file in another encoding: enough to find the names of other files in it.
pub(super) fn legible(bytes: &[u8]) -> String {
    let bytes = bytes.iter().copied().filter(u8::is_ascii);
    bytes.map(char::from).filter(|c| *c != '\0').collect()
}

/// The position behind this text.
fn end_of(text: &str) -> Position {
    let line = text.split('\n').count();
    let last = text.rsplit('\n').next().unwrap_or_default();
    (
        line,
        last.trim_start_matches('\u{feff}').chars().count() + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(decode(b"\xef\xbb\xbfa: b\r\n").unwrap(), "a: b\r\n");
    }

    #[test]
    fn utf_16_is_named_with_and_without_its_mark() {
        for bytes in [&b"\xff\xfea\0:\0"[..], b"\xfe\xff\0a\0:", b"a\0:\0 \0b\0"] {
            assert!(decode(bytes).unwrap_err().message.contains("UTF-16"));
        }
    }

    #[test]
    fn windows_1252_is_named_at_its_first_letter() {
        let found = decode(b"a: b\nname: Z\xfcrich\n").unwrap_err();
        assert_eq!(found.at, (2, 8));
        assert!(found.message.contains("Windows-1252"));
    }
}
