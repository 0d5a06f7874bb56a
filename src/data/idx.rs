//! IDX, the format of MNIST and Fashion-MNIST: a big-endian header, then bytes.
//! Images: `00 00 08 03`, count, height, width, pixels. Labels: `00 00 08 01`, count, labels.
//! Sources: <http://yann.lecun.com/exdb/mnist/>, <https://github.com/zalandoresearch/fashion-mnist>.

use super::archive::{self, MAX_FILE, Member};
use super::dataset::{Dataset, Split};
use super::files::{NamedFile, bad_data, listing};
use super::id::DatasetId;
use super::stream::Budget;
use crate::error::Result;

const SIDES: std::ops::RangeInclusive<u32> = 4..=64;
const FASHION: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// The four files, by the place of each in [`Found`].
const ROLES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// What a base name (lower case, without `.gz`) says that a file is: an index into [`ROLES`].
fn role(base: &str) -> Option<usize> {
    if base.starts_with('.') || !(base.contains("idx") || base.contains("ubyte")) {
        return None;
    }
    let test = match (
        base.contains("train"),
        base.contains("t10k") || base.contains("test"),
    ) {
        (true, false) => 0,
        (false, true) => 2,
        _ => return None,
    };
    match (base.contains("images"), base.contains("labels")) {
        (true, false) => Some(test),
        (false, true) => Some(test + 1),
        _ => None,
    }
}

/// A decoded file.
struct Content {
    label: String,
    height: u32,
    width: u32,
    count: usize,
    bytes: Vec<u8>,
}

type Found = [Option<Content>; 4];

