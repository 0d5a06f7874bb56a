//! `cargo xtask test`: every check, cheapest first, with a table of results at the end.

use crate::project::Project;
use crate::steps::Step;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::collections::HashSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(Args, Debug)]
pub struct Arguments {
    /// Run these steps only.
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<Step>,
    /// List the steps and run none.
    #[arg(long)]
    list: bool,
}

/// How one step ended.
struct Outcome {
    step: Step,
    time: Duration,
    error: Option<String>,
}

pub fn run(project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let steps: Vec<Step> = Step::value_variants()
        .iter()
        .copied()
        .filter(|step| arguments.only.is_empty() || arguments.only.contains(step))
        .collect();
    if arguments.list {
        for step in steps {
            println!("{:<20}{}", step.name(), step.description());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let outcomes = run_all(&steps, |step| step.run(project));
    Ok(if report(&outcomes) == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Runs the steps in order. One that needs a failed one fails without being tried.
fn run_all(steps: &[Step], mut run: impl FnMut(Step) -> Result<()>) -> Vec<Outcome> {
    let mut failed = HashSet::new();
    let mut outcomes = Vec::new();
    for &step in steps {
        println!("\n== {}: {}", step.name(), step.description());
        let start = Instant::now();
        let result = match step.needs().filter(|needed| failed.contains(needed)) {
            Some(needed) => Err(anyhow::anyhow!("not run, since {} failed", needed.name())),
            None => run(step),
        };
        let time = start.elapsed();
        let error = result.err().map(|error| format!("{error:#}"));
        match &error {
            None => println!("== {} passed in {}", step.name(), seconds(time)),
            Some(error) => {
                failed.insert(step);
                println!("== {} FAILED after {}: {error}", step.name(), seconds(time));
            }
        }
        outcomes.push(Outcome { step, time, error });
    }
    outcomes
}

/// Prints the table and returns how many steps failed.
fn report(outcomes: &[Outcome]) -> usize {
    println!();
    for Outcome { step, time, error } in outcomes {
        let result = if error.is_none() { "passed" } else { "FAILED" };
        println!("{:<20}{result:<8}{:>10}", step.name(), seconds(*time));
    }
    let total = outcomes.iter().map(|outcome| outcome.time).sum();
    println!("{:<28}{:>10}", "", seconds(total));
    let failed = outcomes.iter().filter(|o| o.error.is_some()).count();
    println!("{} passed, {failed} failed", outcomes.len() - failed);
    failed
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn a_failure_stops_what_needs_it_and_nothing_else() {
        let mut tried = Vec::new();
        let outcomes = run_all(
            &[Step::Fmt, Step::Bundles, Step::Budget, Step::WasmChromeCpu],
            |step| {
                tried.push(step);
                if step == Step::Bundles {
                    bail!("it does not compile");
                }
                Ok(())
            },
        );
        assert_eq!(tried, [Step::Fmt, Step::Bundles, Step::WasmChromeCpu]);
        assert_eq!(report(&outcomes), 2);
    }

    #[test]
    fn what_a_step_needs_comes_before_it() {
        let order = Step::value_variants();
        let place = |step| order.iter().position(|&other| other == step);
        for &step in order {
            if let Some(needed) = step.needs() {
                assert!(place(needed) < place(step), "{}", step.name());
            }
        }
    }
}
