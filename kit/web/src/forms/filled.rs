//! What was typed, with what is wrong with it.

use super::FormData;
use crate::{parts::ErrorSummary, texts::Say};
use core_words::{Field, Refusal, Text};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name; empty if it is about none in particular.
    pub field: String,
    /// What is wrong, and how to mend it.
    pub message: Text,
}

impl FieldError {
    /// A message at a field.
    pub fn new(field: impl Into<String>, message: Text) -> Self {
        Self { field: field.into(), message }
    }
}

impl From<&Field> for FieldError {
    fn from(field: &Field) -> Self {
        Self::new(field.field.clone(), field.message.clone())
    }
}

/// A form to be shown again: nothing that was typed is lost, passwords excepted.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    form: FormData,
    errors: Vec<FieldError>,
}

impl Filled {
    /// What was typed, without errors: on the way back from the page of confirmation.
    pub fn new(form: &FormData) -> Self {
        Self { form: form.clone(), errors: Vec::new() }
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// The same with what a refusal says: at its fields if it names any, else above all of them.
    #[must_use]
    pub fn refused(mut self, refusal: &Refusal) -> Self {
        if refusal.fields.is_empty() {
            let Refusal { message, next, .. } = refusal;
            let whole =
                Text::new(format!("{}{}", message.ja, next.ja), format!("{} {}", message.en, next.en));
            self.errors.push(FieldError::new("", whole));
        }
        self.errors.extend(refusal.fields.iter().map(FieldError::from));
        self
    }

    /// The value of a field as it was typed.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.form.get(name)
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&FieldError> {
        self.errors.iter().find(|error| error.field == name)
    }

    /// Everything that is wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// The box for the top of the page, for `Frame::errors`.
    pub fn summary(&self, say: &Say) -> ErrorSummary {
        let items =
            self.errors.iter().map(|error| (error.field.clone(), say.text(&error.message).to_owned()));
        ErrorSummary::new(say, items.collect())
    }
}