/// Reads the four files of an IDX data set; as many images as their headers say.
pub(super) fn load(id: DatasetId, files: &[NamedFile<'_>]) -> Result<Dataset> {
    let mut found = Found::default();
    let mut budget = Budget::new();
    for file in files {
        // A folder often holds the packed file beside what was unpacked from it.
        let unpacked = file.name.strip_suffix(".gz");
        if unpacked.is_some_and(|name| files.iter().any(|f| f.name == name)) {
            continue;
        }
        archive::for_each_member(
            file,
            &mut budget,
            &|base| role(base).is_some(),
            &mut |member| take(member, &mut found),
        )?;
    }
    if found.iter().any(Option::is_none) {
        return Err(missing(&found, files));
    }
    assemble(id, found)
}

fn assemble(id: DatasetId, found: Found) -> Result<Dataset> {
    let [
        Some(train_images),
        Some(train_labels),
        Some(test_images),
        Some(test_labels),
    ] = found
    else {
        return Err(missing(&found, &[]));
    };
    let (height, width) = (train_images.height, train_images.width);
    if (test_images.height, test_images.width) != (height, width) {
        return Err(bad_data(format!(
            "{}: its header at byte 8 says {} x {} pixels, but {} has {height} x {width}; give files of one data set",
            test_images.label, test_images.height, test_images.width, train_images.label
        )));
    }
    let classes = match id {
        DatasetId::FashionMnist => FASHION.map(String::from).to_vec(),
        _ => (0..10).map(|d| d.to_string()).collect(),
    };
    Ok(Dataset {
        id,
        classes,
        channels: 1,
        height: height as usize,
        width: width as usize,
        train: pair(train_images, train_labels)?,
        test: pair(test_images, test_labels)?,
    })
}

fn missing(found: &Found, files: &[NamedFile<'_>]) -> crate::error::Error {
    let missing: Vec<&str> = ROLES
        .iter()
        .zip(found)
        .filter(|(_, f)| f.is_none())
        .map(|(role, _)| *role)
        .collect();
    bad_data(format!(
        "missing: {} (or its .gz); in {} it was not found, and all four files are needed",
        missing.join(", "),
        listing(files)
    ))
}

fn take(mut member: Member<'_>, found: &mut Found) -> Result<()> {
    let Some(role) = role(&member.base) else {
        return Ok(());
    };
    if let Some(other) = &found[role] {
        return Err(bad_data(format!(
            "{} and {} are both {}; give one of them",
            other.label, member.label, ROLES[role]
        )));
    }
    found[role] = Some(if role % 2 == 0 {
        read_images(&mut member)?
    } else {
        read_labels(&mut member)?
    });
    Ok(())
}

fn pair(images: Content, labels: Content) -> Result<Split> {
    if images.count != labels.count {
        return Err(bad_data(format!(
            "{}: its header at byte 4 says {} labels, but {} has {} images; give files that belong together",
            labels.label, labels.count, images.label, images.count
        )));
    }
    Ok(Split {
        pixels: images.bytes,
        labels: labels.bytes,
    })
}

fn read_images(member: &mut Member<'_>) -> Result<Content> {
    let [count, height, width] = read_header(member, [0, 0, 8, 3], "images")?;
    for (side, value, at) in [("height", height, 8), ("width", width, 12)] {
        if !SIDES.contains(&value) {
            return Err(bad_data(format!(
                "{}: its header at byte {at} says a {side} of {value} pixels; {} to {} are expected",
                member.label,
                SIDES.start(),
                SIDES.end()
            )));
        }
    }
    // Neither factor can overflow: the sides are small by now.
    let bytes = read_body(
        member,
        u64::from(count) * u64::from(height) * u64::from(width),
    )?;
    Ok(Content {
        label: member.label.clone(),
        height,
        width,
        count: count as usize,
        bytes,
    })
}

fn read_labels(member: &mut Member<'_>) -> Result<Content> {
    let [count] = read_header(member, [0, 0, 8, 1], "labels")?;
    let bytes = read_body(member, u64::from(count))?;
    if let Some(i) = bytes.iter().position(|&label| label > 9) {
        return Err(bad_data(format!(
            "{}: the label at byte {} is {}; 0 to 9 are expected",
            member.label,
            i + 8,
            bytes[i]
        )));
    }
    Ok(Content {
        label: member.label.clone(),
        height: 0,
        width: 0,
        count: count as usize,
        bytes,
    })
}

/// The magic number and the sizes that follow it, the first of them checked to be above 0.
fn read_header<const N: usize>(
    member: &mut Member<'_>,
    magic: [u8; 4],
    what: &str,
) -> Result<[u32; N]> {
    let mut found = [0; 4];
    let n = member.fill(&mut found)?;
    if found != magic || n < 4 {
        return Err(bad_data(format!(
            "{} is no IDX file of {what}: it begins with {} at byte 0; {} is expected",
            member.label,
            archive::hex(&found[..n]),
            archive::hex(&magic)
        )));
    }
    let mut sizes = [0; N];
    for size in &mut sizes {
        let mut word = [0; 4];
        if member.fill(&mut word)? < 4 {
            return Err(bad_data(format!(
                "{} is cut short: it ends at byte {}, inside its header of {} bytes; download it again",
                member.label,
                member.offset,
                4 + 4 * N
            )));
        }
        *size = u32::from_be_bytes(word);
    }
    if sizes[0] == 0 {
        return Err(bad_data(format!(
            "{}: its header at byte 4 says 0 {what}; at least one is expected",
            member.label
        )));
    }
    Ok(sizes)
}

/// Exactly `len` bytes, and then the end of the file.
fn read_body(member: &mut Member<'_>, len: u64) -> Result<Vec<u8>> {
    let start = member.offset;
    if len > MAX_FILE {
        return Err(bad_data(format!(
            "{}: its header (bytes 4 to {start}) promises {len} bytes; at most {MAX_FILE} are expected",
            member.label
        )));
    }
    let expected = start + len;
    let label = member.label.clone();
    let differs = |found: String| {
        bad_data(format!(
            "{label} {found}, but its header (bytes 4 to {start}) promises {expected} bytes in all; download it again"
        ))
    };
    if let Some(size) = member.size.filter(|&size| size != expected) {
        return Err(differs(format!("ends at byte {size}")));
    }
    let mut bytes = Vec::new();
    if (member.append(&mut bytes, len as usize)? as u64) < len {
        return Err(differs(format!("ends at byte {}", member.offset)));
    }
    if member.fill(&mut [0])? > 0 {
        return Err(differs(format!("goes on past byte {expected}")));
    }
    Ok(bytes)
}
