//! The part of AWS that a pass needs, on one port as `AWS_ENDPOINT_URL` wants it: S3 over a folder (path style) and
//! Secrets Manager's `GetSecretValue`. Both check signatures. Of conditional writes at the same time one wins, as at S3.

#[path = "aws/faults.rs"]
mod faults;
#[path = "aws/secrets.rs"]
mod secrets;
#[path = "aws/signature.rs"]
mod signature;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::Uri;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use percent_encoding::percent_decode_str;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

use super::listen::{body, listen, reply};
use super::server::Response;
pub use faults::{Fault, ObjectRequest, When};

/// The access key id that is known.
pub const ACCESS_KEY_ID: &str = "test";
/// Its secret.
pub const SECRET_ACCESS_KEY: &str = "test";
/// Where everything is.
pub const REGION: &str = "us-west-2";

/// A running S3 and Secrets Manager. Clones share everything.
#[derive(Debug, Clone)]
pub struct Aws {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// What is known besides the objects.
#[derive(Debug, Default)]
struct State {
    /// What buckets are folders of.
    folder: PathBuf,
    /// By name. `None` is a secret that was made and never filled.
    secrets: BTreeMap<String, Option<String>>,
    deny_secrets: bool,
    /// `/bucket/key` beginning with one of these is denied.
    denied_objects: Vec<String>,
    faults: faults::Faults,
    log: Vec<String>,
}

impl Aws {
    /// Buckets are the folders in `folder`.
    pub async fn start(folder: &Path) -> Self {
        Self::start_on("127.0.0.1:0", folder).await
    }

    /// As [`start`](Self::start), on this address.
    ///
    /// # Panics
    /// Where the port is taken or the folder cannot be read.
    pub async fn start_on(address: &str, folder: &Path) -> Self {
        let files = FileSystem::new(folder).expect("a folder for buckets");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        let s3 = Objects {
            service: builder.build(),
            one_at_a_time: Arc::default(),
        };
        let state = Arc::new(Mutex::new(State {
            folder: folder.to_owned(),
            ..State::default()
        }));
        let served = Arc::clone(&state);
        let address = listen(address, move |request| {
            serve(request, s3.clone(), Arc::clone(&served))
        })
        .await;
        Self { address, state }
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes an empty bucket.
    ///
    /// # Panics
    /// Where the folder cannot be written.
    pub fn make_bucket(&self, bucket: &str) {
        std::fs::create_dir_all(self.lock().folder.join(bucket))
            .expect("a folder that can be written");
    }

    /// Puts an object there, past S3.
    ///
    /// # Panics
    /// As [`make_bucket`](Self::make_bucket).
    pub fn put(&self, bucket: &str, key: &str, body: impl AsRef<[u8]>) {
        let folder = self.lock().folder.clone();
        let path = folder.join(bucket).join(key);
        let parent = path.parent().expect("an object lies in a bucket");
        std::fs::create_dir_all(parent).expect("a folder that can be written");
        std::fs::write(path, body).expect("a folder that can be written");
        // The folder's S3 keeps the ETag of what was put through it; without one, it works it out of the bytes.
        let [bucket, key] = [bucket, key].map(|name| URL_SAFE_NO_PAD.encode(name));
        let e_tag = folder.join(format!(".bucket-{bucket}.object-{key}.internal.json"));
        drop(std::fs::remove_file(e_tag));
    }

    /// The object, past S3.
    pub fn get(&self, bucket: &str, key: &str) -> Option<Bytes> {
        let path = self.lock().folder.join(bucket).join(key);
        std::fs::read(path).ok().map(Bytes::from)
    }

    /// Makes or fills a secret.
    pub fn secret(&self, name: &str, text: &str) {
        let secrets = &mut self.lock().secrets;
        secrets.insert(name.to_owned(), Some(text.to_owned()));
    }

    /// Makes a secret that has no value.
    pub fn empty_secret(&self, name: &str) {
        self.lock().secrets.insert(name.to_owned(), None);
    }

    /// Whether the role may read secrets from now on.
    pub fn deny_secrets(&self, deny: bool) {
        self.lock().deny_secrets = deny;
    }

    /// The role may not read or write objects whose `bucket/key` begins like this.
    pub fn deny_objects(&self, prefix: &str) {
        self.lock().denied_objects.push(format!("/{prefix}"));
    }

    /// From now on `when` decides which requests to S3 meet a fault.
    pub fn fault(&self, when: When) {
        self.lock().faults.order(Some(when));
    }

    /// No faults from now on.
    pub fn no_fault(&self) {
        self.lock().faults.order(None);
    }

    /// Every request so far: `PUT /bucket/key`, `LIST /bucket/prefix`, `GetSecretValue name`.
    pub fn log(&self) -> Vec<String> {
        self.lock().log.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// S3 over a folder. Its conditional put looks first and writes then: nothing may come between.
#[derive(Clone)]
struct Objects {
    service: S3Service,
    one_at_a_time: Arc<tokio::sync::Mutex<()>>,
}

impl Objects {
    async fn serve(
        &self,
        request: hyper::Request<Incoming>,
        state: &Mutex<State>,
    ) -> io::Result<hyper::Response<s3s::Body>> {
        let (parts, content) = request.into_parts();
        // Whoever sends slowly keeps nobody waiting.
        let content = content.collect().await.map_err(io::Error::other)?;
        let _alone = self.one_at_a_time.lock().await;
        let refusal = lock(state).refusal(&parts);
        if let Some((status, code)) = refusal {
            return reply(error(status, code));
        }
        let request = hyper::Request::from_parts(parts, s3s::Body::from(content.to_bytes()));
        self.service.call(request).await.map_err(io::Error::other)
    }
}

/// Secrets Manager says in a header what it is asked; S3 in method and path.
async fn serve(
    request: hyper::Request<Incoming>,
    s3: Objects,
    state: Arc<Mutex<State>>,
) -> io::Result<hyper::Response<s3s::Body>> {
    if request.headers().contains_key("x-amz-target") {
        let headers = request.headers().clone();
        let path = request.uri().path().to_owned();
        let body = body(request).await?;
        return reply(secrets::serve(&mut lock(&state), &headers, &path, &body));
    }
    let fault = {
        let mut state = lock(&state);
        let (method, path) = asked(request.method().as_str(), request.uri());
        state.log.push(format!("{method} {path}"));
        state.faults.befall(method, &path)
    };
    let Some(fault) = fault else {
        return s3.serve(request, &state).await;
    };
    if fault.takes_effect() {
        drop(s3.serve(request, &state).await?);
    }
    match fault {
        Fault::Answer(status, code) | Fault::AnswerAfterEffect(status, code) => {
            return reply(error(status, code));
        }
        Fault::ResetAfterEffect => {}
        Fault::Hang(time) | Fault::HangAfterEffect(time) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "a client's real timeout is what a hang is for"
            )]
            tokio::time::sleep(time).await;
        }
    }
    Err(io::Error::other("the connection is reset"))
}

/// What is asked of S3: the method and the object's path. A list names its prefix in the query.
fn asked<'a>(method: &'a str, uri: &Uri) -> (&'a str, String) {
    match query(uri).find(|(name, _)| name == "list-type") {
        Some(_) if method == "GET" => {
            let prefix = query(uri).find(|(name, _)| name == "prefix");
            let prefix = prefix.map(|(_, prefix)| prefix).unwrap_or_default();
            (
                "LIST",
                format!("{}/{prefix}", uri.path().trim_end_matches('/')),
            )
        }
        _ => (method, uri.path().to_owned()),
    }
}

