//! The CPU bundle in a browser, in a dedicated worker as on the page.
#![cfg(all(target_arch = "wasm32", feature = "cpu"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use burn::tensor::Device;
use js_sys::{Float32Array, Object, Reflect, Uint8Array, Uint32Array};
use pruning_playground::config::RunConfig;
use pruning_playground::protocol::Command;
use pruning_playground::web::Playground;
use support::Driven;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn the_loss_after_100_steps_is_the_native_one() {
    let loss = support::loss_to_step_100(Device::flex()).await;
    assert!((loss - support::LOSS_TO_STEP_100).abs() <= 1e-3, "{loss}");
}

#[wasm_bindgen_test]
async fn memory_after_5000_steps_is_that_after_500() {
    let (mut driven, _) = Driven::new(Device::flex(), RunConfig::default()).await;
    let playground = Playground::create(None).await.unwrap();
    train_and_forget(&mut driven, 500).await;
    let before = playground.memory();
    train_and_forget(&mut driven, 4_500).await;
    let after = playground.memory();
    assert!(after <= before * 1.05, "{before} bytes grew to {after}");
}

/// Trains without keeping the messages, as the worker does, which transfers them to the page.
async fn train_and_forget(driven: &mut Driven, steps: u32) {
    driven
        .send(Command::FineTune {
            steps,
            distil: None,
        })
        .await;
    while driven.session.busy() {
        driven.session.advance().await;
    }
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap()
}

fn command(text: &str) -> JsValue {
    js_sys::JSON::parse(text).unwrap()
}

async fn apply(playground: &Playground, text: &str) -> Vec<JsValue> {
    let messages = playground.apply(1, command(text), None).await.unwrap();
    messages.iter().collect()
}

/// Advances until there is an event of a kind; what was told with it.
async fn advance_to(playground: &Playground, kind: &str) -> Vec<JsValue> {
    loop {
        assert!(playground.busy(), "no {kind}");
        let messages: Vec<JsValue> = playground.advance().await.unwrap().iter().collect();
        let is = |m: &JsValue| get(&get(m, "event"), "type") == kind;
        if messages.iter().any(is) {
            return messages;
        }
    }
}

fn event<'a>(messages: &'a [JsValue], kind: &str) -> &'a JsValue {
    let of_kind = |m: &&JsValue| get(&get(m, "event"), "type") == kind;
    messages
        .iter()
        .find(of_kind)
        .unwrap_or_else(|| panic!("no {kind}"))
}

const CONFIGURE: &str = r#"{"configure":{"runId":7,"config":{"dataset":"digits","seed":3}}}"#;

#[wasm_bindgen_test]
async fn the_interface_takes_commands_and_gives_messages_with_typed_arrays() {
    let playground = Playground::create(None).await.unwrap();
    assert_eq!(get(&playground.device(), "backend"), "cpu");
    playground.self_test().await.unwrap();
    assert!(!playground.busy());

    let messages = apply(&playground, CONFIGURE).await;
    let configured = event(&messages, "configured");
    assert_eq!(get(configured, "runId"), 7);
    assert_eq!(get(&get(&get(configured, "event"), "dataset"), "test"), 360);
    let scored = advance_to(&playground, "scored").await;
    let bulk = get(event(&scored, "scored"), "bulk");
    assert_eq!(
        get(&bulk, "weights")
            .unchecked_into::<Float32Array>()
            .length(),
        1864
    );
    assert!(get(&bulk, "ranks").is_instance_of::<Uint32Array>());
    assert!(get(&bulk, "masks").is_instance_of::<Uint8Array>());
    let checkpoint = get(&get(event(&messages, "point"), "bulk"), "checkpoint");
    assert!(checkpoint.is_instance_of::<Uint8Array>());
    assert!(playground.busy(), "the curve is still to be drawn");

    let bulk = Object::new();
    Reflect::set(&bulk, &"checkpoint".into(), &checkpoint).unwrap();
    let restore = command(r#"{"restore":{"runId":8}}"#);
    let messages: Vec<JsValue> = playground
        .apply(2, restore, Some(bulk.unchecked_into()))
        .await
        .unwrap()
        .iter()
        .collect();
    assert_eq!(get(event(&messages, "configured"), "runId"), 8);
    let measured = advance_to(&playground, "curve").await;
    assert_eq!(get(event(&measured, "curve"), "command"), 2);
}

#[wasm_bindgen_test]
async fn what_is_not_a_command_is_refused_and_the_session_goes_on() {
    let playground = Playground::create(None).await.unwrap();
    for text in ["null", "{}", r#""dance""#, r#"{"fine-tune":{"steps":-1}}"#] {
        event(&apply(&playground, text).await, "error");
    }
    let bad = r#"{"configure":{"runId":1,"config":{"widths":[0,16]}}}"#;
    event(&apply(&playground, bad).await, "error");
    event(&apply(&playground, CONFIGURE).await, "configured");
}

#[wasm_bindgen_test]
fn numbers_that_32_bits_have_no_room_for_are_refused() {
    // 8 times this number is 8.
    let bytes = [&0x2000_0001u32.to_le_bytes()[..], &[0; 8]].concat();
    assert!(pruning_playground::parallel::payload::read(&bytes, 4).is_err());
}
