//! Several requests at a time, and never more than a server is asked to bear.

use std::cell::RefCell;

/// Does the work in three lanes; the results are in the order of the work. The first failure ends it.
pub(super) async fn in_lanes<W, T, E>(
    work: Vec<W>,
    one: impl AsyncFn(W) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    let left = RefCell::new(work.into_iter().enumerate());
    let done = RefCell::new(Vec::new());
    let lane = async || {
        loop {
            let next = left.borrow_mut().next();
            let Some((place, item)) = next else {
                return Ok(());
            };
            let result = one(item).await?;
            done.borrow_mut().push((place, result));
        }
    };
    tokio::try_join!(lane(), lane(), lane())?;
    let mut done = done.into_inner();
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn three_are_on_their_way_and_the_results_are_in_order() {
        let (now, most) = (Cell::new(0_u32), Cell::new(0));
        let one = async |n: u32| {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            // The first ones take longest.
            for _ in n..20 {
                tokio::task::yield_now().await;
            }
            now.set(now.get() - 1);
            Ok::<_, ()>(n)
        };
        let done = in_lanes((0..20).collect(), one).await;
        assert_eq!(done, Ok((0..20).collect()));
        assert_eq!(most.get(), 3);
    }

    #[tokio::test]
    async fn the_first_failure_ends_the_work() {
        let begun = Cell::new(0_u32);
        let one = async |n: u32| {
            begun.set(begun.get() + 1);
            tokio::task::yield_now().await;
            if n == 4 { Err(n) } else { Ok(n) }
        };
        assert_eq!(in_lanes((0..20).collect(), one).await, Err(4));
        assert!(begun.get() < 10);
    }
}
