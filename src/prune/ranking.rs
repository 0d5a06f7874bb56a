//! Units in the order of cutting, sorted once, so that any cut is a search in it.

mod order;

use super::method::{Method, Scope};
use super::scores::require_finite;
use super::units::{NEVER, Units};
use crate::error::{Error, ErrorCode, Result};
use crate::prune::selection::{RankedGroup, Selection};
use order::{in_order, may_go, merge};
use std::ops::Range;

/// How many of `n` go at fraction `p`: `round(p * n)`, halves to even, as PyTorch's `prune` does.
pub fn prune_count(p: f64, n: usize) -> usize {
    (p.clamp(0.0, 1.0) * n as f64).round_ties_even() as usize
}

/// The order in which units go: those already cut first, then by score, ties by position (layer
/// order, then row-major index), so that a mask is a pure function of scores and held mask. Where
/// layers are ranked apart, their orders are merged such that every fraction is a prefix.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    units: Units,
    scope: Scope,
    /// The held mask, over weights.
    held_mask: Vec<u8>,
    held: Vec<bool>,
    /// Units that may go, in the order of cutting; those held come first.
    order: Vec<u32>,
    /// Units of each layer that may go.
    layers: Vec<RankedGroup>,
}

impl Ranking {
    /// Ranks `units` under the held `mask` (over weights).
    ///
    /// # Errors
    /// A score that is not finite, with its layer's name.
    pub fn new(units: Units, mask: &[u8], method: &Method) -> Result<Self> {
        require_finite(&units.scores, &units.layout)?;
        let held = units.held(mask);
        let may_go = may_go(&units, &held, method);
        let ranges: Vec<_> = units.layout.layers().map(|(_, range)| range).collect();
        let group = |range: &Range<usize>| {
            let members = || range.clone().filter(|&u| may_go[u]);
            RankedGroup {
                units: members().count() as u32,
                held: members().filter(|&u| held[u]).count() as u32,
            }
        };
        let layers: Vec<RankedGroup> = ranges.iter().map(group).collect();
        let ranked = |range| in_order(range, &may_go, &held, &units.scores);
        let order = match method.scope {
            Scope::Global => ranked(0..held.len()),
            Scope::Layer => merge(&ranges.into_iter().map(ranked).collect::<Vec<_>>(), &layers),
        };
        Ok(Self {
            scope: method.scope,
            held_mask: mask.to_vec(),
            units,
            held,
            order,
            layers,
        })
    }

    /// Scores in the order of cutting, 0 for units already cut.
    pub fn sorted(&self) -> Vec<f32> {
        let score = |&u: &u32| {
            if self.held[u as usize] {
                0.0
            } else {
                self.units.scores[u as usize]
            }
        };
        self.order.iter().map(score).collect()
    }

