//! Places in S3, as settings write them.

use std::fmt;

/// A bucket and the key prefix below which everything lies: `s3://bucket/prefix/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The bucket.
    pub bucket: String,
    /// Empty, or ends in `/`.
    pub prefix: String,
}

/// One object: the folder it lies in and its name there. Files that it names by relative name lie in the same folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentUri {
    /// The folder.
    pub folder: Location,
    /// The name in the folder; holds no `/`.
    pub file: String,
}

/// Not a place in S3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUri {
    /// It does not begin with `s3://`.
    #[error("{0:?} does not begin with s3://")]
    Scheme(String),
    /// What stands between `s3://` and the next `/` names no bucket.
    #[error(
        "{0:?} does not name a bucket: the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens"
    )]
    Bucket(String),
    /// The path has an empty, a `.` or a `..` part.
    #[error("{0:?} has an empty part, '.' or '..' in its path")]
    Path(String),
    /// It names a folder where an object is wanted.
    #[error("{0:?} names a folder: name the file in it")]
    Folder(String),
}

impl Location {
    /// Reads `s3://bucket`, `s3://bucket/` or `s3://bucket/prefix/`; the last slash may be missing.
    ///
    /// # Errors
    /// [`InvalidUri`]
    pub fn parse(uri: &str) -> Result<Self, InvalidUri> {
        let (bucket, path) = split(uri)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        if path.is_empty() {
            return Ok(Self {
                bucket: bucket.to_owned(),
                prefix: String::new(),
            });
        }
        check_path(path, uri)?;
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: format!("{path}/"),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

impl DocumentUri {
    /// Reads `s3://bucket/folder/file` or `s3://bucket/file`.
    ///
    /// # Errors
    /// [`InvalidUri`]
    pub fn parse(uri: &str) -> Result<Self, InvalidUri> {
        let (bucket, path) = split(uri)?;
        if path.is_empty() || path.ends_with('/') {
            return Err(InvalidUri::Folder(uri.to_owned()));
        }
        check_path(path, uri)?;
        let file_begins = path.rfind('/').map_or(0, |slash| slash + 1);
        let (prefix, file) = path.split_at(file_begins);
        Ok(Self {
            folder: Location {
                bucket: bucket.to_owned(),
                prefix: prefix.to_owned(),
            },
            file: file.to_owned(),
        })
    }
}

impl fmt::Display for DocumentUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.folder, self.file)
    }
}

/// Bucket and path; the path may be empty.
fn split(uri: &str) -> Result<(&str, &str), InvalidUri> {
    let rest = uri
        .strip_prefix("s3://")
        .ok_or_else(|| InvalidUri::Scheme(uri.to_owned()))?;
    let (bucket, path) = rest.split_once('/').unwrap_or((rest, ""));
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-';
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(known) {
        return Err(InvalidUri::Bucket(uri.to_owned()));
    }
    Ok((bucket, path))
}

fn check_path(path: &str, uri: &str) -> Result<(), InvalidUri> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(InvalidUri::Path(uri.to_owned()));
    }
    Ok(())
}
