use super::*;
use crate::server::Server;
use crate::stamp;
use axum::Router;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::net::TcpListener;
use tower_http::services::ServeDir;

fn cifar_records(count: usize) -> Vec<u8> {
    vec![7; 3073 * count]
}

/// An archive laid out like the official one, with files of so many records.
fn write_archive(path: &Path, files: &[(&str, usize)]) -> Result<()> {
    let mut archive = tar::Builder::new(GzEncoder::new(File::create(path)?, Compression::fast()));
    for (name, count) in files {
        let bytes = cifar_records(*count);
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len())?);
        header.set_mode(0o644);
        archive.append_data(
            &mut header,
            format!("cifar-10-batches-bin/{name}"),
            bytes.as_slice(),
        )?;
    }
    archive.into_inner()?.finish()?.flush()?;
    Ok(())
}

fn names_in(folder: &Path) -> Result<Vec<String>> {
    let mut names = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn message(result: Result<()>) -> String {
    result
        .err()
        .map(|error| format!("{error:#}"))
        .unwrap_or_default()
}

#[test]
fn a_folder_with_a_subset_is_copied() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (source, data) = (folder.path().join("source"), folder.path().join("data"));
    fs::create_dir_all(source.join("cifar-10-batches-bin"))?;
    let file = source.join("cifar-10-batches-bin/test_batch.bin");
    fs::write(file, cifar_records(3))?;
    copy_all(Dataset::Cifar10, &source, &data)?;
    assert_eq!(fs::read(data.join("test_batch.bin"))?, cifar_records(3));
    assert_eq!(names_in(&data)?, ["test_batch.bin"]);
    Ok(())
}

#[test]
fn a_broken_file_is_refused_and_the_good_one_it_would_replace_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (source, data) = (folder.path().join("source"), folder.path().join("data"));
    fs::create_dir_all(&source)?;
    fs::create_dir_all(&data)?;
    fs::write(source.join("test_batch.bin"), [7; 3000])?;
    fs::write(data.join("test_batch.bin"), cifar_records(1))?;
    let message = message(copy_all(Dataset::Cifar10, &source, &data));
    assert!(message.starts_with("test_batch.bin"), "{message}");
    assert_eq!(fs::read(data.join("test_batch.bin"))?, cifar_records(1));
    assert_eq!(names_in(&data)?, ["test_batch.bin"]);
    Ok(())
}

#[test]
fn a_folder_without_the_files_is_an_error_that_says_what_is_looked_for() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let message = message(copy_all(
        Dataset::Mnist,
        folder.path(),
        &folder.path().join("data"),
    ));
    assert!(message.contains("-images-idx3-ubyte"), "{message}");
    Ok(())
}

#[test]
fn an_archive_in_a_folder_is_unpacked() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    write_archive(
        &folder.path().join(CIFAR_ARCHIVE),
        &[
            ("data_batch_1.bin", 2),
            ("test_batch.bin", 1),
            ("readme.html", 1),
        ],
    )?;
    copy_all(Dataset::Cifar10, folder.path(), &data)?;
    assert_eq!(names_in(&data)?, ["data_batch_1.bin", "test_batch.bin"]);
    assert_eq!(fs::read(data.join("data_batch_1.bin"))?, cifar_records(2));
    Ok(())
}

#[test]
fn the_form_copied_last_replaces_the_other_form() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (source, data) = (folder.path().join("source"), folder.path().join("data"));
    let labels = [0, 0, 8, 1, 0, 0, 0, 1, 5];
    fs::create_dir_all(&source)?;
    fs::write(source.join("t10k-labels-idx1-ubyte"), labels)?;
    stamp::write(&data.join("t10k-labels-idx1-ubyte.gz"), "an older one")?;
    stamp::write(&data.join("train-labels-idx1-ubyte.gz"), "another")?;
    copy_all(Dataset::Mnist, &source, &data)?;
    assert_eq!(
        names_in(&data)?,
        ["t10k-labels-idx1-ubyte", "train-labels-idx1-ubyte.gz"]
    );
    Ok(())
}

#[test]
fn a_mirror_that_has_other_files_is_refused_and_nothing_of_them_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mirror, data) = (folder.path().join("mirror"), folder.path().join("data"));
    stamp::write(&mirror.join("train-images-idx3-ubyte.gz"), "something else")?;
    fs::create_dir_all(&data)?;
    write_archive(&mirror.join(CIFAR_ARCHIVE), &[("test_batch.bin", 1)])?;
    let server = Server::start(
        Router::new().fallback_service(ServeDir::new(&mirror)),
        TcpListener::bind("127.0.0.1:0")?,
    )?;
    for dataset in [Dataset::FashionMnist, Dataset::Cifar10] {
        let message = message(download_all(dataset, Some(&server.url()), &data));
        assert!(message.contains("not the official file"), "{message}");
        assert!(names_in(&data)?.is_empty());
    }
    Ok(())
}

#[test]
fn an_unpacked_official_archive_must_hold_the_official_files() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join(CIFAR_ARCHIVE);
    write_archive(&archive, &[("test_batch.bin", 1)])?;
    let message = message(unpack(&archive, folder.path(), OnMismatch::Fail));
    assert!(message.contains("not the official file"), "{message}");
    assert_eq!(names_in(folder.path())?, [CIFAR_ARCHIVE]);
    Ok(())
}
