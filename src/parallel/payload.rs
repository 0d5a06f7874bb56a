//! Numbers of a network on their way between workers: those that the masks keep, or the largest of them.

use crate::error::{Error, ErrorCode, Result};
use crate::net::{Graph, Parameters};
use bytemuck::{Pod, cast_slice as bytes_of, pod_collect_to_vec};

/// Which numbers of a network travel: of those that are learnt all biases, gamma and beta, and the weights that its masks keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// How many there are.
    all: usize,
    /// Positions among all that are learnt.
    kept: Vec<u32>,
}

impl Packing {
    /// `mask` is over all prunable weights: 1 keeps, 0 is cut.
    pub fn new(graph: &Graph, mask: &[u8]) -> Self {
        Self::of(graph.learnt(), mask)
    }

    /// Of all numbers, running statistics too: a network that only answers.
    pub fn whole(graph: &Graph) -> Self {
        Self::of(graph.len(), &[])
    }

    fn of(all: usize, mask: &[u8]) -> Self {
        let keeps = |&i: &u32| mask.get(i as usize).is_none_or(|&keeps| keeps == 1);
        Self {
            kept: (0..all as u32).filter(keeps).collect(),
            all,
        }
    }

    /// How many numbers travel.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The numbers of `parameters` that travel.
    pub fn pack(&self, parameters: &Parameters) -> Vec<f32> {
        let all = &parameters.values[..self.all.min(parameters.values.len())];
        if self.kept.len() == all.len() {
            return all.to_vec();
        }
        let number = |&i: &u32| all.get(i as usize).copied().unwrap_or(0.0);
        self.kept.iter().map(number).collect()
    }

    /// Puts numbers back in their places; 0 where none travels.
    pub fn unpack(&self, numbers: &[f32]) -> Parameters {
        let mut all = vec![0.0; self.all];
        if numbers.len() == all.len() {
            all.copy_from_slice(numbers);
        } else {
            for (&i, &number) in self.kept.iter().zip(numbers) {
                all[i as usize] = number;
            }
        }
        Parameters { values: all }
    }
}

/// How many of `len` numbers a share of them is: at least one, and all at 1.
pub fn count_of(share: f64, len: usize) -> usize {
    ((share * len as f64).ceil() as usize).clamp(1, len.max(1))
}

/// All numbers, as bytes in the order of this machine: little-endian, as WebAssembly is everywhere.
pub fn dense(numbers: &[f32]) -> Vec<u8> {
    let count = numbers.len() as u32;
    [bytes_of(&[count]), bytes_of(numbers)].concat()
}

/// The `count` largest of `numbers`, with their places; 0 is left of each that is sent, all else is left as it is
/// (Lin et al., ICLR 2018: what is not sent is not lost). Of equal ones the first go.
pub fn take_largest(numbers: &mut [f32], count: usize) -> Vec<u8> {
    let least = nth_largest(numbers, count);
    let above = numbers.iter().filter(|x| size(x) > least).count();
    let mut equal = count.saturating_sub(above);
    let order: Vec<u32> = (0..numbers.len() as u32)
        .filter(|&i| {
            let size = size(&numbers[i as usize]);
            let goes = size > least || (size == least && equal > 0);
            equal -= usize::from(goes && size == least);
            goes
        })
        .collect();
    let take = |&i: &u32| std::mem::take(&mut numbers[i as usize]);
    let sent: Vec<f32> = order.iter().map(take).collect();
    let count = order.len() as u32;
    [bytes_of(&[count]), bytes_of(&order), bytes_of(&sent)].concat()
}

fn size(number: &f32) -> u32 {
    number.abs().to_bits()
}

/// The size of the `count`-th largest number, found bit by bit: in their order of size, the bits of floats count up.
fn nth_largest(numbers: &[f32], count: usize) -> u32 {
    (0..31).rev().fold(0, |least, bit| {
        let more = least | 1 << bit;
        match numbers.iter().filter(|x| size(x) >= more).count() >= count {
            true => more,
            false => least,
        }
    })
}

