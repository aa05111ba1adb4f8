//! What `summary.json` tells of dates: what they ended, who waits, what is to come.

use serde_json::{Value, json};

use crate::reconcile::forecast::Forecast;
use crate::reconcile::guard::Checked;
use crate::report::tally::{self, causes};
use crate::report::words::{cause, object};

pub(super) fn ended(checked: &Checked) -> Value {
    let rows = causes(checked).into_iter();
    rows.map(|((last_day, ended), licences)| {
        let (cause, term) = cause(ended);
        let groups = licences.iter();
        json!({
            "cause": cause,
            "term": term,
            "last_day": last_day.to_string(),
            "licences": licences.values().sum::<usize>(),
            "adobe_groups": object(groups.map(|(group, number)| (group.as_str(), json!(number)))),
        })
    })
    .collect()
}

pub(super) fn waiting(checked: Option<&Checked>) -> Value {
    let days = checked
        .into_iter()
        .flat_map(|checked| &checked.plan.waiting);
    let next = days.map(|one| one.until).min();
    json!({
        "count": checked.map_or(0, tally::waiting),
        "next": next.map(|day| day.to_string()),
    })
}

pub(super) fn forecast(checked: &Checked) -> Value {
    let row = |row: &Forecast| {
        let Forecast {
            day,
            adobe_group,
            begin,
            end,
        } = row;
        json!({
            "day": day.to_string(),
            "adobe_group": adobe_group.as_str(),
            "begin": begin,
            "end": end,
        })
    };
    checked.plan.forecast.iter().map(row).collect()
}
