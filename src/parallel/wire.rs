//! What a group and its workers say to each other, as bytes. Nothing that comes is trusted.

use crate::error::{Error, ErrorCode, Result};

/// A part of an order; a replica carries out one after another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part<'a> {
    /// A [`super::replica::Coursework`]: images and settings.
    Coursework(&'a [u8]),
    /// A checkpoint to stand at.
    State(&'a [u8]),
    /// A network to learn from, and how.
    Teacher(&'a [u8]),
    /// Gradients to take a step of Adam with.
    Update(&'a [u8]),
    /// Weights and biases in place of one's own.
    Parameters(&'a [u8]),
    /// The steps from here on are fine-tuning.
    FineTuning,
    Task(Task),
}

/// Rows `from..to` of the batch of a step: their gradients are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// By which its answer is known.
    pub id: u32,
    pub step: u32,
    pub from: u32,
    pub to: u32,
    /// How many of the gradients are sent, the largest first; 0 sends all.
    pub largest: u32,
}

/// The answer to a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub id: u32,
    /// The mean loss of its rows.
    pub loss: f32,
    /// Milliseconds that it took.
    pub ms: f32,
    /// As [`super::payload`] has it.
    pub gradients: Vec<u8>,
}

/// An order of these parts.
pub fn order(parts: &[Part<'_>]) -> Vec<u8> {
    let len = |part: &Part<'_>| match part {
        Part::Task(_) | Part::FineTuning => 0,
        Part::Coursework(bytes)
        | Part::State(bytes)
        | Part::Teacher(bytes)
        | Part::Update(bytes)
        | Part::Parameters(bytes) => bytes.len(),
    };
    let mut out = Vec::with_capacity(parts.iter().map(|part| len(part) + 32).sum());
    for part in parts {
        let task;
        let (tag, bytes): (u8, &[u8]) = match part {
            Part::Coursework(bytes) => (0, bytes),
            Part::State(bytes) => (1, bytes),
            Part::Teacher(bytes) => (2, bytes),
            Part::Update(bytes) => (3, bytes),
            Part::Parameters(bytes) => (4, bytes),
            Part::FineTuning => (6, &[]),
            Part::Task(Task {
                id,
                step,
                from,
                to,
                largest,
            }) => {
                task = words(&[*id, *step, *from, *to, *largest]);
                (5, &task)
            }
        };
        out.push(tag);
        section(&mut out, bytes);
    }
    out
}

/// Reads an order.
///
/// # Errors
/// The bytes are none.
pub fn read_order(mut bytes: &[u8]) -> Result<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    while let Some((&tag, rest)) = bytes.split_first() {
        bytes = rest;
        let part = take_section(&mut bytes)?;
        parts.push(match tag {
            0 => Part::Coursework(part),
            1 => Part::State(part),
            2 => Part::Teacher(part),
            3 => Part::Update(part),
            4 => Part::Parameters(part),
            5 => match read_words(part)[..] {
                [id, step, from, to, largest] => Part::Task(Task {
                    id,
                    step,
                    from,
                    to,
                    largest,
                }),
                _ => return Err(unreadable()),
            },
            6 => Part::FineTuning,
            _ => return Err(unreadable()),
        });
    }
    Ok(parts)
}

impl Answer {
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = words(&[self.id, self.loss.to_bits(), self.ms.to_bits()]);
        [head.as_slice(), &self.gradients].concat()
    }

    /// # Errors
    /// The bytes are no answer.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (head, gradients) = bytes.split_at_checked(12).ok_or_else(unreadable)?;
        match read_words(head)[..] {
            [id, loss, ms] => Ok(Self {
                id,
                loss: f32::from_bits(loss),
                ms: f32::from_bits(ms),
                gradients: gradients.to_vec(),
            }),
            _ => Err(unreadable()),
        }
    }
}

/// Appends bytes after their number.
pub(super) fn section(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Takes what [`section`] appended off the front.
pub(super) fn take_section<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8]> {
    let (len, rest) = bytes.split_at_checked(4).ok_or_else(unreadable)?;
    let len = read_words(len).first().copied().unwrap_or_default() as usize;
    let (section, rest) = rest.split_at_checked(len).ok_or_else(unreadable)?;
    *bytes = rest;
    Ok(section)
}

pub(super) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

pub(super) fn read_words(bytes: &[u8]) -> Vec<u32> {
    let words = bytes.chunks_exact(4);
    words
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect()
}

pub(super) fn unreadable() -> Error {
    Error::new(
        ErrorCode::BadCommand,
        "what came from another worker can't be read",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn orders_and_answers_come_back() {
        let task = Task {
            id: 7,
            step: 8,
            from: 0,
            to: 16,
            largest: 3,
        };
        let parts = vec![
            Part::Coursework(&[1]),
            Part::State(&[2; 300]),
            Part::Teacher(&[]),
            Part::Update(&[3]),
            Part::Parameters(&[4]),
            Part::FineTuning,
            Part::Task(task),
        ];
        assert_eq!(read_order(&order(&parts)), Ok(parts));
        let answer = Answer {
            id: 7,
            loss: 0.5,
            ms: 3.25,
            gradients: vec![9; 10],
        };
        assert_eq!(Answer::from_bytes(&answer.to_bytes()), Ok(answer));
    }

    proptest! {
        #[test]
        fn no_bytes_are_trusted(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_order(&bytes);
            let _ = Answer::from_bytes(&bytes);
        }
    }
}
