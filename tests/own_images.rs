//! Own images: read, refused, trained on, and single images classified.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use burn::tensor::Device;
use pollster::block_on;
use pruning_playground::config::RunConfig;
use pruning_playground::data::{Dataset, DatasetId, NamedFile, from_files};
use pruning_playground::protocol::{Bulk, Command, Event, Message};
use pruning_playground::prune::selection::Selection;
use pruning_playground::session::Session;
use safetensors::tensor::{Dtype, TensorView, serialize};
use std::collections::HashMap;
use support::{Driven, errors, point};

const IMAGE: usize = 3 * 32 * 32;
const NAME: &str = "own-images.safetensors";

fn pack(classes: &str, shape: Vec<usize>, images: &[u8], labels: &[u8]) -> Vec<u8> {
    let metadata = HashMap::from([("classes".to_owned(), classes.to_owned())]);
    let tensors = [
        ("images", TensorView::new(Dtype::U8, shape, images).unwrap()),
        (
            "labels",
            TensorView::new(Dtype::U8, vec![labels.len()], labels).unwrap(),
        ),
    ];
    serialize(tensors, Some(metadata)).unwrap()
}

/// Images of one colour channel a class, `n` of each of three, no two alike.
fn colours(n: usize) -> Vec<u8> {
    let labels: Vec<u8> = (0..3 * n).map(|i| (i % 3) as u8).collect();
    let images: Vec<u8> = (0..3 * n)
        .flat_map(|i| {
            (0..IMAGE).map(move |p| {
                let bright = p / 1024 == i % 3;
                let noise = ((p * 31 + i * 97) % 60) as u8;
                if bright { 190 + noise } else { noise }
            })
        })
        .collect();
    pack(
        r#"["red","green","蓝"]"#,
        vec![3 * n, 3, 32, 32],
        &images,
        &labels,
    )
}

fn read(bytes: &[u8]) -> Result<Dataset, String> {
    from_files(DatasetId::Own, &[NamedFile { name: NAME, bytes }]).map_err(|e| e.message)
}

fn load(driven: &mut Driven, run_id: u32, config: RunConfig, file: Vec<u8>) -> Vec<Message> {
    let command = Command::LoadFiles {
        run_id,
        config,
        names: vec![NAME.to_owned()],
    };
    let bulk = Bulk {
        files: Some(vec![file]),
        ..Default::default()
    };
    block_on(driven.ask(command, bulk))
}

fn own() -> RunConfig {
    RunConfig {
        dataset: DatasetId::Own,
        learning_rate: 1e-2,
        ..Default::default()
    }
}

fn begin(file: Vec<u8>) -> (Driven, Vec<Message>) {
    let mut driven = Driven::over(Session::new(Device::flex()));
    let mut messages = load(&mut driven, 1, own(), file);
    messages.extend(block_on(driven.scored()));
    (driven, messages)
}

fn classify(driven: &mut Driven, selection: Selection, image: Vec<u8>) -> Vec<Message> {
    let bulk = Bulk {
        images: Some(image),
        ..Default::default()
    };
    block_on(driven.ask(Command::Classify { selection }, bulk))
}

fn answer(messages: &[Message]) -> Vec<f32> {
    assert_eq!(errors(messages), [""; 0]);
    assert!(matches!(messages[0].event, Event::Classified { .. }));
    messages[0].bulk.probabilities.clone().unwrap()
}

#[test]
fn a_packed_folder_becomes_a_data_set_with_a_fifth_of_each_class_for_testing() {
    let data = read(&colours(20)).unwrap();
    assert_eq!(data.classes, ["red", "green", "蓝"]);
    assert_eq!((data.train.len(), data.test.len()), (48, 12));
    assert_eq!((data.channels, data.height, data.width), (3, 32, 32));
    for class in 0..3u8 {
        assert_eq!(data.test.labels.iter().filter(|&&l| l == class).count(), 4);
    }
    for (i, &label) in data.train.labels.iter().enumerate() {
        let middle = data.train.pixels[i * IMAGE + usize::from(label) * 1024 + 500];
        assert!(middle >= 190, "image {i} has the label of another");
    }
}

#[test]
fn the_split_is_the_same_each_time_and_the_digest_tells_other_images_apart() {
    let (a, b) = (read(&colours(20)).unwrap(), read(&colours(20)).unwrap());
    assert_eq!(a, b);
    assert_eq!(a.digest(), b.digest());
    assert_ne!(a.digest(), read(&colours(21)).unwrap().digest());
}

