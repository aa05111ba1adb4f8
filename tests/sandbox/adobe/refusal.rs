//! Why an action was not done.

/// An error of an action, with Adobe's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The position of the step, where it is about one.
    pub step: Option<usize>,
    /// As in Adobe's list of error conditions.
    pub code: &'static str,
    /// For people; names them, as Adobe's do.
    pub message: String,
}

impl Refusal {
    /// About the action as a whole, until a step is named.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            step: None,
            code,
            message: message.into(),
        }
    }

    /// About this step.
    pub fn at(mut self, step: usize) -> Self {
        self.step = Some(step);
        self
    }
}

/// What a check or a step gives.
pub type Outcome<T = ()> = Result<T, Refusal>;

/// Shorthand for a failure.
pub fn refuse<T>(code: &'static str, message: impl Into<String>) -> Outcome<T> {
    Err(Refusal::new(code, message))
}
