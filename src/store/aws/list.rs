//! The list of objects, page by page.

use aws_sdk_s3::types::Object;
use jiff::Timestamp;

use super::super::{Error, LISTING, Listed, MOST_LISTED, check_prefix, is_key};
use super::S3Documents;
use super::cause::Cause;

/// What S3 has below a prefix. It gives the keys in the order of their bytes, at most a thousand a page.
pub(super) async fn list(store: &S3Documents, prefix: &str) -> Result<Vec<Listed>, Error> {
    check_prefix(&store.location, prefix)?;
    let mut listed = Vec::new();
    let mut next = None;
    loop {
        let request = store.client.list_objects_v2();
        let request = request
            .bucket(&store.location.bucket)
            .prefix(store.key(prefix))
            .set_continuation_token(next);
        let page = request
            .send()
            .await
            .map_err(|cause| Cause::of(&cause).of_object(LISTING, store.object(prefix)))?;
        for object in page.contents() {
            let told = told(store, object);
            let told = told.ok_or_else(|| {
                store.unavailable(
                    LISTING,
                    prefix,
                    "its answer has objects without key or time",
                )
            })?;
            listed.extend(Some(told).filter(|object| is_key(&object.key)));
        }
        next = page.next_continuation_token;
        if next.is_none() || listed.len() >= MOST_LISTED {
            listed.truncate(MOST_LISTED);
            return Ok(listed);
        }
    }
}

/// One object, where S3 says what it is.
fn told(store: &S3Documents, object: &Object) -> Option<Listed> {
    let key = object.key()?.strip_prefix(&store.location.prefix)?;
    let time = object.last_modified()?;
    let nanosecond = i32::try_from(time.subsec_nanos()).ok()?;
    let modified = Timestamp::new(time.secs(), nanosecond).ok()?;
    // One that is not told is told to be large: nobody reads it.
    let size = object.size().and_then(|size| u64::try_from(size).ok());
    Some(Listed {
        key: key.to_owned(),
        modified,
        size: size.unwrap_or(u64::MAX),
    })
}