#[test]
fn what_cannot_be_trained_on_is_refused_in_words_that_say_what_to_do() {
    let images = vec![9; 8 * IMAGE];
    let shape = || vec![8, 3, 32, 32];
    let halves = [0, 0, 0, 0, 1, 1, 1, 1];
    let eleven =
        serde_json::to_string(&(0..11).map(|i| i.to_string()).collect::<Vec<_>>()).unwrap();
    let long = format!(r#"["a","{}"]"#, "x".repeat(65));
    let few = pack(
        r#"["a","b"]"#,
        vec![4, 3, 32, 32],
        &images[..4 * IMAGE],
        &[0, 0, 1, 1],
    );
    let cases = [
        (
            pack(r#"["a"]"#, shape(), &images, &[0; 8]),
            "2 to 10 folders",
        ),
        (pack(&eleven, shape(), &images, &halves), "2 to 10 folders"),
        (pack(&long, shape(), &images, &halves), "a name of 1 to 64"),
        (
            pack(r#"["a"," "]"#, shape(), &images, &halves),
            "a name of 1 to 64",
        ),
        (
            pack(r#"["a","a"]"#, shape(), &images, &halves),
            "different names",
        ),
        (
            pack(r#"["a","b"]"#, shape(), &images, &[0, 0, 0, 0, 0, 0, 0, 1]),
            "at least 2",
        ),
        (
            pack(r#"["a","b"]"#, shape(), &images, &[0, 0, 0, 0, 1, 1, 1, 2]),
            "only 2 classes",
        ),
        (few, "give 8 to 60000"),
        (
            pack(r#"["a","b"]"#, vec![8, 3, 16, 64], &images, &halves),
            "are expected",
        ),
        (
            pack("a, b", shape(), &images, &halves),
            "choose the folder or zip again",
        ),
        (
            b"PK\x03\x04 and so on".to_vec(),
            "choose the folder or zip again",
        ),
        (Vec::new(), "choose the folder or zip again"),
    ];
    for (bytes, sentence) in cases {
        let message = read(&bytes).expect_err(sentence);
        assert!(message.contains(sentence), "{message}");
    }
    let whole = colours(4);
    for end in (0..whole.len()).step_by(911) {
        assert!(read(&whole[..end]).is_err(), "cut at byte {end}");
    }
}

#[test]
fn own_images_are_learnt_and_serve_other_settings_and_restored_states() {
    let (mut driven, messages) = begin(colours(40));
    assert_eq!(errors(&messages), [""; 0]);
    let (trained, checkpoint) = point(&block_on(driven.train(40))).unwrap();
    assert!(trained.test.accuracy > 0.9, "{}", trained.test.accuracy);
    let narrow = RunConfig {
        widths: [4, 4],
        seed: 2,
        train_limit: 30,
        ..own()
    };
    let messages = block_on(driven.send(Command::Configure {
        run_id: 2,
        config: narrow,
    }));
    assert_eq!(errors(&messages), [""; 0]);
    let Event::Configured { dataset, .. } = &messages[0].event else {
        panic!("{messages:?}");
    };
    assert_eq!((dataset.train, dataset.test), (30, 24));
    let (mut other, _) = begin(colours(40));
    let messages = block_on(other.restore(&checkpoint));
    let again = messages.iter().find_map(|m| match m.event {
        Event::Evaluated { test, .. } => Some(test),
        _ => None,
    });
    assert_eq!(again, Some(trained.test));
}

#[test]
fn an_image_is_answered_as_the_examples_are_now_and_under_the_slider_and_changes_nothing() {
    let (mut driven, _) = begin(colours(40));
    block_on(driven.train(40));
    let before = block_on(driven.session.state()).unwrap();
    let data = read(&colours(40)).unwrap();
    let red = data.test.labels.iter().position(|&l| l == 0).unwrap();
    let image = data.test.pixels[red * IMAGE..(red + 1) * IMAGE].to_vec();
    let uncut = answer(&classify(
        &mut driven,
        Selection::Fraction(0.0),
        image.clone(),
    ));
    assert_eq!(uncut.len(), 6);
    assert_eq!(uncut[..3], uncut[3..]);
    assert!(uncut[0] > 0.5, "{uncut:?}");
    let cut = answer(&classify(
        &mut driven,
        Selection::Fraction(1.0),
        image.clone(),
    ));
    assert_eq!(cut[..3], uncut[..3]);
    assert_ne!(cut[3..], uncut[3..]);
    // With every weight cut only the biases answer, whatever the image.
    let black = answer(&classify(
        &mut driven,
        Selection::Fraction(1.0),
        vec![0; IMAGE],
    ));
    assert_eq!(black[3..], cut[3..]);
    block_on(driven.send(Command::Run));
    let training = answer(&classify(&mut driven, Selection::Fraction(0.5), image));
    assert!((training[..3].iter().sum::<f32>() - 1.0).abs() < 1e-5);
    assert_eq!(block_on(driven.session.state()).unwrap(), before);
}

#[test]
fn an_image_of_another_size_or_before_there_is_a_network_is_refused() {
    let mut driven = Driven::over(Session::new(Device::flex()));
    let early = classify(&mut driven, Selection::Fraction(0.0), vec![0; 64]);
    assert_eq!(errors(&early).len(), 1);
    block_on(driven.send(Command::Configure {
        run_id: 1,
        config: RunConfig::default(),
    }));
    block_on(driven.scored());
    for wrong in [0, 63, IMAGE] {
        let refused = classify(&mut driven, Selection::Fraction(0.0), vec![0; wrong]);
        assert_eq!(errors(&refused).len(), 1);
    }
    let ink = classify(&mut driven, Selection::Fraction(0.5), vec![255; 64]);
    assert_eq!(answer(&ink).len(), 20);
}
