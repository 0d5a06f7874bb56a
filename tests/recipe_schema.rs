//! `docs/recipe.schema.json` says exactly what `src/prune/recipe.rs` says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use pruning_playground::prune::recipe::Recipe;

#[test]
fn the_schema_of_recipes_is_that_of_the_type() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/recipe.schema.json");
    let now = serde_json::to_string_pretty(&schemars::schema_for!(Recipe)).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_PROTOCOL").is_some() {
        std::fs::write(path, &now).expect("the folder exists");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == now,
        "docs/recipe.schema.json is stale: run UPDATE_PROTOCOL=1 cargo test --test recipe_schema"
    );
}

#[test]
fn the_recipes_that_come_with_the_playground_are_valid() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/recipes");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("text");
        let recipe: Recipe =
            serde_json::from_str(&text).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        recipe
            .validate()
            .unwrap_or_else(|e| panic!("{path:?}: {e}"));
        count += 1;
    }
    assert!(count >= 5);
}
