//! `directory_users.groups`: which directory group feeds which Adobe groups.

use std::collections::BTreeSet;

use crate::model::id::GroupName;

use super::directory_group::{DirectoryGroup, Keys};
use super::root_file::RawGroup;
use super::section::{Field, Findings, Section};
use super::tree::{Node, Position, Value};
use super::{MappingEntry, UserFilter, product_name, words};
use crate::model::roster::Collection;

/// The entries as written. The grammar of directory groups stands in the other file: see [`resolve`].
pub(super) fn read<'n>(field: Field<'n>, findings: &mut Findings) -> Vec<RawGroup<'n>> {
    let Value::Sequence(items) = &field.node.value else {
        field.problem(
            findings,
            "a list is expected here: '- directory_group: …' and below it 'adobe_groups:'",
        );
        return Vec::new();
    };
    items
        .iter()
        .filter_map(|item| entry(item, findings))
        .collect()
}

fn entry<'n>(item: &'n Node, findings: &mut Findings) -> Option<RawGroup<'n>> {
    if item.is_empty() {
        return None;
    }
    if item.entries().is_empty() {
        let adobe = if item.text().is_some() {
            ". If this is an Adobe group, indent it further than adobe_groups above it"
        } else {
            ""
        };
        findings.problem(
            item.at,
            format!("groups: an entry looks like this: '- directory_group: …', and below it 'adobe_groups:'{adobe}"),
        );
        return None;
    }
    let mut section = Section::root(item);
    let directory_group = directory_group(&mut section, item, findings);
    let adobe_groups = section
        .take("adobe_groups")
        .map_or_else(Vec::new, |field| adobe_groups(field, findings));
    section.finish(findings);
    let (at, directory_group) = directory_group?;
    Some(RawGroup {
        at,
        directory_group,
        adobe_groups,
    })
}

/// The text of `directory_group`; here an empty value is not an absent one.
fn directory_group<'n>(
    section: &mut Section<'n>,
    item: &'n Node,
    findings: &mut Findings,
) -> Option<((usize, usize), &'n str)> {
    let Some(field) = section.take("directory_group") else {
        let empty = item.get("directory_group");
        let message = if empty.is_some() {
            "the name of the group is empty"
        } else {
            "this key is missing here"
        };
        findings.problem(
            empty.map_or(item.at, |node| node.at),
            format!(
                "directory_group: {message}. Write the group whose members get these Adobe groups"
            ),
        );
        return None;
    };
    // Blanks stay: it is shown as written, and compared without them.
    field.text(findings)?;
    field.node.text().map(|text| (field.node.at, text))
}

/// Each of them once, with its place.
fn adobe_groups(field: Field<'_>, findings: &mut Findings) -> Vec<(Position, GroupName)> {
    let mut groups: Vec<(Position, GroupName)> = Vec::new();
    for (at, text) in field.texts(findings) {
        match adobe_group(text) {
            Ok(group) if groups.iter().all(|(_, known)| *known != group) => {
                groups.push((at, group));
            }
            Ok(_) => {}
            Err(message) => findings.problem(at, format!("adobe_groups: {message}")),
        }
    }
    groups
}

/// A group of the school's own organization. What stands before the last `::` names a further one, as in UST.
pub(super) fn adobe_group(text: &str) -> Result<GroupName, String> {
    let (organization, name) = text.rsplit_once("::").unwrap_or(("", text));
    if name.trim().is_empty() {
        return Err(format!("{} has no group name", words::quoted(text)));
    }
    if !organization.trim().is_empty() {
        return Err(format!(
            "{} names the Adobe organization {}, which is not known: this version serves one organization. Write {} if the group is in your own",
            words::quoted(text),
            words::quoted(organization.trim()),
            words::quoted(name.trim())
        ));
    }
    Ok(GroupName::new(name))
}

/// Reads every directory group. Entries with the same text are one.
pub(super) fn resolve(
    groups: Vec<RawGroup<'_>>,
    keys: &Keys,
    findings: &mut Findings,
) -> Vec<MappingEntry> {
    let mut mapping: Vec<MappingEntry> = Vec::new();
    for RawGroup {
        at,
        directory_group,
        adobe_groups,
    } in groups
    {
        let adobe_groups = adobe_groups.into_iter().map(|(_, group)| group);
        if let Some(known) = mapping
            .iter_mut()
            .find(|entry| entry.directory_group == directory_group)
        {
            let new = adobe_groups.filter(|group| !known.adobe_groups.contains(group));
            let new: Vec<GroupName> = new.collect();
            known.adobe_groups.extend(new);
            continue;
        }
        let meant = match keys {
            Keys::Objects(grammar) => grammar.parse(directory_group),
            Keys::Products(products) => product(directory_group, products.as_deref()),
        };
        match meant {
            Ok(group) => mapping.push(MappingEntry {
                directory_group: directory_group.to_owned(),
                collection: group.collection,
                name: group.name,
                user_filter: group.user_filter,
                match_by: group.match_by,
                adobe_groups: adobe_groups.collect(),
            }),
            Err(message) => findings.problem(at, format!("directory_group: {message}")),
        }
    }
    if let Keys::Products(Some(products)) = keys {
        unmapped(products, &mapping, findings);
    }
    mapping
}

/// The class that stands for a product. Where not all products are known, any will do.
fn product(text: &str, products: Option<&[String]>) -> Result<DirectoryGroup, String> {
    let name = match products {
        None => Some(String::new()),
        Some(products) => product_name(text, products.iter().map(String::as_str)),
    };
    let group = |name| DirectoryGroup {
        collection: Collection::Classes,
        name,
        user_filter: UserFilter::Users,
        match_by: None,
    };
    name.map(group).ok_or_else(|| {
        let products = products.unwrap_or_default().iter().map(String::as_str);
        let products: BTreeSet<&str> = products.collect();
        format!(
            "mode is scoped, so this has to be the product of a source, letter by letter, and {} is none; there are: {}",
            words::quoted(text),
            words::list(products)
        )
    })
}

/// A notice for each product that feeds nothing.
fn unmapped(products: &[String], mapping: &[MappingEntry], findings: &mut Findings) {
    let mapped = |product: &&String| {
        let mut keys = mapping.iter().map(|entry| entry.directory_group.trim());
        keys.any(|key| key == product.as_str())
    };
    let unmapped: BTreeSet<&String> = products.iter().filter(|product| !mapped(product)).collect();
    for product in unmapped {
        findings.notice(format!(
            "no directory_group is the product {}, so nobody gets anything for being of its sources",
            words::quoted(product)
        ));
    }
}