/// Reads what [`dense`] or [`take_largest`] wrote of `len` numbers; 0 where none was sent.
///
/// # Errors
/// The bytes are no such numbers.
pub fn read(bytes: &[u8], len: usize) -> Result<Vec<f32>> {
    let (count, rest) = bytes.split_at_checked(4).ok_or_else(unreadable)?;
    let count: usize = words(count).into_iter().map(|n: u32| n as usize).sum();
    // What a number says may be more than there is memory for.
    let takes = |bytes| count.checked_mul(bytes) == Some(rest.len());
    if count == len && takes(4) {
        return Ok(words(rest));
    }
    if !takes(8) {
        return Err(unreadable());
    }
    let (places, numbers) = rest.split_at(4 * count);
    let mut out = vec![0.0; len];
    let places: Vec<u32> = words(places);
    for (place, number) in places.into_iter().zip(words::<f32>(numbers)) {
        *out.get_mut(place as usize).ok_or_else(unreadable)? = number;
    }
    Ok(out)
}

/// Numbers of four bytes each, whatever the bytes are aligned to; those left over are none.
fn words<T: Pod>(bytes: &[u8]) -> Vec<T> {
    pod_collect_to_vec(&bytes[..bytes.len() / 4 * 4])
}

fn unreadable() -> Error {
    Error::new(
        ErrorCode::BadCommand,
        "a worker's numbers are not those of this network",
    )
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph() -> std::sync::Arc<Graph> {
        crate::net::two_conv([1, 8, 8], [2, 3], 4).expect("it fits")
    }

    proptest! {
        #[test]
        fn what_is_sent_and_what_is_kept_back_is_all_there_was(
            numbers in prop::collection::vec(-10f32..10.0, 1..200), share in 0.001..1.0f64,
        ) {
            let count = count_of(share, numbers.len());
            let mut left = numbers.clone();
            let sent = read(&take_largest(&mut left, count), numbers.len()).unwrap();
            prop_assert!(sent.iter().filter(|x| **x != 0.0).count() <= count);
            for i in 0..numbers.len() {
                prop_assert_eq!(sent[i] + left[i], numbers[i]);
                prop_assert!(sent[i] == 0.0 || left[i] == 0.0);
            }
            let least = sent.iter().filter(|x| **x != 0.0).fold(f32::MAX, |a, x| a.min(x.abs()));
            prop_assert!(left.iter().all(|x| x.abs() <= least));
        }

        #[test]
        fn dense_numbers_come_back_bit_for_bit(numbers in prop::collection::vec(any::<f32>(), 1..100)) {
            let back = read(&dense(&numbers), numbers.len()).unwrap();
            prop_assert!(back.iter().zip(&numbers).all(|(a, b)| a.to_bits() == b.to_bits()));
        }

        #[test]
        fn no_bytes_are_trusted(bytes in prop::collection::vec(any::<u8>(), 0..200), len in 0usize..20) {
            if let Ok(numbers) = read(&bytes, len) {
                prop_assert_eq!(numbers.len(), len);
            }
        }

        #[test]
        fn kept_numbers_come_back_in_their_places(mask in prop::collection::vec(0u8..2, graph().layout().total())) {
            let packing = Packing::new(&graph(), &mask);
            let parameters = Parameters::he_normal(&graph(), 3);
            prop_assert_eq!(packing.len(), mask.iter().map(|&m| usize::from(m)).sum::<usize>() + 9);
            let back = packing.unpack(&packing.pack(&parameters));
            let all = mask.iter().chain(std::iter::repeat(&1));
            let masked: Vec<f32> = parameters.values.iter().zip(all).map(|(w, &m)| w * f32::from(m)).collect();
            prop_assert_eq!(back.values, masked);
        }
    }

    /// Of 32 bits, as WebAssembly has, 8 times the number is 8.
    #[test]
    fn a_number_that_memory_has_no_room_for_is_refused() {
        let bytes = [&0x2000_0001u32.to_le_bytes()[..], &[0; 8]].concat();
        assert!(read(&bytes, 4).is_err());
    }

    #[test]
    fn of_equal_numbers_the_first_is_sent() {
        let mut numbers = [1.0, -2.0, 2.0, 2.0];
        assert_eq!(
            read(&take_largest(&mut numbers, 2), 4).unwrap(),
            [0.0, -2.0, 2.0, 0.0]
        );
        assert_eq!(numbers, [1.0, 0.0, 0.0, 2.0]);
    }
}