/// Names and values of the query.
fn query(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = uri.query().unwrap_or_default().split('&');
    pairs.filter_map(move |pair| {
        let (name, value) = pair.split_once('=')?;
        Some((plain(name), plain(value)))
    })
}

impl State {
    /// What S3 would refuse and the folder behind it would not.
    fn refusal(&self, request: &Parts) -> Option<(u16, &'static str)> {
        let (method, path) = asked(request.method.as_str(), &request.uri);
        let mut denied = self.denied_objects.iter();
        let bucket = path.trim_start_matches('/').split('/').next();
        let bucket = bucket.filter(|name| !name.is_empty());
        if denied.any(|prefix| path.starts_with(prefix)) {
            Some((403, "AccessDenied"))
        } else if bucket.is_some_and(|name| !self.folder.join(name).is_dir()) {
            Some((404, "NoSuchBucket"))
        } else if request.headers.contains_key("if-match") && !self.has_object(&path) {
            // The folder would answer 412.
            Some((404, "NoSuchKey"))
        } else if method == "LIST" && asks_for_no_page(&request.uri) {
            Some((400, "InvalidArgument"))
        } else {
            None
        }
    }

    fn has_object(&self, path: &str) -> bool {
        let object = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        self.folder.join(object.as_ref()).is_file()
    }
}

/// Whether a list asks for what no page is: S3 takes 0 to 2147483647 keys, and `list-type` 2 alone. The folder takes
/// anything.
fn asks_for_no_page(uri: &Uri) -> bool {
    query(uri).any(|(name, value)| match name.as_str() {
        "list-type" => value != "2",
        "max-keys" => value.parse::<i32>().map_or(true, i32::is_negative),
        "continuation-token" => value.is_empty(),
        _ => false,
    })
}

/// An error as S3 writes it.
fn error(status: u16, code: &str) -> Response {
    let body =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code></Error>");
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/xml".to_owned())],
        body: Bytes::from(body),
    }
}
