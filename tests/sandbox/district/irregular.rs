//! stub
#[derive(Debug)]
pub struct Planted;
