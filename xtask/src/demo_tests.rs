use super::*;
use crate::stamp;
use clap::Parser;
use serde_json::json;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    arguments: Arguments,
}

fn arguments(line: &[&str]) -> Result<Arguments> {
    Ok(Line::try_parse_from([&["demo"], line].concat())?.arguments)
}

#[test]
fn without_arguments_the_demo_is_digits_on_the_cpu_for_five_epochs() -> Result<()> {
    let plan = plan(
        &arguments(&[])?,
        granularity(&arguments(&[])?)?,
        "http://127.0.0.1:1/".into(),
        "/c".into(),
        vec![],
    )?;
    assert_eq!(
        serde_json::to_value(plan)?,
        json!({
            "url": "http://127.0.0.1:1/", "chromium": "/c", "dataset": "digits", "files": [],
            "backend": "cpu", "epochs": 5, "widths": [8, 16], "criterion": "magnitude",
            "scope": "global", "granularity": "weight", "scoreBatch": 256, "seed": 1,
        })
    );
    Ok(())
}

#[test]
fn a_network_is_named_as_on_the_page_and_has_no_widths() -> Result<()> {
    for (name, fits) in [
        ("lenet-300-100", true),
        ("conv-2/8", true),
        ("conv-2/3", false),
        ("c3-8 r f", false),
        ("", false),
    ] {
        assert_eq!(arguments(&["--net", name]).is_ok(), fits, "{name}");
    }
    assert!(arguments(&["--net", "conv-2", "--widths", "4,4"]).is_err());
    let named = arguments(&["--net", "conv-2/8"])?;
    let plan = plan(
        &named,
        granularity(&named)?,
        String::new(),
        "/c".into(),
        vec![],
    )?;
    assert_eq!(serde_json::to_value(plan)?["network"], json!("conv-2/8"));
    Ok(())
}

#[test]
fn a_criterion_of_filters_cuts_filters_and_nothing_else() -> Result<()> {
    let cut = |line: &[&str]| granularity(&arguments(line)?);
    assert_eq!(cut(&["--criterion", "fpgm"])?, Granularity::Filter);
    assert_eq!(cut(&["--criterion", "taylor"])?, Granularity::Weight);
    let two_of_four = cut(&["--criterion", "synflow", "--granularity", "2:4"])?;
    assert_eq!(two_of_four, Granularity::TwoOfFour);
    assert!(cut(&["--criterion", "fpgm", "--granularity", "weight"]).is_err());
    assert!(arguments(&["--score-batch", "100001"]).is_err());
    let compared = |line: &[&str]| anyhow::Ok(scope(&arguments(line)?, cut(line)?));
    assert_eq!(compared(&["--criterion", "fpgm"])?, Scope::Layer);
    assert_eq!(compared(&["--granularity", "2:4"])?, Scope::Global);
    let named = ["--criterion", "fpgm", "--scope", "global"];
    assert_eq!(compared(&named)?, Scope::Global);
    Ok(())
}

#[test]
fn a_recipe_is_an_existing_file_of_json_and_trains_for_its_own_time() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("recipe.json");
    assert!(check_recipe(&file).is_err());
    for (text, fits) in [("{", false), ("[]", false), ("{\"name\": \"r\"}", true)] {
        stamp::write(&file, text)?;
        assert_eq!(check_recipe(&file).is_ok(), fits, "{text}");
    }
    let named = arguments(&["--recipe", "a.json"])?;
    let plan = plan(
        &named,
        granularity(&named)?,
        String::new(),
        "/c".into(),
        vec![],
    )?;
    assert!(plan.recipe.is_some_and(|path| path.is_absolute()));
    assert!(arguments(&["--recipe", "a.json", "--epochs", "3"]).is_err());
    Ok(())
}

#[test]
fn files_are_found_below_the_folder_named_and_passed_as_absolute_paths() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let project = Project {
        root: folder.path().into(),
        target: folder.path().join("target"),
    };
    let file = folder
        .path()
        .join("sets/fashion-mnist/t10k-labels-idx1-ubyte.gz");
    stamp::write(&file, "")?;
    let data = folder.path().join("sets");
    let line = ["--dataset", "fashion-mnist", "--data"];
    let named = arguments(&[&line[..], &[&data.to_string_lossy()]].concat())?;
    assert_eq!(files(&project, &named)?, [file]);
    let unnamed = files(&project, &arguments(&line[..2])?);
    let message = unnamed
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(message.contains("fetch-data fashion-mnist"), "{message}");
    Ok(())
}

#[test]
fn a_folder_for_a_built_in_data_set_is_a_mistake_worth_telling() -> Result<()> {
    let project = Project {
        root: "/".into(),
        target: "/target".into(),
    };
    assert!(files(&project, &arguments(&["--data", "/"])?).is_err());
    Ok(())
}
