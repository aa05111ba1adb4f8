//! Who wins: the event, then `invocation_defaults`, then UST's default; and what does not go together.

use super::{
    AdobeOnlyUserAction, AdobeUsers, InvalidOptions, Mode, Options, Overrides, Strategy, Users,
    words,
};
use crate::config::MappingEntry;
use crate::config::pattern::Pattern;

/// Event, then `invocation_defaults`, then UST's default.
///
/// # Errors
/// Every problem of the options at once.
pub fn resolve(
    event: &Overrides,
    defaults: &Overrides,
    mapping: &[MappingEntry],
) -> Result<Options, InvalidOptions> {
    let given = Given { event, defaults };
    let mut problems = Problems::default();
    let options = given.options(mapping, &mut problems);
    match options {
        Some(options) if problems.0.is_empty() => Ok(options),
        Some(_) | None => Err(InvalidOptions(problems.0)),
    }
}

/// `mode` and `test_mode` of one event against each other.
pub(crate) fn contradiction(event: &Overrides) -> Option<String> {
    mode(event, &Overrides::default()).err()
}

/// What the event itself asks for and its other options leave without effect: sentences for the summary. What
/// `invocation_defaults` say besides is no surprise.
pub(crate) fn idle(event: &Overrides, options: &Options) -> Vec<String> {
    let action = event.adobe_only_user_action.as_deref();
    let filter = event.user_filter.as_deref();
    let push = [
        (
            "fresh",
            event.fresh == Some(true) && options.mode == Mode::Plan,
        ),
        ("adobe_users", event.adobe_users.is_some()),
        (
            "adobe_only_user_action",
            action.is_some_and(|word| word != AdobeOnlyUserAction::Preserve.as_str()),
        ),
    ];
    let list = [
        ("users", event.users.is_some()),
        ("user_filter", filter.is_some_and(|text| !text.is_empty())),
        (
            "exclude_unmapped_users",
            event.exclude_unmapped_users == Some(true),
        ),
        ("update_user_info", event.update_user_info == Some(true)),
    ];
    let sentence = |why: &'static str| {
        move |(name, given): (&str, bool)| {
            given.then(|| format!("{name} of the event has no effect: {why}."))
        }
    };
    let by_push = push
        .into_iter()
        .filter(|_| options.strategy == Strategy::Push)
        .filter_map(sentence("with strategy: push, nothing is read from Adobe"));
    let by_list = list
        .into_iter()
        .filter(|_| options.adobe_only_user_list.is_some())
        .filter_map(sentence("adobe_only_user_list alone says who is meant"));
    let anew = [("fresh", event.fresh == Some(true))];
    let by_mode = anew
        .into_iter()
        .filter(|_| options.mode != Mode::Plan)
        .filter_map(sentence(
            "only mode: plan makes do with an earlier reading of Adobe",
        ));
    by_push.chain(by_list).chain(by_mode).collect()
}

#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    /// The value, or nothing and its problem.
    fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }
}

/// What the event gives, and what the file gives.
#[derive(Clone, Copy)]
struct Given<'o> {
    event: &'o Overrides,
    defaults: &'o Overrides,
}

impl<'o> Given<'o> {
    /// The event's value of an option, else the file's.
    fn option<T: ?Sized>(self, of: impl Fn(&'o Overrides) -> Option<&'o T>) -> Option<&'o T> {
        of(self.event).or_else(|| of(self.defaults))
    }

    fn flag(self, of: impl Fn(&Overrides) -> Option<bool>) -> bool {
        of(self.event).or(of(self.defaults)).unwrap_or(false)
    }

