//! Files of the version before networks were data (0.1.0 of two convolutions): they open as they did then.

use super::{open, opened, state};
use crate::support::Driven;
use burn::tensor::Device;
use pruning_playground::files::export::{NetworkKind, read};
use pruning_playground::learn::eval::Metrics;
use pruning_playground::net::{TWO_CONV, two_conv};
use pruning_playground::session::Session;
use safetensors::SafeTensors;

const MASKED: &[u8] = include_bytes!("older/masked.safetensors");
const COMPACTED: &[u8] = include_bytes!("older/compacted.safetensors");

#[test]
fn files_of_an_older_version_open_with_their_loss_and_numbers_bit_for_bit() {
    for (bytes, kind, widths) in [
        (MASKED, NetworkKind::Masked, [8, 16]),
        (COMPACTED, NetworkKind::Compacted, [8, 10]),
    ] {
        let stored = read(bytes).unwrap();
        assert_eq!(
            (stored.config.network.as_str(), stored.config.widths),
            (TWO_CONV, widths)
        );
        let mut driven = Driven::over(Session::new(Device::flex()));
        let (network, said, same_images, now) = opened(&open(&mut driven, bytes));
        assert_eq!((network, same_images, said), (kind, true, Some(now)));
        let Metrics { accuracy, loss, .. } = now;
        assert_eq!((accuracy, loss), (0.8444444444444444, 0.52647424));
        let state = state(&driven.session);
        let graph = two_conv([1, 8, 8], widths.map(|w| w as usize), 10).unwrap();
        let file = SafeTensors::deserialize(bytes).unwrap();
        for parameter in graph.parameters() {
            let tensor = file.tensor(&parameter.name).unwrap();
            let values = state.parameters.of(parameter).iter();
            let written: Vec<u8> = values.flat_map(|v| v.to_le_bytes()).collect();
            assert_eq!(written, tensor.data(), "{}", parameter.name);
        }
        assert_eq!(state.step, 440);
    }
}
