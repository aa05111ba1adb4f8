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
