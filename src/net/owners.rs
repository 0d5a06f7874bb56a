//! Which channel groups a weight belongs to: its own filter's, and that of the channel it reads.

use super::channels::NO_GROUP;
use super::graph::Graph;
use super::op::Op;

impl Graph {
    /// Of each prunable weight, in their order: the group of its filter, and that of the channel it reads ([`NO_GROUP`] where
    /// there is none; a depthwise filter reads its own channel).
    pub fn owners(&self) -> impl Iterator<Item = [u32; 2]> {
        (0..self.layers().len()).flat_map(|layer| self.owners_of(layer))
    }

    /// Of a prunable layer the group of each filter, and of each channel or feature that it reads: None where each filter reads
    /// its own channel (depthwise).
    pub fn groups_of(&self, layer: usize) -> (&[u32], Option<&[u32]>) {
        let at = &self.layers()[layer];
        let depthwise = matches!(&self.net().nodes[at.node].op, Op::Conv(conv) if conv.groups > 1);
        let read = self.channels().of_value(self.input_of(at.node));
        let own = self.channels().of_value(at.node + 1);
        (own, (!depthwise).then_some(read))
    }

    fn owners_of(&self, layer: usize) -> impl Iterator<Item = [u32; 2]> {
        let dims = &self.layers()[layer].dims;
        let window: usize = dims.get(2..).unwrap_or_default().iter().product();
        let row = dims[1];
        let (own, read) = self.groups_of(layer);
        own.iter().flat_map(move |&own| {
            (0..row).flat_map(move |from| {
                let from = read.map_or(own, |read| read[from]);
                std::iter::repeat_n([own, from], window)
            })
        })
    }

    fn input_of(&self, node: usize) -> usize {
        self.nodes()
            .nth(node)
            .and_then(|(_, checked)| checked.inputs.first().copied())
            .unwrap_or(0)
    }

    /// Which groups are removed under a mask over all prunable weights: neither their filters nor what reads their channels
    /// has a weight left. None where no group is.
    pub fn removed_groups(&self, mask: &[u8]) -> Option<Vec<bool>> {
        let mut removed = vec![true; self.channels().groups().len()];
        for (owners, _) in self.owners().zip(mask).filter(|(_, m)| **m != 0) {
            for group in owners.into_iter().filter(|&g| g != NO_GROUP) {
                removed[group as usize] = false;
            }
        }
        removed.contains(&true).then_some(removed)
    }
}
