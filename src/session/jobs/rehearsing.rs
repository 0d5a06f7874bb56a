//! A rehearsal of training while the session rests. On a GPU a kernel is compiled when it is first needed, and which
//! variants of Burn's are needed depends on the sizes of the network, of the batch and of what is masked: without a
//! rehearsal the first steps would wait for them. The self-test has had those that are the same for all networks.

use crate::error::Result;
use crate::learn::objective::Objective;
use crate::ops::transfer::read;
use crate::session::outbox::Outbox;
use crate::session::queue::{Job, Kind, Slice};
use crate::session::run::Run;

/// The first step makes Adam's state, the second has it.
const STEPS: u32 = 2;
/// Whether a kernel is compiled when it is first needed.
const COMPILES: bool = cfg!(feature = "webgpu");

struct Rehearsal(u32);

impl Job<Run> for Rehearsal {
    fn kind(&self) -> Kind {
        Kind::Rehearse
    }

    fn command(&self) -> u32 {
        self.0
    }

    fn slice<'a>(&'a mut self, run: &'a mut Run, _: &'a mut Outbox) -> Slice<'a> {
        Box::pin(async move { run.rehearse().await.map(|()| true) })
    }
}

impl Run {
    /// Training will need other kernels than before.
    pub(in crate::session) fn rehearse_training(&mut self, out: &mut Outbox) {
        if COMPILES {
            self.jobs.add(Rehearsal(out.command()), out);
        }
    }

    /// Trains a copy of the network, which is then forgotten.
    pub(in crate::session) async fn rehearse(&self) -> Result<()> {
        let mut copy = self.trainer.clone();
        let batch = self
            .batcher
            .batch(&self.data.train, 0..self.batch_len(), &self.device);
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
            block_on(session.apply(1, command, Bulk::default()));
            while session.busy() {
                block_on(session.advance());
            }
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
