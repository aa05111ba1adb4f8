//! The slip of the manual's own examples: `adobe_groups:` not exactly below `directory_group:`.

use super::{Flaw, content_above, glued_hyphen, indentation, line};

/// The first one at the error or beside it; it names the lines of all others, which the scanner does not come to.
pub(super) fn slipped_adobe_groups(lines: &[&str], number: usize) -> Option<Flaw> {
    let number = [number, number.saturating_sub(1), number + 1]
        .into_iter()
        .find(|number| is_adobe_groups(lines, *number))?;
    let group_number = content_above(lines, number)?;
    let group = line(lines, group_number);
    let after_dash = group.trim_start().strip_prefix('-')?;
    if indentation(after_dash) == 0 {
        return Some(glued_hyphen((group_number, indentation(group) + 1)));
    }
    let below = slipped_from(lines, number)?;
    let here = indentation(line(lines, number));
    Some(Flaw {
        at: (number, here + 1),
        message: format!(
            "adobe_groups: begins in column {}, and it must begin exactly below directory_group, in column {}{}. Write it like this:\n{}",
            here + 1,
            below + 1,
            others(lines, number),
            corrected(lines, number, group, below)
        ),
    })
}

fn is_adobe_groups(lines: &[&str], number: usize) -> bool {
    line(lines, number)
        .trim_start()
        .starts_with("adobe_groups:")
}

/// How far this line should be indented, where it is not and follows a `directory_group`.
fn slipped_from(lines: &[&str], number: usize) -> Option<usize> {
    let group = line(lines, content_above(lines, number)?);
    let after_dash = group.trim_start().strip_prefix('-')?;
    if !after_dash.trim_start().starts_with("directory_group:") {
        return None;
    }
    let below = indentation(group) + 1 + indentation(after_dash);
    (indentation(line(lines, number)) != below).then_some(below)
}

/// The lines below that slipped, too.
fn others(lines: &[&str], number: usize) -> String {
    const MOST: usize = 20;
    let mut further: Vec<String> = (number + 1..=lines.len())
        .filter(|n| is_adobe_groups(lines, *n) && slipped_from(lines, *n).is_some())
        .map(|n| n.to_string())
        .collect();
    if further.len() > MOST {
        further.truncate(MOST);
        further.push("…".to_owned());
    }
    match further.len() {
        0 => String::new(),
        1 => format!(" (and so in line {})", further.concat()),
        _ => format!(" (and so in lines {})", further.join(", ")),
    }
}

/// The entry as it should stand, at most a few lines of it.
fn corrected(lines: &[&str], number: usize, group: &str, below: usize) -> String {
    const MOST: usize = 5;
    let items = (number + 1..=lines.len())
        .map(|next| line(lines, next))
        .take_while(|next| {
            let item = next.trim_start();
            item.starts_with('-') && !item.contains("directory_group:")
        })
        .map(|item| format!("{}{}", " ".repeat(below + 2), item.trim()));
    let mut shown = vec![
        group.trim_end().to_owned(),
        format!("{}{}", " ".repeat(below), line(lines, number).trim()),
    ];
    shown.extend(items.take(MOST));
    shown.join("\n")
}
