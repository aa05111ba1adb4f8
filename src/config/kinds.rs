//! Which of the files a tree is, by the sections that it holds: they are easily taken for each other.

use super::tree::Node;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `user-sync-config.yml`.
    Root,
    /// `connector-oneroster.yml`.
    Source,
    /// `connector-umapi.yml`.
    Umapi,
    /// A connector file for another kind of directory, which UST has, too.
    Directory,
}

/// Keys of the top level that stand in one kind of file only.
const MARKS: [(&str, Kind); 14] = [
    ("adobe_users", Kind::Root),
    ("directory_users", Kind::Root),
    ("limits", Kind::Root),
    ("invocation_defaults", Kind::Root),
    ("connection", Kind::Source),
    ("schema", Kind::Source),
    ("mapping", Kind::Source),
    ("enterprise", Kind::Umapi),
    ("server", Kind::Umapi),
    ("authentication_method", Kind::Umapi),
    ("base_dn", Kind::Directory),
    ("group_filter_format", Kind::Directory),
    ("api_token", Kind::Directory),
    ("file_path", Kind::Directory),
];

impl Kind {
    /// What such a file holds, in an administrator's words.
    fn holds(self) -> &'static str {
        match self {
            Self::Root => "the main settings (adobe_users, directory_users)",
            Self::Source => "the settings of a roster (connection, schema)",
            Self::Umapi => "the settings of an Adobe organization (enterprise, server)",
            Self::Directory => "the settings of another kind of directory, such as LDAP",
        }
    }
}

/// What this file is instead of what it should be; `None` where it has a section of the right kind, or none of any.
pub(super) fn instead_of(wanted: Kind, file: &Node) -> Option<Kind> {
    let marks = || {
        MARKS
            .iter()
            .filter(|(key, _)| file.get(key).is_some())
            .map(|(_, kind)| *kind)
    };
    if marks().any(|kind| kind == wanted) {
        return None;
    }
    marks().next()
}

/// A sentence about a connector file that is another one, for the line that names it.
pub(super) fn wrong_connector(name: &str, wanted: Kind, found: Kind) -> String {
    format!(
        "the file '{name}' holds {}, and {} are needed here. Name the right file, or upload the right one under this name",
        found.holds(),
        wanted.holds()
    )
}

/// A sentence about a main file that is another one.
pub(super) fn wrong_root(found: Kind) -> String {
    format!(
        "this file holds {}, and {} are needed here. Upload the right file under this name, or correct the function's setting CONFIG_URI",
        found.holds(),
        Kind::Root.holds()
    )
}