    fn options(self, mapping: &[MappingEntry], problems: &mut Problems) -> Option<Options> {
        let mode = problems.keep(mode(self.event, self.defaults));
        let users = match self.option(|given| given.users.as_ref()) {
            Some(given) => words::users(given, mapping)
                .map_err(|found| problems.0.extend(found))
                .ok(),
            None => Some(Users::All),
        };
        let adobe_users = match self.option(|given| given.adobe_users.as_ref()) {
            Some(given) => problems.keep(words::adobe_users(given, mapping)),
            None => Some(AdobeUsers::All),
        };
        let action = match self.option(|given| given.adobe_only_user_action.as_deref()) {
            Some(word) => problems.keep(words::action(word).map_err(of("adobe_only_user_action"))),
            None => Some(AdobeOnlyUserAction::Preserve),
        };
        let strategy = match self.option(|given| given.strategy.as_deref()) {
            Some(word) => problems.keep(words::strategy(word).map_err(of("strategy"))),
            None => Some(Strategy::Sync),
        };
        let adobe_only_user_list = self
            .option(|given| given.adobe_only_user_list.as_deref())
            .filter(|name| !name.is_empty())
            .map(str::to_owned);
        if adobe_only_user_list.is_some() {
            problems.0.extend(list_beside(strategy, action));
        }
        let user_filter = self.user_filter(problems);
        Some(Options {
            mode: mode?,
            process_groups: self.flag(|given| given.process_groups),
            update_user_info: self.flag(|given| given.update_user_info),
            users: users?,
            adobe_only_user_action: action?,
            strategy: strategy?,
            adobe_users: adobe_users?,
            // As in UST, the list says who is meant, and nothing narrows it.
            user_filter: user_filter.filter(|_| adobe_only_user_list.is_none()),
            exclude_unmapped_users: self.flag(|given| given.exclude_unmapped_users),
            adobe_only_user_list,
            fresh: self.event.fresh.unwrap_or(false),
        })
    }

    fn user_filter(self, problems: &mut Problems) -> Option<Pattern> {
        let text = self
            .option(|given| given.user_filter.as_deref())
            .filter(|text| !text.is_empty())?;
        problems.keep(Pattern::new(text).map_err(of("user_filter")))
    }
}

/// Puts the name of the option before a problem.
fn of(name: &'static str) -> impl Fn(String) -> String {
    move |problem| format!("{name}: {problem}")
}

/// What `adobe_only_user_list` cannot stand beside.
fn list_beside(
    strategy: Option<Strategy>,
    action: Option<AdobeOnlyUserAction>,
) -> impl Iterator<Item = String> {
    const OFF: &str = "Leave one of them out; in an event, \"adobe_only_user_list\": \"\" switches that of the file off";
    let push = (strategy == Some(Strategy::Push)).then(|| {
        format!("strategy: push deals with people of the roster, and adobe_only_user_list with people in Adobe only. {OFF}")
    });
    let write = (action == Some(AdobeOnlyUserAction::WriteFile)).then(|| {
        format!("adobe_only_user_action: write-file makes a list, and adobe_only_user_list reads one. {OFF}")
    });
    push.into_iter().chain(write)
}

/// `mode` of the event; without it `test_mode` of the event, then of `invocation_defaults`, tells test from apply.
fn mode(event: &Overrides, defaults: &Overrides) -> Result<Mode, String> {
    let Some(word) = &event.mode else {
        let test = event.test_mode.or(defaults.test_mode).unwrap_or(false);
        return Ok(if test { Mode::Test } else { Mode::Apply });
    };
    let mode = words::mode(word).map_err(of("mode"))?;
    match (mode, event.test_mode) {
        (_, None) | (Mode::Test, Some(true)) | (Mode::Apply, Some(false)) => Ok(mode),
        (Mode::Plan, Some(_)) => Err(
            "mode: plan sends nothing, so test_mode means nothing beside it. Leave test_mode out"
                .to_owned(),
        ),
        (Mode::Test, Some(false)) => Err(
            "mode: test and test_mode: false contradict each other. Leave one of them out"
                .to_owned(),
        ),
        (Mode::Apply, Some(true)) => Err(
            "mode: apply and test_mode: true contradict each other. Leave one of them out"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notices(given: &[(&str, &str)]) -> Vec<String> {
        let mut event = Overrides::default();
        for (name, value) in given {
            event.set(name, &[(*value).to_owned()]).unwrap();
        }
        let options = resolve(&event, &Overrides::default(), &[]).unwrap();
        assert_eq!(options.fresh, given.contains(&("fresh", "Yes")));
        idle(&event, &options)
    }

    #[test]
    fn only_a_plan_can_be_fresh() {
        let none: [&str; 0] = [];
        assert_eq!(notices(&[("fresh", "Yes"), ("mode", "plan")]), none);
        assert_eq!(notices(&[("fresh", "No"), ("mode", "apply")]), none);
        let other = [
            "fresh of the event has no effect: only mode: plan makes do with an earlier reading of Adobe.",
        ];
        assert_eq!(notices(&[("fresh", "Yes")]), other);
        assert_eq!(notices(&[("fresh", "Yes"), ("mode", "test")]), other);
        assert_eq!(notices(&[("fresh", "Yes"), ("strategy", "push")]), other);
        assert_eq!(
            notices(&[("fresh", "Yes"), ("strategy", "push"), ("mode", "plan")]),
            ["fresh of the event has no effect: with strategy: push, nothing is read from Adobe."]
        );
    }
}
