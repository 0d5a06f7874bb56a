//! CIFAR-10, binary version: records of a label and three 32x32 planes, nothing else.
//! Source: <https://www.cs.toronto.edu/~kriz/cifar.html>.

use super::archive::{self, MAX_FILE, Member};
use super::dataset::{Dataset, Split};
use super::files::{NamedFile, bad_data, expected_files, listing};
use super::id::DatasetId;
use super::stream::Budget;
use crate::error::Result;

const IMAGE: usize = 3 * 32 * 32;
const RECORD: usize = 1 + IMAGE;
const CLASSES: [&str; 10] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Train,
    Test,
}

/// What a base name (lower case, without `.gz`) says that a file is.
fn role(base: &str) -> Option<Role> {
    let stem = base.strip_suffix(".bin")?;
    if stem.starts_with("data_batch") {
        Some(Role::Train)
    } else if stem.starts_with("test_batch") {
        Some(Role::Test)
    } else {
        None
    }
}

/// Batches decoded so far, in the order of their names.
#[derive(Default)]
struct Batches {
    split: Split,
    /// Base name, label and number of records of each.
    parts: Vec<(String, String, usize)>,
}

impl Batches {
    fn add(&mut self, member: &mut Member<'_>) -> Result<()> {
        let place = self.parts.partition_point(|(base, ..)| *base < member.base);
        if let Some((_, label, _)) = self
            .parts
            .get(place)
            .filter(|(base, ..)| *base == member.base)
        {
            return Err(bad_data(format!(
                "{label} and {} are the same batch; give one of them",
                member.label
            )));
        }
        let records = read_batch(member, &mut self.split)?;
        // An archive has the batches in any order: moving one into place spares a second copy.
        let before: usize = self.parts[..place].iter().map(|(.., n)| n).sum();
        self.split.labels[before..].rotate_right(records);
        self.split.pixels[before * IMAGE..].rotate_right(records * IMAGE);
        self.parts
            .insert(place, (member.base.clone(), member.label.clone(), records));
        Ok(())
    }
}

/// Appends all records of a batch; returns how many there were.
fn read_batch(member: &mut Member<'_>, split: &mut Split) -> Result<usize> {
    check_size(member)?;
    let before = split.len();
    loop {
        let start = member.offset;
        let mut label = [0];
        if member.fill(&mut label)? == 0 {
            break;
        }
        if label[0] > 9 {
            return Err(bad_data(format!(
                "{}: the label at byte {start} is {}; CIFAR-10 has labels 0 to 9, every {RECORD} bytes",
                member.label, label[0]
            )));
        }
        if start + RECORD as u64 > MAX_FILE {
            return Err(bad_data(format!(
                "{}: goes on past byte {start}; at most {MAX_FILE} bytes are expected in a batch",
                member.label
            )));
        }
        let ahead = member
            .size
            .map_or(split.pixels.len(), |size| (size - start) as usize);
        member.reserve(&mut split.pixels, IMAGE, ahead)?;
        if member.append(&mut split.pixels, IMAGE)? < IMAGE {
            return Err(cut_short(member));
        }
        split.labels.push(label[0]);
    }
    let records = split.len() - before;
    if records == 0 || member.size.is_some_and(|size| member.offset < size) {
        return Err(cut_short(member));
    }
    Ok(records)
}

fn check_size(member: &Member<'_>) -> Result<()> {
    let Some(size) = member.size else {
        return Ok(());
    };
    let over = size % RECORD as u64;
    let problem = if size == 0 {
        "is empty".to_owned()
    } else if over > 0 {
        format!(
            "ends at byte {size}, {over} bytes into the record at byte {}",
            size - over
        )
    } else if size > MAX_FILE {
        format!("has {size} bytes")
    } else {
        return Ok(());
    };
    Err(bad_data(format!(
        "{} {problem}; a batch is whole records of {RECORD} bytes, at most {MAX_FILE} bytes in all: download it again",
        member.label
    )))
}

fn cut_short(member: &Member<'_>) -> crate::error::Error {
    let expected = match member.size {
        Some(size) => format!("{size} bytes are expected"),
        None => format!("whole records of {RECORD} bytes are expected"),
    };
    bad_data(format!(
        "{} is cut short: it ends at byte {}, but {expected}; download it again",
        member.label, member.offset
    ))
}

/// Reads CIFAR-10 from its batches, loose or in archives; as many records as the files hold.
pub(super) fn load(files: &[NamedFile<'_>]) -> Result<Dataset> {
    let loose = |wanted| {
        let is = |f: &NamedFile<'_>| role(&archive::member_base(f.name)) == Some(wanted);
        files.iter().any(is)
    };
    // A folder often holds the archive beside what was unpacked from it.
    let complete = loose(Role::Train) && loose(Role::Test);
    let (mut train, mut test) = (Batches::default(), Batches::default());
    let mut budget = Budget::new();
    for file in files {
        if complete && role(&archive::member_base(file.name)).is_none() {
            continue;
        }
        archive::for_each_member(
            file,
            &mut budget,
            &|base| role(base).is_some(),
            &mut |mut member| match role(&member.base) {
                Some(Role::Test) => test.add(&mut member),
                _ => train.add(&mut member),
            },
        )?;
    }
    for (batches, pattern) in [(&train, "data_batch_*.bin"), (&test, "test_batch.bin")] {
        if batches.parts.is_empty() {
            return Err(bad_data(format!(
                "{pattern} is missing; in {} it was not found: give {} (the binary version)",
                listing(files),
                expected_files(DatasetId::Cifar10)
            )));
        }
    }
    Ok(Dataset {
        id: DatasetId::Cifar10,
        classes: CLASSES.map(String::from).to_vec(),
        channels: 3,
        height: 32,
        width: 32,
        train: train.split,
        test: test.split,
    })
}
