//! Two kills in one pass.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{Story, Whole};

type Teller = fn() -> Story;

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn a_pass_that_is_killed_twice_ends_as_one_that_nobody_touched(
        story in select(vec![Story::apply as Teller, Story::new_groups, Story::slices, Story::push]),
        points in prop::array::uniform2(any::<Index>()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let story = story();
            let whole = Whole::of(&story).await;
            let all = whole.points();
            let points = points.map(|point| *point.get(&all));
            let world = story.world().await;
            let ended = world.pass_killed_at_each(story.event.clone(), &points, story.limit);
            let (answer, _) = ended.await;
            let differences: Vec<String> = whole.differences(&world, &answer).collect();
            prop_assert!(differences.is_empty(), "{}: {:?}: {:#?}", story.name, points, differences);
            Ok(())
        })?;
    }
}
