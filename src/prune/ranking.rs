//! Units in the order of cutting, sorted once, so that any cut is a search in it.

use super::method::{Method, Scope};
use super::scores::require_finite;
use super::units::{NEVER, Units};
use crate::error::{Error, ErrorCode, Result};
use crate::net::Layout;
use crate::prune::selection::{Group, Selection};
use std::cmp::Ordering;

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
    /// Units that may go, in the order of cutting.
    order: Vec<u32>,
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
        let mut order: Vec<u32> = (0..units.scores.len() as u32)
            .filter(|&u| may_go[u as usize])
            .collect();
        // A stable sort keeps equal scores in order of position; units already cut come first.
        let key = |u: u32| (!held[u as usize], units.scores[u as usize]);
        order.sort_by(|&a, &b| compare(key(a), key(b)));
        if method.scope == Scope::Layer {
            order = merge(&order, &held, &units.layout);
        }
        Ok(Self {
            scope: method.scope,
            held_mask: mask.to_vec(),
            units,
            held,
            order,
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

    /// Units that are compared with each other.
    pub fn groups(&self) -> Vec<Group> {
        self.members()
            .iter()
            .map(|members| Group {
                units: members.len() as u32,
                held: members.iter().filter(|&&u| self.held[u as usize]).count() as u32,
            })
            .collect()
    }

    /// The units of each group, in the order of cutting.
    fn members(&self) -> Vec<Vec<u32>> {
        match self.scope {
            Scope::Global => vec![self.order.clone()],
            Scope::Layer => self
                .by_layer()
                .into_iter()
                .filter(|m| !m.is_empty())
                .collect(),
        }
    }

    fn by_layer(&self) -> Vec<Vec<u32>> {
        let of = |range: std::ops::Range<usize>| {
            self.order
                .iter()
                .copied()
                .filter(|&u| range.contains(&(u as usize)))
                .collect()
        };
        self.units
            .layout
            .layers()
            .map(|(_, range)| of(range))
            .collect()
    }

    /// Which units go under `selection`; those already cut are among them.
    ///
    /// # Errors
    /// A fraction outside 0 to 1, a threshold that is not a number or has no meaning here.
    pub fn select(&self, selection: &Selection) -> Result<Vec<bool>> {
        let mut cut = self.held.clone();
        let mut take = |members: &[u32], count: usize| {
            members
                .iter()
                .take(count)
                .for_each(|&u| cut[u as usize] = true);
        };
        match selection {
            Selection::Fraction(p) => {
                in_range(*p)?;
                self.members()
                    .iter()
                    .for_each(|m| take(m, prune_count(*p, m.len())));
            }
            Selection::Threshold(t) => {
                self.takes_threshold(*t)?;
                let below = |&u: &u32| self.units.scores[u as usize] < *t;
                let members: Vec<u32> = self.order.iter().copied().filter(below).collect();
                take(&members, members.len());
            }
            Selection::Layers(fractions) => {
                let layers = self.by_layer();
                if fractions.len() != layers.len() {
                    return Err(bad(format!(
                        "{} layers need as many fractions",
                        layers.len()
                    )));
                }
                for (members, &p) in layers.iter().zip(fractions) {
                    in_range(p)?;
                    take(members, prune_count(p, members.len()));
                }
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

fn compare(a: (bool, f32), b: (bool, f32)) -> Ordering {
    let by_score = || a.1.partial_cmp(&b.1).unwrap_or(Ordering::Equal);
    // Among those already cut position alone counts.
    a.0.cmp(&b.0)
        .then_with(|| if a.0 { by_score() } else { Ordering::Equal })
}

/// Which units the method's options let go.
fn may_go(units: &Units, held: &[bool], method: &Method) -> Vec<bool> {
    let mut may_go = vec![true; units.scores.len()];
    let last = units.layout.layers().count().saturating_sub(1);
    for (layer, (_, range)) in units.layout.layers().enumerate() {
        if method.spare_classifier && layer == last {
            may_go[range].fill(false);
        } else if method.never_empty {
            let best = range.filter(|&u| !held[u]).reduce(|a, b| {
                if units.scores[b] >= units.scores[a] {
                    b
                } else {
                    a
                }
            });
            if let Some(best) = best {
                may_go[best] = false;
            }
        }
    }
    may_go
}

/// Merges the orders of the layers: the r-th (from 0) of n units goes as soon as `p * n` rounds to
/// more than r, that is at p = (r + 1/2) / n; of those that go together, the ones that a half
/// rounds up to come first. Units already cut stay in front.
fn merge(order: &[u32], held: &[bool], layout: &Layout) -> Vec<u32> {
    let mut keyed: Vec<(bool, u64, u64, u32)> = Vec::with_capacity(order.len());
    for (_, range) in layout.layers() {
        let members: Vec<u32> = order
            .iter()
            .copied()
            .filter(|&u| range.contains(&(u as usize)))
            .collect();
        let n = members.len() as u64;
        keyed.extend(
            (0..)
                .zip(members)
                .map(|(r, u)| (!held[u as usize], r, n, u)),
        );
    }
    keyed.sort_by(|a, b| {
        let break_points = ((2 * a.1 + 1) * b.2).cmp(&((2 * b.1 + 1) * a.2));
        let even_last = (a.1 % 2 == 0).cmp(&(b.1 % 2 == 0));
        a.0.cmp(&b.0).then(break_points).then(even_last)
    });
    keyed.into_iter().map(|(_, _, _, u)| u).collect()
}

#[cfg(test)]
mod tests;
