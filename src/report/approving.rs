//! What approvals did, and how to approve, in words.

use std::fmt::Write as _;

use super::reasons::{Grouped, Reason};
use super::text::{count, name, sentence, thousands};
use crate::config::options::Mode;
use crate::reconcile::approval::{ApprovalUse, Item, What};
use crate::reconcile::guard::Checked;

/// How a person lets go what is held, lines below the findings. Nothing where nothing is held.
pub(super) fn how_to_approve(run_id: &str, held_hash: Option<&str>) -> String {
    held_hash.map_or_else(String::new, |hash| {
        format!(
            "  To let it go all the same, put this into the bucket as approvals/<any name>.json:\n    \
             {{\"run_id\": \"{run_id}\",\n     \"hash\": \"{hash}\"}}\n  \
             It lets through what is held here and is planned again by then, and nothing else.\n"
        )
    })
}

/// `spring.json: lets through 312 of the 320 things that it names; the others are not planned any more.`
pub(super) fn became(approval: &ApprovalUse, mode: Mode) -> String {
    let called = name(&approval.name);
    if let Some(why) = &approval.refused {
        return format!("{called}: refused. {}", sentence(why));
    }
    let verb = match mode {
        Mode::Plan | Mode::Test => "would let",
        Mode::Apply => "lets",
    };
    let [through, dropped] = [&approval.let_through, &approval.dropped].map(Vec::len);
    let all = count(through + dropped, "thing", "things");
    let (number, rest) = match (through, dropped) {
        (through, 0) => (thousands(through), ""),
        (0, _) => ("none".to_owned(), "; nothing of it is planned any more"),
        (through, 1) => (
            thousands(through),
            "; the other one is not planned any more",
        ),
        (through, _) => (thousands(through), "; the others are not planned any more"),
    };
    format!("{called}: {verb} through {number} of the {all} that it names{rest}.")
}

/// Every approval, what it lets through, and what of its hold is not planned any more.
pub(super) fn listed(checked: &Checked, mode: Mode) -> Option<String> {
    let mut text = "Approvals\n".to_owned();
    for approval in &checked.approvals {
        // Writing to a String cannot fail.
        writeln!(text, "  {}", became(approval, mode)).unwrap_or_default();
        text += &items(&approval.let_through, "").lines('>');
        text += &items(&approval.dropped, "not planned any more: ").lines('=');
    }
    (!checked.approvals.is_empty()).then_some(text)
}

fn items(items: &[Item], before: &str) -> Grouped {
    let mut grouped = Grouped::default();
    for Item { account, what } in items {
        let cause = match what {
            What::Group(group) => format!("leaves {}", name(group.as_str())),
            What::AllGroups => "loses all groups".to_owned(),
            What::Organization => "leaves the organization".to_owned(),
            What::Account => "leaves the organization, and the account is deleted".to_owned(),
            What::Creation => "gets an account".to_owned(),
        };
        grouped.add(Reason::new(format!("{before}{cause}")), &account.user);
    }
    grouped
}
