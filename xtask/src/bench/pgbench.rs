//! PostgreSQL's own measure of itself, TPC-B, on the server the product was measured on.

use serde_json::Value;

use super::{after, line};
use crate::failure::Failure;
use crate::postgres::Private;
use crate::process;

/// Rows of the benchmark's tables, in hundreds of thousands.
const SCALE: &str = "20";
/// Connections; more than cores, so that waiting for the disk is shared.
const CLIENTS: &str = "16";
/// Length of the measurement, seconds.
const SECONDS: &str = "15";

/// Transactions a second.
///
/// # Errors
/// pgbench does not run.
pub fn run(database: &Private) -> Result<Value, Failure> {
    let mut make = database.client("createdb");
    process::read(make.arg("pgbench"))?;
    let mut fill = database.client("pgbench");
    process::read(fill.args(["--initialize", "--quiet", "--scale", SCALE, "pgbench"]))?;
    let mut measure = database.client("pgbench");
    measure.args(["--client", CLIENTS, "--jobs", "2", "--time", SECONDS, "--protocol", "prepared"]);
    let text = process::read(measure.arg("pgbench"))?;
    Ok(line("pgbench TPC-B", "transactions_per_second", (after(&text, "tps = ")?, "1/s")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_its_report() {
        let text = "number of failed transactions: 0 (0.000%)\nlatency average = 1.2 ms\n\
            tps = 812.345678 (without initial connection time)\n";
        assert_eq!(after(text, "tps = ").unwrap(), 812.345678);
        assert!(after("nothing", "tps = ").is_err());
    }
}
