//! A session driven from a program: one command at a time, each until what it leads to is measured.

#![allow(dead_code)]

use burn::tensor::Device;
use pruning_playground::config::RunConfig;
use pruning_playground::data::{self, Dataset, DatasetId, NamedFile};
use pruning_playground::files::export::ExportFormat;
use pruning_playground::protocol::{Bulk, Command, Event, Message, Point};
use pruning_playground::session::Session;
use std::path::{Path, PathBuf};

pub type Failure = Box<dyn std::error::Error>;

pub struct Driver {
    session: Session,
    /// The number of the last command.
    last: u32,
    test_images: u32,
}

/// A point with the checkpoint to go back to.
pub struct Outcome {
    pub point: Point,
    pub checkpoint: Vec<u8>,
}

impl Driver {
    pub fn new() -> Self {
        Self {
            session: Session::new(Device::flex()),
            last: 0,
            test_images: 0,
        }
    }

    /// Carries out `command` to its end.
    pub fn send(&mut self, command: Command, bulk: Bulk) -> Result<Vec<Message>, Failure> {
        self.last += 1;
        let id = self.last;
        let mut all = checked(pollster::block_on(self.session.apply(id, command, bulk)))?;
        let is_end = |m: &Message| m.command == id && m.event == Event::Done;
        while !all.iter().any(is_end) {
            all.extend(checked(pollster::block_on(self.session.advance()))?);
        }
        Ok(all)
    }

    /// Carries out `command` and waits for the point that it leads to, over the whole test set.
    /// `on_steps` hears of the steps left and the loss.
    pub fn measured(
        &mut self,
        command: Command,
        on_steps: impl Fn(u32, f32),
    ) -> Result<Outcome, Failure> {
        let mut messages = self.send(command, Bulk::default())?;
        let mut checkpoint = Vec::new();
        loop {
            for Message { event, bulk, .. } in messages {
                match event {
                    Event::Trained {
                        loss,
                        remaining: Some(left),
                        ..
                    } => on_steps(left, loss),
                    Event::Point(point) => {
                        checkpoint = bulk.checkpoint.unwrap_or(checkpoint);
                        if point.test.samples == self.test_images {
                            return Ok(Outcome { point, checkpoint });
                        }
                    }
                    _ => {}
                }
            }
            if !self.session.busy() {
                return Err("the session told of no point".into());
            }
            messages = checked(pollster::block_on(self.session.advance()))?;
        }
    }

    /// Carries out `command` and all that it leaves to do.
    pub fn settle(
        &mut self,
        command: Command,
        mut on_event: impl FnMut(Event),
    ) -> Result<(), Failure> {
        let mut messages = self.send(command, Bulk::default())?;
        loop {
            messages.into_iter().for_each(|m| on_event(m.event));
            if !self.session.busy() {
                return Ok(());
            }
            messages = checked(pollster::block_on(self.session.advance()))?;
        }
    }

    /// The network in hand as a file: without its removed filters, its batch normalisation folded.
    pub fn export(
        &mut self,
        format: ExportFormat,
        (compacted, fold): (bool, bool),
    ) -> Result<Vec<u8>, Failure> {
        let command = Command::Export {
            format,
            compacted,
            fold,
            recipe: None,
        };
        let mut messages = self.send(command, Bulk::default())?;
        loop {
            if let Some(file) = messages.into_iter().find_map(|m| m.bulk.file) {
                return Ok(file);
            }
            if !self.session.busy() {
                return Err("the session made no file".into());
            }
            messages = checked(pollster::block_on(self.session.advance()))?;
        }
    }

    pub fn restore(&mut self, checkpoint: &[u8]) -> Result<(), Failure> {
        let bulk = Bulk {
            checkpoint: Some(checkpoint.to_vec()),
            ..Default::default()
        };
        self.send(Command::Restore { run_id: 1 }, bulk).map(drop)
    }

    /// Begins the run; steps in an epoch.
    pub fn configure(&mut self, config: RunConfig, data: Option<&Path>) -> Result<u32, Failure> {
        let batch = config.batch;
        let messages = if config.dataset.needs_files() {
            let folder =
                data.ok_or("this data set comes from files: give their folder with --data")?;
            let paths = files_of(config.dataset, folder)?;
            let names = paths
                .iter()
                .map(|p| p.to_string_lossy().into_owned())
                .collect();
            let files = paths.iter().map(std::fs::read).collect::<Result<_, _>>()?;
            let command = Command::LoadFiles {
                run_id: 1,
                config,
                names,
            };
            self.send(
                command,
                Bulk {
                    files: Some(files),
                    ..Default::default()
                },
            )?
        } else {
            self.send(Command::Configure { run_id: 1, config }, Bulk::default())?
        };
        for message in messages {
            if let Event::Configured { dataset, .. } = message.event {
                self.test_images = dataset.test;
                return Ok((dataset.train / batch).max(1));
            }
        }
        Err("the session did not begin".into())
    }
}

/// A data set, read from the files in `folder` where it comes from files.
pub fn load(id: DatasetId, folder: Option<&Path>) -> Result<Dataset, Failure> {
    match id {
        DatasetId::Digits => return Ok(data::digits()?),
        DatasetId::Shapes => return Ok(data::shapes(RunConfig::default().noise, 1)),
        _ => {}
    }
    let folder = folder.ok_or("this data set comes from files: give their folder with --data")?;
    let paths = files_of(id, folder)?;
    let files = paths
        .iter()
        .map(|path| Ok((path.to_string_lossy().into_owned(), std::fs::read(path)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    let named: Vec<NamedFile<'_>> = files
        .iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    Ok(data::from_files(id, &named)?)
}

fn checked(messages: Vec<Message>) -> Result<Vec<Message>, Failure> {
    for message in &messages {
        if let Event::Error { message, .. } = &message.event {
            return Err(message.clone().into());
        }
    }
    Ok(messages)
}

/// Files of `folder` and of the folders in it.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let list = |folder: &Path| -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect()
    };
    let mut files = Vec::new();
    for path in list(folder)? {
        if path.is_dir() {
            files.extend(list(&path)?.into_iter().filter(|p| p.is_file()));
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The files of `folder` that lie in a folder of the data set's name, or directly in it.
fn files_of(dataset: DatasetId, folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = files_in(folder)?;
    let of = |path: &Path| {
        path.parent()
            .and_then(Path::file_name)
            .is_some_and(|name| name.to_string_lossy().starts_with(dataset.name()))
    };
    if files.iter().any(|p| of(p)) {
        files.retain(|p| of(p));
    }
    Ok(files)
}