    /// For each weight the place of its unit in the order of cutting, [`NEVER`] where it stays.
    pub fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![NEVER; self.units.scores.len()];
        for (rank, &unit) in (0u32..).zip(&self.order) {
            ranks[unit as usize] = rank;
        }
        self.units.ranks(&ranks)
    }

    /// Units of each layer.
    pub fn by_layer(&self) -> &[RankedGroup] {
        &self.layers
    }

    /// Units that are compared with each other.
    pub fn groups(&self) -> Vec<RankedGroup> {
        match self.scope {
            Scope::Global => vec![self.all()],
            Scope::Layer => {
                let some = |g: &&RankedGroup| g.units > 0;
                self.layers.iter().filter(some).copied().collect()
            }
        }
    }

    /// The score of the unit that goes next when so many have gone; None past the last.
    pub fn score_at(&self, place: usize) -> Option<f32> {
        let unit = self.order.get(place)?;
        Some(self.units.scores[*unit as usize])
    }

    /// The held mask, over weights.
    pub fn held_mask(&self) -> &[u8] {
        &self.held_mask
    }

    /// All units that may go.
    pub fn all(&self) -> RankedGroup {
        RankedGroup {
            units: self.order.len() as u32,
            held: self.layers.iter().map(|g| g.held).sum(),
        }
    }

    /// Units in the order of cutting that are not cut yet.
    pub(crate) fn left(&self) -> &[u32] {
        &self.order[self.all().held as usize..]
    }

    /// Which units go under `selection`; those already cut are among them.
    ///
    /// # Errors
    /// A fraction outside 0 to 1, a threshold that is not a number or has no meaning here.
    pub fn select(&self, selection: &Selection) -> Result<Vec<bool>> {
        match selection {
            Selection::Fraction(p) => {
                in_range(*p)?;
                let count =
                    |g: &RankedGroup| prune_count(*p, g.units as usize).max(g.held as usize);
                Ok(self.first(self.groups().iter().map(count).sum()))
            }
            Selection::Threshold(t) => {
                self.takes_threshold(*t)?;
                let below = |&u: &u32| self.units.scores[u as usize] < *t;
                Ok(self.first(self.all().held as usize + self.left().partition_point(below)))
            }
            Selection::Layers(fractions) => self.by_hand(fractions),
        }
    }

    /// The fewest units, in the order of cutting, whose mask is as sparse as that: sparsity is zeros / prunable
    /// weights, rounded to a weight as [`prune_count`] does; all units where it can't be reached. Where
    /// units are weights that may all go, exactly the fraction of each group.
    ///
    /// # Errors
    /// A sparsity outside 0 to 1.
    pub fn reaching(&self, sparsity: f64) -> Result<Vec<bool>> {
        if self.units.are_weights() && self.order.len() == self.held.len() {
            return self.select(&Selection::Fraction(sparsity));
        }
        in_range(sparsity)?;
        let wanted = prune_count(sparsity, self.held_mask.len());
        let mut falling = vec![0u32; self.order.len()];
        let mut zeros = 0;
        for (&rank, &m) in self.ranks().iter().zip(&self.held_mask) {
            match falling.get_mut(rank as usize) {
                _ if m == 0 => zeros += 1,
                Some(weights) => *weights += 1,
                None => {}
            }
        }
        let mut count = 0;
        while count < falling.len() && zeros < wanted {
            zeros += falling[count] as usize;
            count += 1;
        }
        Ok(self.first(count))
    }

    /// The first `count` of the order, and those already cut.
    fn first(&self, count: usize) -> Vec<bool> {
        let mut cut = self.held.clone();
        for &unit in self.order.iter().take(count) {
            cut[unit as usize] = true;
        }
        cut
    }

    fn by_hand(&self, fractions: &[f64]) -> Result<Vec<bool>> {
        if fractions.len() != self.layers.len() {
            return Err(bad(format!(
                "{} layers need as many fractions",
                self.layers.len()
            )));
        }
        fractions.iter().try_for_each(|&p| in_range(p))?;
        let count = |(g, &p): (&RankedGroup, &f64)| prune_count(p, g.units as usize);
        let mut wanted: Vec<usize> = self.layers.iter().zip(fractions).map(count).collect();
        let ends: Vec<usize> = self.units.layout.layers().map(|(_, r)| r.end).collect();
        let mut cut = self.held.clone();
        for &unit in &self.order {
            let layer = ends.partition_point(|&end| end <= unit as usize);
            if wanted[layer] > 0 {
                wanted[layer] -= 1;
                cut[unit as usize] = true;
            }
        }
        Ok(cut)
    }

    fn takes_threshold(&self, t: f32) -> Result<()> {
        if t.is_nan() {
            return Err(bad("the threshold must be a number".into()));
        }
        if self.scope != Scope::Global {
            return Err(bad("one threshold needs one ranking over all layers".into()));
        }
        Ok(())
    }

    /// What is left of the held mask when the marked units go.
    pub fn mask(&self, cut: &[bool]) -> Vec<u8> {
        self.units.mask(cut, &self.held_mask)
    }

    /// The smallest score of the units that may go and stay; above every score where none does.
    pub fn threshold(&self, cut: &[bool]) -> f32 {
        let scores = |keep: bool| {
            let of = self.order.iter().filter(move |&&u| cut[u as usize] != keep);
            of.map(|&u| self.units.scores[u as usize])
        };
        match scores(true).reduce(f32::min) {
            Some(lowest) => lowest,
            None => scores(false).reduce(f32::max).map_or(0.0, f32::next_up),
        }
    }
}

fn bad(sentence: String) -> Error {
    Error::new(ErrorCode::BadCommand, sentence)
}

fn in_range(p: f64) -> Result<()> {
    match (0.0..=1.0).contains(&p) {
        true => Ok(()),
        false => Err(bad(format!(
            "the fraction to prune must be between 0 and 1, not {p}"
        ))),
    }
}

#[cfg(test)]
mod tests;
