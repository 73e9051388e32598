//! Bulk parameters mean the same on both databases.

use sea_orm::{ConnectionTrait as _, Value};
use server::db::bulk::Rows;
use server::db::dialect::statement;
use uuid::Uuid;

use crate::harness::database::Database;

crate::harness::both!(bulk_rows_arrive_as_sent);

async fn bulk_rows_arrive_as_sent(database: Database) {
    let connection = database.db.reader();
    let ids = vec![Uuid::from_u128(1), Uuid::from_u128(2)];
    let texts = vec![String::from("引号\" and \\ and \n"), String::from("':%{pts}\\;[in]")];
    let rows = Rows::new()
        .ids("a", ids.clone())
        .maybe_ids("b", vec![None, Some(Uuid::from_u128(9))])
        .ints("c", vec![i64::MAX, -5])
        .maybe_ints("d", vec![Some(3), None])
        .texts("e", texts.clone())
        .maybe_texts("f", vec![None, Some(String::new())])
        .json("g", vec![String::from("{\"k\":\"v\"}"), String::from("[]")])
        .bytes("h", vec![vec![0, 255], vec![]]);
    let mut values: Vec<Value> = Vec::new();
    let source = rows.source(connection.get_database_backend(), &mut values);
    let sql = format!("SELECT * FROM {source} ORDER BY r.a");
    let found =
        connection.query_all_raw(statement(connection, sql, values)).await.expect("a result");
    assert_eq!(found.len(), 2);
    for (place, row) in found.iter().enumerate() {
        assert_eq!(row.try_get::<Uuid>("", "a").expect("a"), ids[place]);
        assert_eq!(row.try_get::<String>("", "e").expect("e"), texts[place]);
        assert_eq!(row.try_get::<i64>("", "c").expect("c"), [i64::MAX, -5][place]);
        assert_eq!(row.try_get::<Option<i64>>("", "d").expect("d"), [Some(3), None][place]);
        assert_eq!(
            row.try_get::<Option<String>>("", "f").expect("f"),
            [None, Some(String::new())][place]
        );
        assert_eq!(
            row.try_get::<Option<Uuid>>("", "b").expect("b"),
            [None, Some(Uuid::from_u128(9))][place]
        );
        assert_eq!(row.try_get::<Vec<u8>>("", "h").expect("h"), [vec![0, 255], vec![]][place]);
    }
}
