//! Numbers drawn without a state: each is a pure function of a key and of its own place, the same on every platform.

/// The key of all that is drawn for one purpose.
pub fn key(purpose: [u8; 8], of: &[u32]) -> u64 {
    let take_in = |key: u64, &part: &u32| mixed(key.wrapping_add(u64::from(part) + 1));
    of.iter().fold(u64::from_le_bytes(purpose), take_in)
}

/// The number at place `at`: 32 even bits.
pub fn draw(key: u64, at: u32) -> u32 {
    // The state of SplitMix64 after so many steps (Steele, Lea & Flood, OOPSLA 2014).
    (mixed(key.wrapping_add(u64::from(at).wrapping_mul(0x9e37_79b9_7f4a_7c15))) >> 32) as u32
}

/// The output function of SplitMix64.
fn mixed(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_purpose_key_and_place() {
        let a = key(*b"augment.", &[1, 0]);
        assert_eq!(draw(a, 5), draw(a, 5));
        let others = [
            draw(a, 6),
            draw(key(*b"augment.", &[0, 1]), 5),
            draw(key(*b"dropout.", &[1, 0]), 5),
        ];
        assert!(others.iter().all(|&other| other != draw(a, 5)));
    }

    #[test]
    fn bits_are_even_and_neighbours_do_not_know_of_each_other() {
        let key = key(*b"dropout.", &[7, 9]);
        let ones: u32 = (0..4096).map(|at| draw(key, at).count_ones()).sum();
        // Six standard deviations of 131,072 coins.
        assert!(ones.abs_diff(65_536) < 1087, "{ones}");
        let differ: u32 = (0..4096)
            .map(|at| (draw(key, at) ^ draw(key, at + 1)).count_ones())
            .sum();
        assert!(differ.abs_diff(65_536) < 1087, "{differ}");
    }
}
