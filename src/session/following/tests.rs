use crate::config::RunConfig;
use crate::protocol::{Bulk, Command, Event, Message};
use crate::prune::recipe::{Action, Procedure, Recipe};
use crate::session::Session;
use burn::tensor::Device;
use pollster::block_on;

fn apply(session: &mut Session, command: Command) -> Vec<Message> {
    block_on(session.apply(1, command, Bulk::default()))
}

fn failed(messages: &[Message]) -> bool {
    messages
        .iter()
        .any(|m| matches!(m.event, Event::Error { .. }))
}

#[test]
fn an_action_that_failed_is_not_skipped_when_the_recipe_goes_on() {
    let mut session = Session::new(Device::flex());
    let config = RunConfig::default();
    apply(&mut session, Command::Configure { run_id: 1, config });
    let plan = Procedure::OneShot {
        train: 1,
        sparsity: 0.5,
        fine_tune: 1,
    };
    let recipe = Recipe {
        name: "test".into(),
        method: Default::default(),
        plan,
        distil: None,
    };
    apply(&mut session, Command::Follow { recipe });
    let actions = |session: &mut Session| {
        let run = session.run.as_mut().expect("a run");
        run.following().expect("a recipe").actions.clone()
    };
    // In place of the first action one that fails: there is nothing to go back to.
    let run = session.run.as_mut().expect("a run");
    run.following().expect("a recipe").actions[0] = Action::Rewind;
    let before = actions(&mut session);
    assert!(failed(&block_on(session.advance())));
    assert_eq!(actions(&mut session), before);
    apply(&mut session, Command::Run);
    assert!(failed(&block_on(session.advance())));
    assert!(failed(&apply(&mut session, Command::Step)));
    assert_eq!(actions(&mut session), before);
}
