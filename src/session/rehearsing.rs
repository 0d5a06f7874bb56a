//! A rehearsal of training while the session rests. On a GPU a kernel is compiled when it is first needed, and which
//! variants of Burn's are needed depends on the sizes of the network, of the batch and of what is masked: without a
//! rehearsal the first steps would wait for them. The self-test has had those that are the same for all networks.

use super::run::Run;
use crate::data::order::batch_size;
use crate::error::Result;
use crate::learn::objective::Objective;
use crate::ops::transfer::read;

/// The first step makes Adam's state, the second has it.
const STEPS: u32 = 2;

impl Run {
    /// Trains a copy of the network, which is then forgotten.
    pub(super) async fn rehearse(&self) -> Result<()> {
        let mut copy = self.trainer.clone();
        let images = 0..batch_size(self.config.batch, self.train_len());
        let batch = self.batcher.batch(&self.data.train, images, &self.device);
        let losses = (0..STEPS).map(|_| copy.step(&batch, &Objective::Labels));
        read(losses.collect()).await.map(drop)
    }
}

#[cfg(all(test, feature = "cpu"))]
#[allow(clippy::expect_used)]
mod tests {
    use crate::config::RunConfig;
    use crate::learn::state::TrainState;
    use crate::protocol::{Bulk, Command};
    use crate::prune::selection::Selection;
    use crate::session::Session;
    use burn::tensor::Device;
    use pollster::block_on;

    fn trained(rehearses: bool) -> TrainState {
        let mut session = Session::new(Device::flex());
        let apply = |session: &mut Session, command| {
            block_on(session.apply(command, Bulk::default()));
            if rehearses {
                let run = session.run.as_ref().expect("it is configured");
                block_on(run.rehearse()).expect("the CPU works");
            }
        };
        let config = RunConfig::default();
        apply(&mut session, Command::Configure { run_id: 1, config });
        apply(&mut session, Command::Step);
        let selection = Selection::Fraction(0.5);
        apply(&mut session, Command::Prune { selection });
        apply(&mut session, Command::Step);
        block_on(session.state()).expect("it is configured")
    }

    #[test]
    fn it_changes_no_bit_of_what_is_trained() {
        let state = trained(true);
        assert_eq!(state.step, 2);
        assert!(state == trained(false));
    }
}
