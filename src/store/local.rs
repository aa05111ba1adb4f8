//! A folder instead of a bucket, a map instead of Secrets Manager: for tests and for trying things without AWS.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::{
    Documents, Error, Expected, LISTING, Listed, Location, MOST_LISTED, READING, SecretError,
    Secrets, Version, WRITING, check_key, check_prefix,
};

/// Objects as files below a folder; a key with `/` lies in subfolders. Content types are not kept.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    location: Location,
}

impl Folder {
    /// The folder need not exist yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        let location = Location {
            bucket: root.display().to_string(),
            prefix: String::new(),
        };
        Self { root, location }
    }

    fn unavailable(&self, operation: &'static str, key: &str, cause: io::Error) -> Error {
        Error::Unavailable {
            operation,
            object: format!("{}{key}", self.location),
            cause: Box::new(cause),
        }
    }
}

impl Documents for Folder {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        check_key(READING, &self.location, key)?;
        let read = read(&self.root.join(key));
        read.map_err(|cause| self.unavailable(READING, key, cause))
    }

    async fn get_version(&self, key: &str) -> Result<Option<(Bytes, Version)>, Error> {
        let body = self.get(key).await?;
        Ok(body.map(|body| (body.clone(), version(&body))))
    }

    async fn put_if(
        &self,
        key: &str,
        _content_type: &'static str,
        body: Bytes,
        expected: &Expected,
    ) -> Result<Version, Error> {
        check_key(WRITING, &self.location, key)?;
        let written = version(&body);
        match replace_if(&self.root.join(key), &body, expected) {
            Ok(true) => Ok(written),
            Ok(false) => Err(Error::Changed {
                operation: WRITING,
                object: format!("{}{key}", self.location),
            }),
            Err(cause) => Err(self.unavailable(WRITING, key, cause)),
        }
    }

    async fn put(&self, key: &str, _content_type: &'static str, body: Bytes) -> Result<(), Error> {
        check_key(WRITING, &self.location, key)?;
        let _alone = alone();
        replace(&self.root.join(key), &body).map_err(|cause| self.unavailable(WRITING, key, cause))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, Error> {
        check_prefix(&self.location, prefix)?;
        let _alone = alone();
        let (folder, _) = prefix.rsplit_once('/').unwrap_or_default();
        let mut listed = Vec::new();
        let read = collect(&self.root, folder, &mut listed);
        read.map_err(|cause| self.unavailable(LISTING, prefix, cause))?;
        listed.retain(|object| object.key.starts_with(prefix));
        listed.sort();
        listed.truncate(MOST_LISTED);
        Ok(listed)
    }

    fn location(&self) -> &Location {
        &self.location
    }
}

/// The files of a folder, and of the folders in it. A name that is no text has no key.
fn collect(root: &Path, folder: &str, listed: &mut Vec<Listed>) -> io::Result<()> {
    let entries = match std::fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(cause) if is_absent(&cause) => return Ok(()),
        Err(cause) => return Err(cause),
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let key = if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        };
        let about = entry.metadata()?;
        if about.is_dir() {
            collect(root, &key, listed)?;
        } else {
            let modified = Timestamp::try_from(about.modified()?).map_err(io::Error::other)?;
            let size = about.len();
            listed.push(Listed {
                key,
                modified,
                size,
            });
        }
    }
    Ok(())
}

fn version(body: &Bytes) -> Version {
    Version(format!("{:x?}", Sha256::digest(body)))
}

/// A folder has no object of its own name, and a file none below it, just as in a bucket.
fn is_absent(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
    )
}

fn read(path: &Path) -> io::Result<Option<Bytes>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(Bytes::from(bytes))),
        Err(cause) if is_absent(&cause) => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// A conditional write looks and acts while nobody else in the process writes to any folder.
fn alone() -> MutexGuard<'static, ()> {
    static WRITING: Mutex<()> = Mutex::new(());
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the bytes lie there afterwards: the file was as expected, or these are the bytes of an earlier write of ours.
fn replace_if(path: &Path, body: &Bytes, expected: &Expected) -> io::Result<bool> {
    let _alone = alone();
    let found = read(path)?;
    if found.as_ref() == Some(body) {
        return Ok(true);
    }
    let found = found.map_or(Expected::Nothing, |found| {
        Expected::Version(version(&found))
    });
    if found != *expected {
        return Ok(false);
    }
    replace(path, body).map(|()| true)
}

/// Whoever reads meanwhile finds the old file or the new one, never a part.
fn replace(path: &Path, body: &[u8]) -> io::Result<()> {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let number = WRITES.fetch_add(1, Ordering::Relaxed);
    let part = path.with_added_extension(format!("{}-{number}.part", std::process::id()));
    std::fs::write(&part, body)?;
    std::fs::rename(&part, path)
}

/// Secrets in memory, by name. `None` exists and was never filled.
#[derive(Debug, Clone, Default)]
pub struct SecretMap(pub BTreeMap<String, Option<SecretString>>);

impl SecretMap {
    /// The same with one more secret.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        self.0
            .insert(name.to_owned(), Some(SecretString::from(text)));
        self
    }

    /// The same with one more secret that was never filled.
    #[must_use]
    pub fn with_empty(mut self, name: &str) -> Self {
        self.0.insert(name.to_owned(), None);
        self
    }
}

impl Secrets for SecretMap {
    async fn get(&self, name: &str) -> Result<SecretString, SecretError> {
        let name = name.to_owned();
        match self.0.get(&name) {
            Some(Some(text)) => Ok(text.clone()),
            Some(None) => Err(SecretError::Empty { name }),
            None => Err(SecretError::Missing { name }),
        }
    }
}
