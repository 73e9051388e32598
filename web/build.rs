//! Registers the committed schema, so that every query of the page is checked against it.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=../server/schema.graphql");
    cynic_codegen::register_schema("reelmill")
        .from_sdl_file("../server/schema.graphql")?
        .as_default()?;
    Ok(())
}
